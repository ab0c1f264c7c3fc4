/**
 * The records of a chunk, and what lies between them that is none.
 *
 *   0 4 "**\0\0"   4 4 size   8 8 record identifier   16 8 written, FILETIME   24 binary XML
 *   size-4 4 size again
 *
 * A record is whole when both sizes agree and it ends inside the chunk. Where one is not, the
 * next whole record is searched for.
 */
import { readSafeU64, readU32 } from './bytes.ts';
import { type Chunk, RECORD_SIGNATURE } from './chunk.ts';
import type { Damage } from './damage.ts';
import { filetimeText } from './value-time.ts';

export const RECORD_HEADER_SIZE = 24;
export const RECORD_TRAILER_SIZE = 4;
const RECORD_ID = 8;
const WRITTEN_TIME = 16;
const RECORD_SIZE_MIN = RECORD_HEADER_SIZE + RECORD_TRAILER_SIZE;
const SIGNATURE = Buffer.from([0x2a, 0x2a, 0, 0]);

/**
 * How far a record can be trusted: `whole`, in its place; `torn`, in its place but only partly
 * written; `salvaged`, whole, found behind damage.
 */
export type RecordCondition = 'whole' | 'torn' | 'salvaged';

export interface RecordSpan {
  /** Place in the chunk. */
  readonly offset: number;
  readonly size: number;
  readonly recordId: number;
  readonly condition: RecordCondition;
}

export interface ChunkRecords {
  readonly records: readonly RecordSpan[];
  /** What is no record. Records that are not whole are not among it. */
  readonly damage: readonly Damage[];
}

/**
 * What is to be made of a place that holds no whole record.
 *
 * - `growing`: it is being written, and so is whatever follows. For the newest chunk of a log.
 * - `settled`: it is damage if a whole record follows; the last one may still be being written.
 *   For the newest chunk of a log that has not changed for a while.
 * - `finished`: it is damage.
 */
export type ChunkState = 'growing' | 'settled' | 'finished';

export interface WalkOptions {
  /** Place in the chunk to begin at: the start of a record. */
  readonly from: number;
  readonly state: ChunkState;
}

export function findRecords(chunk: Chunk, options: WalkOptions): ChunkRecords {
  const { bytes, recordsEnd } = chunk;
  const records: RecordSpan[] = [];
  const damage: Damage[] = [];
  let isBehindDamage = false;
  let at = options.from;
  while (at + RECORD_SIZE_MIN <= recordsEnd) {
    if (isWhole(bytes, at)) {
      const record = spanAt(bytes, at, isBehindDamage ? 'salvaged' : 'whole');
      records.push(record);
      at += record.size;
      continue;
    }
    if (options.state === 'growing') break;
    const next = findWhole(bytes, at + SIGNATURE.length, recordsEnd);
    if (options.state === 'settled' && next === recordsEnd) break;
    if (isTorn(bytes, at, next)) {
      const record = spanAt(bytes, at, 'torn');
      records.push(record);
      at += record.size;
    }
    if (at < next) {
      damage.push({ offset: chunk.offset + at, length: next - at, reason: 'damaged record' });
    }
    isBehindDamage = true;
    at = next;
  }
  return { records, damage };
}

function spanAt(bytes: Buffer, offset: number, condition: RecordCondition): RecordSpan {
  return {
    offset,
    size: readU32(bytes, offset + 4),
    recordId: readSafeU64(bytes, offset + RECORD_ID),
    condition,
  };
}

/** When the record at a place in the chunk was written: `2025-06-08T07:12:52.1635583Z`. */
export function writtenTimeAt(chunk: Chunk, recordOffset: number): string {
  return filetimeText(chunk.bytes, recordOffset + WRITTEN_TIME);
}

/** The next place from `start` on where a whole record begins, or `end`. */
function findWhole(bytes: Buffer, start: number, end: number): number {
  for (let at = bytes.indexOf(SIGNATURE, start); at >= 0; at = bytes.indexOf(SIGNATURE, at + 1)) {
    if (at + RECORD_SIZE_MIN > end) break;
    if (isWhole(bytes, at)) return at;
  }
  return end;
}

function isWhole(bytes: Buffer, at: number): boolean {
  if (!isPlausible(bytes, at)) return false;
  const size = readU32(bytes, at + 4);
  return readU32(bytes, at + size - RECORD_TRAILER_SIZE) === size;
}

/** A record whose end is missing, while nothing else begins inside it. */
function isTorn(bytes: Buffer, at: number, next: number): boolean {
  return isPlausible(bytes, at) && at + readU32(bytes, at + 4) <= next;
}

/** No log counts to 2^53, so an identifier beyond is damage too. */
function isPlausible(bytes: Buffer, at: number): boolean {
  if (readU32(bytes, at) !== RECORD_SIGNATURE) return false;
  const size = readU32(bytes, at + 4);
  if (size < RECORD_SIZE_MIN || at + size > bytes.length) return false;
  return Number.isFinite(readSafeU64(bytes, at + RECORD_ID));
}
