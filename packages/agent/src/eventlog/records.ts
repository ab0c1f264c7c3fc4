/**
 * The records of a chunk, and what lies between them that is none.
 *
 *   0 4 "**\0\0"   4 4 size   8 8 record identifier   16 8 written, FILETIME   24 binary XML
 *   size-4 4 size again
 *
 * A record is whole when both sizes agree and it ends inside the chunk. Where one is not, the
 * next whole record is searched for.
 */
import { type Chunk, RECORD_SIGNATURE } from './chunk.ts';
import type { Damage } from './damage.ts';
import { filetimeText } from './value-time.ts';

export const RECORD_HEADER_SIZE = 24;
export const RECORD_TRAILER_SIZE = 4;
const RECORD_ID = 8;
const WRITTEN_TIME = 16;
const RECORD_SIZE_MIN = RECORD_HEADER_SIZE + RECORD_TRAILER_SIZE;
const SIGNATURE = Buffer.from([0x2a, 0x2a, 0, 0]);
/** Of a 64-bit number below 2^53. */
const SAFE_HIGH_MAX = 0x1f_ffff;

/**
 * How far a record can be trusted: `whole`, in its place; `torn`, in its place but only partly
 * written; `salvaged`, whole, found behind damage, its identifier above those before it.
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

/**
 * Goes from record to record. What it stands at is in its fields, so that walking over many
 * records makes no objects.
 */
export class RecordWalk implements RecordSpan {
  offset = 0;
  size = 0;
  recordId = -1;
  condition: RecordCondition = 'whole';
  /** What was passed that is no record. */
  readonly damage: Damage[] = [];
  readonly #chunk: Chunk;
  readonly #state: ChunkState;
  readonly #end: number;
  /** Where to look next. */
  #at: number;
  #isBehindDamage = false;
  /** The next whole record after a torn one, which is stood at now. */
  #resumeAt = -1;

  constructor(chunk: Chunk, { from, state }: WalkOptions) {
    this.#chunk = chunk;
    this.#state = state;
    this.#end = chunk.recordsEnd;
    this.#at = from;
  }

  /** To the next record; false when there is none. */
  next(): boolean {
    const { view } = this.#chunk;
    if (this.#resumeAt >= 0) this.#passDamage(this.#resumeAt);
    while (this.#at + RECORD_SIZE_MIN <= this.#end) {
      if (isWhole(view, this.#at)) {
        this.#standAt(this.#isBehindDamage ? 'salvaged' : 'whole');
        return true;
      }
      if (this.#state === 'growing') return false;
      const next = this.#findWhole(this.#at + SIGNATURE.length);
      if (this.#state === 'settled' && next === this.#end) return false;
      if (isTorn(view, this.#at, next)) {
        this.#standAt('torn');
        this.#resumeAt = next;
        return true;
      }
      this.#passDamage(next);
    }
    return false;
  }

  /**
   * The next place from `start` on where a whole record begins, or the end. Identifiers ascend in
   * a chunk; a lower one is a remnant of what was in this place before.
   */
  #findWhole(start: number): number {
    const { bytes, view } = this.#chunk;
    for (let at = bytes.indexOf(SIGNATURE, start); at >= 0; at = bytes.indexOf(SIGNATURE, at + 1)) {
      if (at + RECORD_SIZE_MIN > this.#end) break;
      if (isWhole(view, at) && readId(view, at) > this.recordId) return at;
    }
    return this.#end;
  }

  #standAt(condition: RecordCondition): void {
    const { view } = this.#chunk;
    this.offset = this.#at;
    this.size = view.getUint32(this.#at + 4, true);
    this.recordId = readId(view, this.#at);
    this.condition = condition;
    this.#at += this.size;
  }

  #passDamage(next: number): void {
    const at = this.#at;
    if (at < next) {
      const offset = this.#chunk.offset + at;
      this.damage.push({ offset, length: next - at, reason: 'damaged record' });
    }
    this.#isBehindDamage = true;
    this.#resumeAt = -1;
    this.#at = next;
  }
}

/** Every record of a chunk. */
export function findRecords(chunk: Chunk, options: WalkOptions): ChunkRecords {
  const walk = new RecordWalk(chunk, options);
  const records: RecordSpan[] = [];
  while (walk.next()) {
    const { offset, size, recordId, condition } = walk;
    records.push({ offset, size, recordId, condition });
  }
  return { records, damage: walk.damage };
}

/** When the record at a place in the chunk was written: `2025-06-08T07:12:52.1635583Z`. */
export function writtenTimeAt(chunk: Chunk, recordOffset: number): string {
  return filetimeText(chunk.bytes, recordOffset + WRITTEN_TIME);
}

function isWhole(view: DataView, at: number): boolean {
  if (!isPlausible(view, at)) return false;
  const size = view.getUint32(at + 4, true);
  return view.getUint32(at + size - RECORD_TRAILER_SIZE, true) === size;
}

/** A record whose end is missing, while nothing else begins inside it. */
function isTorn(view: DataView, at: number, next: number): boolean {
  return isPlausible(view, at) && at + view.getUint32(at + 4, true) <= next;
}

/** No log counts to 2^53, so an identifier beyond is damage too. */
function isPlausible(view: DataView, at: number): boolean {
  if (view.getUint32(at, true) !== RECORD_SIGNATURE) return false;
  const size = view.getUint32(at + 4, true);
  if (size < RECORD_SIZE_MIN || at + size > view.byteLength) return false;
  return view.getUint32(at + RECORD_ID + 4, true) <= SAFE_HIGH_MAX;
}

function readId(view: DataView, at: number): number {
  const low = view.getUint32(at + RECORD_ID, true);
  return view.getUint32(at + RECORD_ID + 4, true) * 0x1_0000_0000 + low;
}
