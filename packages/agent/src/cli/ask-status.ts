/** Asks a running agent for its status, over its control socket. */
import { type IncomingMessage, request } from 'node:http';
import type { AgentStatus } from '../health/status.ts';

const ANSWER_MS_MAX = 10_000;
const ANSWER_BYTES_MAX = 64 * 1_048_576;

/** Rejects with a sentence for people when no agent answers there, or with nonsense. */
export async function askStatus(socketPath: string): Promise<AgentStatus> {
  const signal = AbortSignal.timeout(ANSWER_MS_MAX);
  try {
    const response = await ask(socketPath, signal);
    const answer = parseObject(await readText(response));
    if (response.statusCode === 200 && Array.isArray(answer.ledger)) {
      return answer as unknown as AgentStatus;
    }
    throw new Error(typeof answer.error === 'string' ? answer.error : 'this is not an agent');
  } catch (error) {
    if (signal.aborted) throw new Error(`no answer within ${ANSWER_MS_MAX / 1_000} s`);
    throw new Error(sentenceOf(error as NodeJS.ErrnoException), { cause: error });
  }
}

function ask(socketPath: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path: '/status', signal }, resolve).once('error', reject).end();
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error('the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return { ...(JSON.parse(text) as object) };
  } catch {
    return {};
  }
}

function sentenceOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such socket';
  if (code === 'ECONNREFUSED') return 'nobody answers; the agent that opened it is gone';
  if (code === 'EACCES') return 'only the user the agent runs as may ask it';
  if (code === 'EPIPE') return 'the agent is busy with others; ask again';
  if (code === 'ENOTSOCK') return 'this is not a socket';
  if (code?.startsWith('HPE_')) return 'this is not an agent';
  return message;
}
