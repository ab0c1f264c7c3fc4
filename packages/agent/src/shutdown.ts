/**
 * How an agent ends: rules first, then sources, then what they gave, then everything else. What
 * could not be delivered in time stays in the buffer.
 */
import type { DurableBuffer } from './buffer/durable-buffer.ts';
import type { Delivery } from './delivery/delivery.ts';
import { reasonOf } from './errors.ts';
import type { ControlSocket } from './health/control-socket.ts';
import type { Host } from './host/host.ts';
import type { RulesInForce } from './rules-in-force.ts';

export interface RunningParts {
  readonly host: Host;
  readonly buffer: DurableBuffer;
  readonly delivery: Delivery;
  readonly rules: RulesInForce;
  readonly socket: ControlSocket;
  /** Ends the rule feed, and profiles early, while rules still tell what is collected. */
  readonly feedLife: AbortController;
  /** Ends everything that runs by itself, requests included. */
  readonly life: AbortController;
  /** Resolves when the feed and all else that runs by itself have ended. */
  readonly work: Promise<unknown>;
}

/** However little time there is for delivery, sources have this much to hand over their last. */
const SOURCES_MS_MIN = 5_000;
/** For what has been called off and only has to notice. */
const CALLED_OFF_MS_MAX = 2_000;

/**
 * Takes about `timeoutMs` when sources or destinations do not let go, less when they do. Every
 * step is carried out whatever became of the others; then rejects with the first failure.
 */
export async function shutDown(parts: RunningParts, timeoutMs: number): Promise<void> {
  const { host, buffer, delivery, rules, socket, feedLife, life, work } = parts;
  const endsAt = host.clock.monotonic() + timeoutMs;
  const remainingMs = (): number => Math.max(0, endsAt - host.clock.monotonic());
  host.log.info({}, 'the agent stops');
  // A rule that comes now would start sources that nobody stops.
  feedLife.abort();
  const within = async (ms: number, what: Promise<unknown>): Promise<void> => {
    const isDone = await isSettledWithin(ms, what, host.clock);
    if (!isDone) throw new Error(`not done within ${ms / 1_000} s`);
  };
  const steps: readonly (readonly [string, () => unknown])[] = [
    ['stop sources', () => within(Math.max(timeoutMs, SOURCES_MS_MIN), rules.stop())],
    ['seal batches', () => buffer.seal(0)],
    ['deliver what is pending', () => delivery.drain(remainingMs())],
    ['call off what is under way', () => life.abort()],
    ['stop delivery', () => within(CALLED_OFF_MS_MAX, delivery.stop())],
    ['end what runs by itself', () => within(CALLED_OFF_MS_MAX, work)],
    [
      'answer who still asks',
      () => isSettledWithin(CALLED_OFF_MS_MAX, socket.answered(), host.clock),
    ],
    ['close the control socket', () => socket.close()],
    ['close the buffer', () => buffer.close()],
    ['close the network', () => host.network.destroy()],
  ];
  const failures: unknown[] = [];
  for (const [step, carryOut] of steps) {
    try {
      await carryOut();
    } catch (error) {
      failures.push(error);
      host.log.error({ step, reason: reasonOf(error) }, 'a step of stopping failed');
    }
  }
  if (failures.length > 0) throw failures[0];
  host.log.info({}, 'the agent has stopped; what was not delivered is kept');
}

/** Rejects as the promise does. */
async function isSettledWithin(
  ms: number,
  promise: Promise<unknown>,
  clock: Host['clock'],
): Promise<boolean> {
  const settled = new AbortController();
  try {
    return await Promise.race([
      promise.then(() => true),
      clock.sleep(ms, settled.signal).then(() => false),
    ]);
  } finally {
    settled.abort();
  }
}
