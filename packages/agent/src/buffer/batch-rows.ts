/** Batches, fragments and deliveries as rows: how they are written and read back. */
import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { Protocol } from '@dcr-agent/schema';
import { AgentError } from '../errors.ts';
import { recordsOf } from '../fragment/record-boundaries.ts';
import type { Fragment } from '../fragment.ts';
import type { Outlet } from './durable-buffer.ts';
import { parseStored } from './stored-json.ts';

export interface BatchRow {
  readonly seq: number;
  readonly id: string;
  readonly flow: string;
  readonly stream: string;
  readonly solution: string | null;
  readonly protocol: Protocol;
  readonly destinations: string;
  readonly created_at_ms: number;
  readonly record_count: number;
  readonly raw_bytes: number;
  readonly is_sealed: number;
}

export interface FragmentRow {
  readonly batch: number;
  readonly ordinal: number;
  readonly record_count: number;
  readonly raw_bytes: number;
  readonly crc32: number;
  readonly adler32: number;
  readonly checksum: number;
  readonly deflated: Uint8Array;
}

export interface NewBatch {
  readonly id: string;
  readonly outlet: Outlet;
  readonly createdAtMs: number;
  readonly isSealed: boolean;
}

export interface BatchRows {
  /** Adds an empty batch; returns its seq. */
  insertBatch(batch: NewBatch): number;
  /** Adds a fragment and counts it in the batch. */
  insertFragment(seq: number, ordinal: number, fragment: Fragment): void;
  insertDelivery(destination: string, position: string, seq: number): void;
  /** Takes back one delivery; with the last one the batch goes. */
  deleteDelivery(destination: string, position: string, seq: number): void;
  /** Deletes a batch that nobody waits for. */
  deleteBatch(seq: number): void;
  batch(seq: number): BatchRow | undefined;
  /** The body. Throws `DamagedBatchError` when the disk does not hold what was written to it. */
  fragments(batch: BatchRow): Fragment[];
  /** Deletes unreadable fragments; returns how many records the batch has lost with them. */
  deleteDamaged(batch: BatchRow): number;
}

/** Where a batch that was not split stands in the order of deliveries. */
export function positionOf(seq: number): string {
  return String(seq).padStart(16, '0');
}

