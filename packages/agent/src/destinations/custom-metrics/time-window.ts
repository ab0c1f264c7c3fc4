/**
 * How late metrics may be. Source: Azure Monitor, custom metrics: "no more than 20 minutes in the
 * past"; what the service says itself when it refuses older ones has been seen to differ, so this
 * is one edit away.
 */

const MINUTE_MS = 60_000;
const AGE_MAX_MS = 20 * MINUTE_MS;

/** Reason in the ledger. */
export const TOO_OLD = 'metrics older than 20 minutes';

/** `createdAtMs`: when the first of some minutes was over. */
export function isTooOld(createdAtMs: number, nowMs: number): boolean {
  return nowMs - (createdAtMs - MINUTE_MS) > AGE_MAX_MS;
}
