/** Asks a running agent for its status. */
import type { AgentStatus } from '../health/status.ts';
import { askAgent, refusalOf } from './ask-agent.ts';

const ANSWER_MS_MAX = 10_000;

/** Rejects with a sentence for people when no agent answers there, or with nonsense. */
export async function askStatus(socketPath: string): Promise<AgentStatus> {
  const asked = { method: 'GET', path: '/status', timeoutMs: ANSWER_MS_MAX } as const;
  const answer = await askAgent(socketPath, asked);
  if (answer.status !== 200 || !Array.isArray(answer.body.ledger)) throw refusalOf(answer);
  return answer.body as unknown as AgentStatus;
}
