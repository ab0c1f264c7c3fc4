/**
 * Copies of what a destination will never take, to be read by people. They are bounded: when
 * there is no room for more, the oldest go first, since their records are already counted.
 */
import type { DatabaseSync } from 'node:sqlite';
import { type Fragment, inflateFragment } from '../fragment.ts';
import type { Delivery } from './sealed-batches.ts';

export interface QuarantinedBatch {
  readonly delivery: Delivery;
  readonly reason: string;
  readonly fragments: readonly Fragment[];
  readonly atMs: number;
  /** What the disk has to spare. */
  readonly roomBytes: number;
}

export interface Quarantine {
  /** Keeps a copy, or, where there is no room, only the note that there was one. */
  add(batch: QuarantinedBatch): void;
}

/** Of a row, besides the records. */
const ROW_BYTES = 512;

/** `bytesMax` may change at any time. */
export function createQuarantine(db: DatabaseSync, bytesMax: () => number): Quarantine {
  const insert = db.prepare(`
    INSERT INTO quarantine (at_ms, destination, flow, stream, batch, reason, record_count,
      bytes, records)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const selectBytes = db.prepare('SELECT coalesce(sum(bytes), 0) AS bytes FROM quarantine');
  const selectOldest = db.prepare('SELECT id, bytes FROM quarantine ORDER BY id LIMIT 1');
  const remove = db.prepare('DELETE FROM quarantine WHERE id = ?');

  /** Whether there is room for `bytes`, now that older copies may have gone. */
  function makeRoom(bytes: number, roomBytes: number): boolean {
    let used = selectBytes.get()?.bytes as number;
    if (bytes > Math.min(bytesMax(), roomBytes + used)) return false;
    let room = Math.min(bytesMax() - used, roomBytes);
    while (bytes > room) {
      const oldest = selectOldest.get() as { id: number; bytes: number } | undefined;
      if (oldest === undefined) return false;
      remove.run(oldest.id);
      used -= oldest.bytes;
      room += oldest.bytes;
    }
    return true;
  }

  return {
    add({ delivery: { destination, batch }, reason, fragments, atMs, roomBytes }) {
      const records = jsonArray(fragments);
      const recordBytes = records === null ? 0 : Buffer.byteLength(records);
      const isKept = makeRoom(ROW_BYTES + recordBytes, roomBytes);
      if (!isKept && !makeRoom(ROW_BYTES, roomBytes)) return;
      insert.run(
        Math.round(atMs),
        destination,
        batch.flow,
        batch.stream,
        batch.id,
        reason,
        batch.record_count,
        ROW_BYTES + (isKept ? recordBytes : 0),
        isKept ? records : null,
      );
    },
  };
}

/** One record list per fragment and line; `null` for what was never compressed JSON. */
function jsonArray(fragments: readonly Fragment[]): string | null {
  const text = new TextDecoder();
  try {
    return `[${fragments.map((fragment) => text.decode(inflateFragment(fragment))).join(',\n')}]`;
  } catch {
    return null;
  }
}
