/**
 * How late and how early metrics may be. Source: Azure Monitor, custom metrics: "no more than 20
 * minutes in the past or 5 minutes in the future"; what the service says itself when it refuses
 * others has been seen to differ, so this is one edit away.
 */

const MINUTE_MS = 60_000;
const AGE_MAX_MS = 20 * MINUTE_MS;
const AHEAD_MAX_MS = 5 * MINUTE_MS;

/** In the ledger. */
export type OutsideReason = 'metrics older than 20 minutes' | 'metrics more than 5 minutes ahead';

/**
 * Why the service takes a minute no more, or not yet; `undefined` for one that it takes, and when
 * the beginning is not known (`NaN`).
 */
export function whyOutside(startMs: number, nowMs: number): OutsideReason | undefined {
  if (nowMs - startMs > AGE_MAX_MS) return 'metrics older than 20 minutes';
  if (startMs - nowMs > AHEAD_MAX_MS) return 'metrics more than 5 minutes ahead';
  return undefined;
}
