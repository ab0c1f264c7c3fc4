/** What becomes of a batch that a destination does not take now. */

/** So long after each failure a batch is tried again; after as many more it is given up. */
export type RetryPolicy = readonly number[] | 'keep until delivered';

/**
 * Of the Log Analytics agent for Linux: half a minute doubling to sixteen, six retries, then the
 * chunk is discarded.
 * Source: Log Analytics agent for Linux troubleshooting, "buffering", as kept in product notes.
 */
export const LEGACY_RETRIES: RetryPolicy = [30, 60, 120, 240, 480, 960].map((s) => s * 1_000);

/** In the ledger, for what is given up. */
export const GIVEN_UP = 'not delivered within its retries';
