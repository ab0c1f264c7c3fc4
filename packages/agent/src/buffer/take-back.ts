/** Moving what one database holds into another, step by step; see newer-buffers.ts. */
import type { DatabaseSync } from 'node:sqlite';
import {
  type BatchRow,
  createBatchRows,
  type FragmentRow,
  fragmentOf,
  isReadable,
  outletOf,
} from './batch-rows.ts';
import { transaction } from './database.ts';
import { createLedger, DAMAGED, type LedgerChange } from './ledger.ts';
import { createLosses } from './losses.ts';
import { prepareQuarantineInsert, type QuarantineRow } from './quarantine.ts';

export interface Move {
  readonly from: DatabaseSync;
  readonly to: DatabaseSync;
  /** Of the file; marks in `to` what must not be done twice. */
  readonly name: string;
}

export interface MovedBatches {
  readonly batches: number;
  readonly records: number;
  /** There was no room for these. */
  readonly batchesLeft: number;
}

type SettledRow = Required<LedgerChange> & { readonly flow: string; readonly destination: string };

interface StoredReason {
  readonly flow: string;
  readonly destination: string;
  readonly reason: string;
  readonly count: number;
}

/**
 * Adds the counts of all records that are neither stored nor quarantined, and how to reach
 * destinations; once, however often it is called.
 */
export function moveSettled({ from, to, name }: Move): void {
  const ledger = createLedger(to);
  const losses = createLosses(to);
  const rows = from.prepare('SELECT * FROM ledger').all() as unknown as SettledRow[];
  const reasons = from.prepare('SELECT * FROM ledger_reasons').all() as unknown as StoredReason[];
  const destinations = from.prepare('SELECT id, planned FROM destinations').all();
  const insertDestination = to.prepare(
    'INSERT OR IGNORE INTO destinations (id, planned) VALUES (?, ?)',
  );
  const mark = to.prepare('INSERT OR IGNORE INTO taken_back (file) VALUES (?)');
  transaction(to, () => {
    if (mark.run(name).changes === 0) return;
    for (const { flow, destination, filtered, rejected, dropped, delivered } of rows) {
      const read = filtered + rejected + dropped + delivered;
      ledger.add(flow, destination, { read, filtered, rejected, dropped, delivered });
    }
    for (const { flow, destination, reason, count } of reasons) {
      ledger.explain(flow, destination, reason, count);
    }
    for (const { id, planned } of destinations) insertDestination.run(id!, planned!);
    for (const loss of createLosses(from).recent().reverse()) losses.add(loss);
  });
}

/** Returns how many records were moved. */
export function moveQuarantine({ from, to }: Move): number {
  const ledger = createLedger(to);
  const insert = prepareQuarantineInsert(to);
  const isKnown = to.prepare('SELECT 1 FROM quarantine WHERE batch = ? AND destination = ?');
  const select = from.prepare('SELECT * FROM quarantine ORDER BY id LIMIT 1');
  const remove = from.prepare('DELETE FROM quarantine WHERE id = ?');
  let records = 0;
  for (;;) {
    const entry = select.get() as unknown as QuarantineRow | undefined;
    if (entry === undefined) return records;
    transaction(to, () => {
      if (isKnown.get(entry.batch, entry.destination) !== undefined) return;
      insert(entry);
      ledger.add(entry.flow, entry.destination, { read: entry.record_count });
    });
    remove.run(entry.id);
    records += entry.record_count;
  }
}

/** After so many batches the file that is being emptied gives its pages back to the disk. */
const SHRINK_EVERY = 32;

/** Moves batches, all of them sealed from now on, as long as there is room. */
export function moveBatches(move: Move, hasRoom: (bytes: number) => boolean): MovedBatches {
  const { from } = move;
  const seqs = from.prepare('SELECT seq FROM batches ORDER BY seq').all() as { seq: number }[];
  const moveBatch = createBatchMove(move);
  const rows = createBatchRows(from);
  let [batches, records] = [0, 0];
  for (const { seq } of seqs) {
    const batch = rows.batch(seq)!;
    if (!hasRoom(batch.raw_bytes)) break;
    moveBatch(batch);
    batches++;
    records += batch.record_count;
    if (batches % SHRINK_EVERY === 0) {
      from.exec('PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)');
    }
  }
  return { batches, records, batchesLeft: seqs.length - batches };
}

interface Waiting {
  readonly destination: string;
  readonly position: string;
}

function createBatchMove({ from, to, name }: Move): (batch: BatchRow) => void {
  const target = createBatchRows(to);
  const source = createBatchRows(from);
  const ledger = createLedger(to);
  const isKnown = to.prepare('SELECT 1 FROM batches WHERE id = ?');
  const selectWaiting = from.prepare(
    'SELECT destination, position FROM deliveries WHERE batch = ? ORDER BY position',
  );
  const selectFragments = from.prepare('SELECT * FROM fragments WHERE batch = ? ORDER BY ordinal');

  function insert(batch: BatchRow, waiting: readonly Waiting[]): void {
    const stored = selectFragments.all(batch.seq) as unknown as FragmentRow[];
    const fragments = stored.filter(isReadable).map(fragmentOf);
    const records = fragments.reduce((sum, { recordCount }) => sum + recordCount, 0);
    const lost = batch.record_count - records;
    for (const { destination } of waiting) {
      ledger.add(batch.flow, destination, { read: batch.record_count });
      if (lost > 0) ledger.drop(batch.flow, destination, DAMAGED, lost);
    }
    if (records === 0) return;
    const createdAtMs = batch.created_at_ms;
    const outlet = outletOf(batch);
    const seq = target.insertBatch({ id: batch.id, outlet, createdAtMs, isSealed: true });
    fragments.forEach((fragment, ordinal) => {
      target.insertFragment(seq, ordinal, fragment);
    });
    for (const { destination, position } of waiting) {
      // Before all that came later, in the order they had.
      target.insertDelivery(destination, `-${name}-${position}`, seq);
    }
  }

  return (batch) => {
    const waiting = selectWaiting.all(batch.seq) as unknown as Waiting[];
    transaction(to, () => {
      if (isKnown.get(batch.id) === undefined) insert(batch, waiting);
    });
    transaction(from, () => {
      for (const { destination, position } of waiting) {
        source.deleteDelivery(destination, position, batch.seq);
      }
    });
  };
}