/** Throws `BUFFER_CORRUPT` when the row is not what was written. */
export function outletOf(row: BatchRow): Outlet {
  return {
    flow: row.flow,
    stream: row.stream,
    ...(row.solution === null ? {} : { solution: row.solution }),
    protocol: row.protocol,
    destinations: parseStored(row.destinations, isStrings),
  };
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** The disk holds what was written to it. */
function isIntact(row: FragmentRow): boolean {
  // Of a damaged table SQLite returns whatever it finds, whatever the schema says.
  return row.deflated instanceof Uint8Array && checksumOf(row) === row.checksum;
}

/** Of all other columns: tells damage on the disk without inflating. */
function checksumOf(row: Omit<FragmentRow, 'checksum'>): number {
  const { batch, ordinal, record_count: records, raw_bytes: raw, adler32 } = row;
  const numbers = Float64Array.of(batch, ordinal, records, raw, row.crc32, adler32);
  return crc32(row.deflated, crc32(new Uint8Array(numbers.buffer)));
}

/** Intact, and what was written makes sense. */
export function isReadable(row: FragmentRow): boolean {
  return isIntact(row) && recordsOf(fragmentOf(row)) !== undefined;
}

/** Some fragments of a batch are not what was written; the others can be kept. */
export class DamagedBatchError extends AgentError {
  readonly seq: number;

  constructor(seq: number) {
    super('BUFFER_CORRUPT', `Batch ${seq} of the buffer is damaged`);
    this.name = 'DamagedBatchError';
    this.seq = seq;
  }
}

/** `onRemoved` is called with the seq of each batch that goes. */
export function createBatchRows(
  db: DatabaseSync,
  onRemoved: (seq: number) => void = () => {},
): BatchRows {
  const insertBatch = db.prepare(`
    INSERT INTO batches (id, flow, stream, solution, protocol, destinations, created_at_ms,
      record_count, raw_bytes, is_sealed)
    VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?)`);
  const insertFragment = db.prepare(`
    INSERT INTO fragments (batch, ordinal, record_count, raw_bytes, crc32, adler32,
      checksum, deflated)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const countFragment = db.prepare(`
    UPDATE batches SET record_count = record_count + ?, raw_bytes = raw_bytes + ?
    WHERE seq = ?`);
  const insertDelivery = db.prepare(
    'INSERT INTO deliveries (destination, position, batch) VALUES (?, ?, ?)',
  );
  const deleteDelivery = db.prepare(
    'DELETE FROM deliveries WHERE destination = ? AND position = ?',
  );
  const anyDelivery = db.prepare('SELECT 1 FROM deliveries WHERE batch = ? LIMIT 1');
  const deleteFragments = db.prepare('DELETE FROM fragments WHERE batch = ?');
  const deleteBatch = db.prepare('DELETE FROM batches WHERE seq = ?');
  const selectBatch = db.prepare('SELECT * FROM batches WHERE seq = ?');
  const selectFragments = db.prepare('SELECT * FROM fragments WHERE batch = ? ORDER BY ordinal');
  const deleteFragment = db.prepare('DELETE FROM fragments WHERE batch = ? AND ordinal = ?');
  const setCounts = db.prepare('UPDATE batches SET record_count = ?, raw_bytes = ? WHERE seq = ?');

  function remove(seq: number): void {
    onRemoved(seq);
    deleteFragments.run(seq);
    deleteBatch.run(seq);
  }

  function fragmentRows(seq: number): FragmentRow[] {
    return selectFragments.all(seq) as unknown as FragmentRow[];
  }

  return {
    insertBatch({ id, outlet, createdAtMs, isSealed }) {
      const { flow, stream, solution = null, protocol, destinations } = outlet;
      const { lastInsertRowid } = insertBatch.run(
        id,
        flow,
        stream,
        solution,
        protocol,
        JSON.stringify(destinations),
        Math.round(createdAtMs),
        isSealed ? 1 : 0,
      );
      return Number(lastInsertRowid);
    },
    insertFragment(seq, ordinal, fragment) {
      const row = rowOf(seq, ordinal, fragment);
      insertFragment.run(
        seq,
        ordinal,
        row.record_count,
        row.raw_bytes,
        row.crc32,
        row.adler32,
        row.checksum,
        row.deflated,
      );
      countFragment.run(fragment.recordCount, fragment.rawBytes, seq);
    },
    insertDelivery(destination, position, seq) {
      insertDelivery.run(destination, position, seq);
    },
    deleteDelivery(destination, position, seq) {
      deleteDelivery.run(destination, position);
      if (anyDelivery.get(seq) === undefined) remove(seq);
    },
    deleteBatch: remove,
    batch: (seq) => selectBatch.get(seq) as unknown as BatchRow | undefined,
    fragments(batch) {
      const stored = fragmentRows(batch.seq);
      if (countRecords(stored) !== batch.record_count || !stored.every(isIntact)) {
        throw new DamagedBatchError(batch.seq);
      }
      return stored.map(fragmentOf);
    },
    deleteDamaged(batch) {
      const stored = fragmentRows(batch.seq);
      const readable = stored.filter(isReadable);
      for (const row of stored) {
        if (!readable.includes(row)) deleteFragment.run(batch.seq, row.ordinal);
      }
      const rawBytes = readable.reduce((sum, row) => sum + row.raw_bytes, 0);
      setCounts.run(countRecords(readable), rawBytes, batch.seq);
      return batch.record_count - countRecords(readable);
    },
  };
}

function countRecords(fragments: readonly FragmentRow[]): number {
  return fragments.reduce((sum, row) => sum + row.record_count, 0);
}

/** As it is stored. */
export function rowOf(
  batch: number,
  ordinal: number,
  { recordCount, rawBytes, crc32, adler32, deflated }: Fragment,
): FragmentRow {
  const row = {
    batch,
    ordinal,
    record_count: recordCount,
    raw_bytes: rawBytes,
    crc32,
    adler32,
    deflated,
  };
  return { ...row, checksum: checksumOf(row) };
}

export function fragmentOf(row: FragmentRow): Fragment {
  return {
    deflated: row.deflated,
    rawBytes: row.raw_bytes,
    recordCount: row.record_count,
    crc32: row.crc32,
    adler32: row.adler32,
  };
}
