/** How long a lane waits after a failure. Pure; chance comes in as an argument. */

export interface BackoffRange {
  /** Least wait, and the base of the growth. */
  readonly minMs: number;
  readonly maxMs: number;
  /** Of the bound, from one failure to the next. */
  readonly growth: number;
}

/**
 * The service or the network will recover by itself, and that is to be noticed soon: a backlog
 * should not wait longer for its turn than it takes to drain. So a wait is about a quarter of the
 * time it has lasted by then. One request in half a minute hurts no service, and one that it does
 * hurt asks for more by `Retry-After`.
 */
export const TRANSIENT: BackoffRange = { minMs: 1_000, maxMs: 30_000, growth: 1.3 };
/** Someone has to act: assign a role, correct a URL. */
export const HELD: BackoffRange = { minMs: 15_000, maxMs: 300_000, growth: 2 };

/**
 * Exponential with full jitter: anything up to a bound that grows with each failure, so that a
 * thousand agents do not come back together.
 *
 * `failures`: in a row, this one included. `random`: uniform in [0, 1).
 */
export function backoffMs(range: BackoffRange, failures: number, random: number): number {
  const bound = Math.min(range.maxMs, 2 * range.minMs * range.growth ** (failures - 1));
  return Math.round(Math.max(range.minMs, bound * random));
}
