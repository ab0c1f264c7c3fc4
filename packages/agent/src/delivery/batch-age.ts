/** How long a batch has been waiting, for decisions that cost records when they are wrong. */
import type { Clock } from '../host/clock.ts';

/**
 * Ages in milliseconds, from the epoch time of a batch's creation. A jump of the calendar makes
 * nothing old: what counts is the earlier of the time it is and the time it would be, had it
 * gone on from now without one.
 */
export function createBatchAge(clock: Clock): (createdAtMs: number) => number {
  const startMs = clock.now() - clock.monotonic();
  return (createdAtMs) => Math.min(clock.now(), startMs + clock.monotonic()) - createdAtMs;
}
