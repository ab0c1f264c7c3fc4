/**
 * What a destination will never take, kept with its answer until someone sends it again or drops
 * it. An entry holds one batch as one fragment, byte for byte as it was sent.
 *
 * The ledger counts as quarantined what lies here, so an entry that goes takes its records to
 * another column in the same transaction. The quarantine is bounded: the oldest entries are
 * dropped for newer ones.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Protocol } from '@dcr-agent/schema';
import { concatFragments, type Fragment } from '../fragment.ts';
import { type FragmentRow, fragmentOf, isReadable, rowOf } from './batch-rows.ts';
import type { FinalAnswer, Outlet } from './durable-buffer.ts';
import { type Ledger, shortReason } from './ledger.ts';
import type { Delivery } from './sealed-batches.ts';

/** In the ledger, for entries that had to make room, or had none. */
const NO_ROOM = 'no room in the quarantine';

/** Services may answer with pages of text. */
const DETAIL_CHARS_MAX = 2_000;

/** Of a row, besides the records. */
const ROW_BYTES = 512;

/** Of a fragment that belongs to no batch. */
type FragmentColumns = Omit<FragmentRow, 'batch' | 'ordinal'>;

export interface QuarantineRow extends FragmentColumns {
  readonly id: number;
  readonly at_ms: number;
  readonly destination: string;
  readonly flow: string;
  readonly stream: string;
  readonly solution: string | null;
  readonly protocol: Protocol;
  /** Id of the batch that was refused. */
  readonly batch: string;
  readonly reason: string;
  readonly status: number | null;
  readonly detail: string | null;
}

const COLUMNS = [
  'at_ms',
  'destination',
  'flow',
  'stream',
  'solution',
  'protocol',
  'batch',
  'reason',
  'status',
  'detail',
  'record_count',
  'raw_bytes',
  'crc32',
  'adler32',
  'checksum',
  'deflated',
] as const satisfies readonly (keyof QuarantineRow)[];

export interface RefusedBatch {
  readonly delivery: Delivery;
  readonly reason: string;
  readonly answer: FinalAnswer;
  readonly fragments: readonly Fragment[];
  readonly atMs: number;
  /** What the disk has to spare. */
  readonly roomBytes: number;
}

export interface Quarantine {
  /** Keeps the records; where there is no room, not even for them alone, counts them dropped. */
  add(batch: RefusedBatch): void;
  entry(id: number): QuarantineRow | undefined;
  remove(id: number): void;
  /** What memory holds is no longer true: the transaction was undone. */
  forget(): void;
}

export interface QuarantineParts {
  readonly db: DatabaseSync;
  readonly ledger: Pick<Ledger, 'drop'>;
  /** May change at any time. */
  bytesMax(): number;
}

export function createQuarantine({ db, ledger, bytesMax }: QuarantineParts): Quarantine {
  const insert = prepareQuarantineInsert(db);
  const size = `length(deflated) + ${ROW_BYTES}`;
  const selectBytes = db.prepare(`SELECT coalesce(sum(${size}), 0) AS bytes FROM quarantine`);
  const selectOldest = db.prepare(`
    SELECT id, flow, destination, record_count AS records, ${size} AS bytes
    FROM quarantine ORDER BY id LIMIT 1`);
  const select = db.prepare('SELECT * FROM quarantine WHERE id = ?');
  const deleteEntry = db.prepare('DELETE FROM quarantine WHERE id = ?');
  let knownBytes: number | undefined;

  function usedBytes(): number {
    knownBytes ??= selectBytes.get()?.bytes as number;
    return knownBytes;
  }

  /** Whether there is room for `bytes`, now that older entries may have gone. */
  function makeRoom(bytes: number, roomBytes: number): boolean {
    const max = bytesMax();
    if (bytes > Math.min(max, roomBytes + usedBytes())) return false;
    let room = Math.min(max - usedBytes(), roomBytes);
    while (bytes > room) {
      const oldest = selectOldest.get() as unknown as OldestEntry | undefined;
      if (oldest === undefined) return false;
      ledger.drop(oldest.flow, oldest.destination, NO_ROOM, oldest.records);
      deleteEntry.run(oldest.id);
      knownBytes = usedBytes() - oldest.bytes;
      room += oldest.bytes;
    }
    return true;
  }

  return {
    add({ delivery: { destination, batch }, reason, answer, fragments, atMs, roomBytes }) {
      const fragment = concatFragments(fragments);
      const bytes = fragment.deflated.byteLength + ROW_BYTES;
      if (!makeRoom(bytes, roomBytes)) {
        ledger.drop(batch.flow, destination, NO_ROOM, batch.record_count);
        return;
      }
      const { flow, stream, solution, protocol } = batch;
      const { status = null, detail } = answer;
      insert({
        ...{ at_ms: Math.round(atMs), destination, flow, stream, solution, protocol },
        ...{ batch: batch.id, reason: shortReason(reason), status },
        detail: detail?.slice(0, DETAIL_CHARS_MAX) ?? null,
        ...fragmentColumns(fragment),
      });
      knownBytes = usedBytes() + bytes;
    },
    entry: (id) => select.get(id) as unknown as QuarantineRow | undefined,
    remove(id) {
      deleteEntry.run(id);
      knownBytes = undefined;
    },
    forget() {
      knownBytes = undefined;
    },
  };
}

interface OldestEntry {
  readonly id: number;
  readonly flow: string;
  readonly destination: string;
  readonly records: number;
  readonly bytes: number;
}

/** Inserts a row under the next free id. */
export function prepareQuarantineInsert(
  db: DatabaseSync,
): (row: Omit<QuarantineRow, 'id'>) => void {
  const places = COLUMNS.map(() => '?').join(', ');
  const insert = db.prepare(`INSERT INTO quarantine (${COLUMNS.join(', ')}) VALUES (${places})`);
  return (row) => void insert.run(...COLUMNS.map((column) => row[column]));
}

export function fragmentColumns(fragment: Fragment): FragmentColumns {
  const { batch: _, ordinal: __, ...columns } = rowOf(0, 0, fragment);
  return columns;
}

/** The records, or `undefined` when the disk does not hold what was written to it. */
export function quarantinedFragment(row: FragmentColumns): Fragment | undefined {
  const stored: FragmentRow = { ...row, batch: 0, ordinal: 0 };
  return isReadable(stored) ? fragmentOf(stored) : undefined;
}

/** Where an entry goes when it is sent again. */
export function quarantinedOutlet(row: QuarantineRow): Outlet {
  const { flow, stream, solution, protocol, destination } = row;
  const outlet = { flow, stream, protocol, destinations: [destination] };
  return solution === null ? outlet : { ...outlet, solution };
}
