/**
 * Moments that are multiples of a period on the wall clock: every minute at the full minute, on
 * every machine the same.
 */
import type { Clock } from '../../host/clock.ts';

/** The first one after a moment. */
function nextMoment(nowMs: number, periodMs: number): number {
  return (Math.floor(nowMs / periodMs) + 1) * periodMs;
}

/** A clock that is set back by more than this part of a period is believed at once. */
const SET_BACK = 0.5;

/**
 * Resolves at the next one, with that moment, or when the signal aborts. `lastMs` is the moment
 * that was due before, which does not come twice when the clock is corrected by a little.
 *
 * However late it is asked, as after a slow sample or a suspended machine, it is the next one from
 * now: none is made up for, so they neither drift nor come in a burst. A clock that is set back
 * does not make it wait for more than one and a half periods.
 */
export async function nextDue(
  clock: Clock,
  periodMs: number,
  signal: AbortSignal,
  lastMs: number = Number.NEGATIVE_INFINITY,
): Promise<number> {
  let dueMs = nextMoment(Math.max(clock.now(), lastMs), periodMs);
  while (!signal.aborted) {
    const waitMs = dueMs - clock.now();
    if (waitMs <= 0) break;
    // A timer may end a little before the wall clock is there, which is no moment of its own.
    if (waitMs <= (1 + SET_BACK) * periodMs) await clock.sleep(waitMs, signal);
    else dueMs = nextMoment(clock.now(), periodMs);
  }
  return dueMs;
}
