/** Looks at the agent now and then, and has told what an operator should know. */
import { isAgentError, reasonOf } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { conditionsOf } from './conditions.ts';
import { DropWatch } from './new-drops.ts';
import type { OperationsLog } from './operations-log.ts';
import type { AgentStatus } from './status.ts';

/** A status costs about as much as a hundred records. */
const LOOK_MS = 10_000;

export interface WatchedAgent {
  readonly host: Pick<Host, 'clock' | 'log'>;
  readonly operations: OperationsLog;
  status(): AgentStatus;
}

/** Resolves when the signal aborts. */
export async function watchOperations(agent: WatchedAgent, signal: AbortSignal): Promise<void> {
  const { host, operations } = agent;
  const drops = new DropWatch();
  while (!signal.aborted) {
    try {
      const status = agent.status();
      const [epochMs, monotonicMs] = [host.clock.now(), host.clock.monotonic()];
      const lost = drops.look(status.ledger, { epochMs, monotonicMs });
      operations.observe(conditionsOf(status, lost, (key) => operations.isOn(key)));
    } catch (error) {
      // A disk that cannot be read just now; whoever needs it says so.
      if (!isAgentError(error)) throw error;
      host.log.debug({ reason: reasonOf(error) }, 'the agent cannot be looked at now');
    }
    await host.clock.sleep(LOOK_MS, signal);
  }
}
