/** What lies in the buffer, as lists for people and programs. All times are epoch milliseconds. */
import type { DatabaseSync } from 'node:sqlite';
import { splitRecords } from '../fragment/record-boundaries.ts';
import { inflateFragment } from '../fragment.ts';
import { createBatchRows } from './batch-rows.ts';
import { type QuarantineRow, quarantinedFragment } from './quarantine.ts';
import { parseStored } from './stored-json.ts';

export interface StoredForDestination {
  readonly destination: string;
  readonly batches: number;
  readonly records: number;
  /** Before compression. */
  readonly rawBytes: number;
  /** As they are stored; what others wait for, too, counts here and there. */
  readonly storedBytes: number;
  readonly oldestAtMs: number;
}

export interface StoredBatch {
  readonly id: string;
  /** Open: records are still added, and nothing is sent yet. */
  readonly isSealed: boolean;
  readonly flow: string;
  readonly stream: string;
  readonly records: number;
  readonly rawBytes: number;
  readonly storedBytes: number;
  readonly createdAtMs: number;
  /** Who still has to receive it. */
  readonly waiting: readonly string[];
}

export interface StoredRefusal {
  readonly id: number;
  readonly atMs: number;
  readonly destination: string;
  readonly flow: string;
  readonly stream: string;
  /** Id under which it was sent. */
  readonly batch: string;
  readonly records: number;
  readonly rawBytes: number;
  readonly reason: string;
  /** The service's answer. */
  readonly status: number | null;
  readonly detail: string | null;
}

export interface ListLimits {
  /** Only what is for this destination. */
  readonly destination?: string | undefined;
  readonly limit: number;
}

export interface LimitedList<T> {
  readonly items: readonly T[];
  /** All there are, beyond the limit too. */
  readonly count: number;
}

const SIZES = `
  SELECT batch AS seq, sum(length(deflated)) AS bytes FROM fragments GROUP BY batch`;

/** Those that something waits for. */
export function listDestinations(db: DatabaseSync): StoredForDestination[] {
  const rows = db.prepare(`
    WITH sizes AS (${SIZES})
    SELECT destination, count(*) AS batches, sum(record_count) AS records,
      sum(raw_bytes) AS rawBytes, coalesce(sum(sizes.bytes), 0) AS storedBytes,
      min(created_at_ms) AS oldestAtMs
    FROM deliveries JOIN batches ON batches.seq = deliveries.batch LEFT JOIN sizes USING (seq)
    GROUP BY destination ORDER BY destination`);
  return rows.all().map((row) => ({ ...row })) as unknown as StoredForDestination[];
}

const OF_DESTINATION = `
  WHERE ?1 IS NULL OR EXISTS
    (SELECT 1 FROM deliveries WHERE batch = batches.seq AND destination = ?1)`;

type BatchListRow = Omit<StoredBatch, 'isSealed' | 'waiting'> & {
  readonly isSealed: number;
  readonly waiting: string;
};

/** Oldest first. */
export function listBatches(
  db: DatabaseSync,
  { destination = null, limit }: Omit<ListLimits, 'destination'> & { destination?: string | null },
): LimitedList<StoredBatch> {
  const count = db.prepare(`SELECT count(*) AS count FROM batches ${OF_DESTINATION}`);
  const select = db.prepare(`
    SELECT id, is_sealed AS isSealed, flow, stream, record_count AS records,
      raw_bytes AS rawBytes, created_at_ms AS createdAtMs,
      (SELECT coalesce(sum(length(deflated)), 0) FROM fragments WHERE batch = seq) AS storedBytes,
      (SELECT json_group_array(destination) FROM deliveries WHERE batch = seq) AS waiting
    FROM batches ${OF_DESTINATION} ORDER BY created_at_ms, seq LIMIT ?2`);
  const rows = select.all(destination, limit) as unknown as BatchListRow[];
  const items = rows.map(({ isSealed, waiting, ...row }) => ({
    ...row,
    isSealed: isSealed === 1,
    waiting: parseStored(waiting, (value) => Array.isArray(value)) as string[],
  }));
  return { items, count: count.get(destination)?.count as number };
}

/** Newest first. */
export function listRefusals(
  db: DatabaseSync,
  { destination, limit }: ListLimits,
): LimitedList<StoredRefusal> {
  const which = 'WHERE ?1 IS NULL OR destination = ?1';
  const count = db.prepare(`SELECT count(*) AS count FROM quarantine ${which}`);
  const select = db.prepare(`
    SELECT id, at_ms AS atMs, destination, flow, stream, batch, record_count AS records,
      raw_bytes AS rawBytes, reason, status, detail
    FROM quarantine ${which} ORDER BY id DESC LIMIT ?2`);
  const rows = select.all(destination ?? null, limit) as unknown as StoredRefusal[];
  const items = rows.map((row) => ({ ...row }));
  return { items, count: count.get(destination ?? null)?.count as number };
}

/** Ids of quarantined batches, oldest first: those asked for, or all, or a destination's. */
export function refusalIds(db: DatabaseSync, destination?: string): number[] {
  const select = db.prepare(
    'SELECT id FROM quarantine WHERE ?1 IS NULL OR destination = ?1 ORDER BY id',
  );
  return select.all(destination ?? null).map(({ id }) => id as number);
}

/**
 * The records of a batch, each byte for byte; `undefined` when there is no such batch. Throws
 * `DamagedBatchError` when the disk does not hold what was written to it.
 */
export function batchRecords(db: DatabaseSync, batchId: string): Uint8Array[] | undefined {
  const seq = db.prepare('SELECT seq FROM batches WHERE id = ?').get(batchId)?.seq;
  if (typeof seq !== 'number') return undefined;
  const rows = createBatchRows(db);
  const fragments = rows.fragments(rows.batch(seq)!);
  return fragments.flatMap((fragment) => splitRecords(inflateFragment(fragment)));
}

/** `'damaged'` when the disk does not hold what was written to it. */
export function refusedRecords(
  db: DatabaseSync,
  id: number,
): readonly Uint8Array[] | 'damaged' | undefined {
  const row = db.prepare('SELECT * FROM quarantine WHERE id = ?').get(id);
  if (row === undefined) return undefined;
  const fragment = quarantinedFragment(row as unknown as QuarantineRow);
  return fragment === undefined ? 'damaged' : splitRecords(inflateFragment(fragment));
}
