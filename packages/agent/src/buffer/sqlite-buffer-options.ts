/** What can be chosen about a buffer on SQLite, and what is chosen where nobody says otherwise. */
import type { Host } from '../host/host.ts';

export interface SqliteBufferOptions {
  /** The state directory. Made, private to its owner, when it is missing. */
  readonly path: string;
  readonly host: Pick<Host, 'clock' | 'guid' | 'log'>;
  /** Of the whole state directory. */
  readonly quotaBytes?: number;
  /** Of one batch before compression; a single fragment may be larger. */
  readonly batchRawBytesMax?: number;
  readonly batchRecordsMax?: number;
  /** How long a full buffer holds sources back before it drops anything, milliseconds. */
  readonly dropAfterMs?: number;
  /** What is older is dropped, milliseconds; nothing is by default. */
  readonly ageMsMax?: number | undefined;
}

/** Source: the reference agent's cache quota, "Agent settings", 10 GB by default. */
export const QUOTA_BYTES: number = 10_000_000_000;
export const DEFAULT_LIMITS = {
  // Below the 1 MB that both ingestion APIs take per request, with room for the envelope.
  batchRawBytesMax: 950_000,
  batchRecordsMax: 20_000,
  dropAfterMs: 60_000,
} as const;
