/** Requests to a running agent, over its control socket. */
import { type IncomingMessage, request } from 'node:http';

const ANSWER_BYTES_MAX = 64 * 1_048_576;

/** Why an agent that runs as somebody else says nothing. */
export const NOT_ALLOWED = 'only the user the agent runs as may ask it';

export interface AgentRequest {
  readonly method: 'GET' | 'POST';
  /** With its query. */
  readonly path: string;
  readonly timeoutMs: number;
}

export interface AgentAnswer {
  readonly status: number | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Rejects with a sentence for people when no agent answers there, or with nonsense. */
export async function askAgent(socketPath: string, asked: AgentRequest): Promise<AgentAnswer> {
  const signal = AbortSignal.timeout(asked.timeoutMs);
  try {
    const response = await send(socketPath, asked, signal);
    return { status: response.statusCode, body: parseObject(await readText(response)) };
  } catch (error) {
    if (signal.aborted) throw new Error(`no answer within ${asked.timeoutMs / 1_000} s`);
    throw new Error(sentenceOf(error as NodeJS.ErrnoException), { cause: error });
  }
}

/** What the agent says went wrong; or that it is none. */
export function refusalOf({ body }: AgentAnswer): Error {
  return new Error(typeof body.error === 'string' ? body.error : 'this is not an agent');
}

function send(
  socketPath: string,
  { method, path }: AgentRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ socketPath, method, path, signal }, resolve).once('error', reject).end();
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
  if (code === 'EACCES') return NOT_ALLOWED;
  if (code === 'ECONNRESET') return 'the agent ended, or broke off, before it answered';
  if (code === 'EPIPE') return 'the agent is busy with others; ask again';
  if (code === 'ENOTSOCK') return 'this is not a socket';
  if (code?.startsWith('HPE_')) return 'this is not an agent';
  return message;
}
