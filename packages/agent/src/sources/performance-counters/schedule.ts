/**
 * Moments that are multiples of a period on the wall clock: every minute at the full minute, on
 * every machine the same.
 */
import type { Clock } from '../../host/clock.ts';

/** The first one after a moment. */
function nextMoment(nowMs: number, periodMs: number): number {
  return (Math.floor(nowMs / periodMs) + 1) * periodMs;
}

/**
 * Resolves at the next one, or when the signal aborts. However late it is asked, as after a slow
 * sample or a suspended machine, it is the next one from now: none is made up for, so they neither
 * drift nor come in a burst. A clock that is set back does not make it wait for more than a period.
 */
export async function nextDue(clock: Clock, periodMs: number, signal: AbortSignal): Promise<void> {
  let dueMs = nextMoment(clock.now(), periodMs);
  while (!signal.aborted) {
    const waitMs = dueMs - clock.now();
    if (waitMs <= 0) return;
    // A timer may end a little before the wall clock is there, which is no moment of its own.
    if (waitMs <= periodMs) await clock.sleep(waitMs, signal);
    else dueMs = nextMoment(clock.now(), periodMs);
  }
}
