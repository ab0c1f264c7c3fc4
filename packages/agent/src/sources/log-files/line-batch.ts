/** Records of one file for one `emit`, with the cursors that are due. */
import { isUtf8 } from 'node:buffer';
import type { Batch, LineRecord, Records, TextLines } from '../../record.ts';
import { repairedText } from '../repaired-text.ts';
import { cursorKey, type FileIdentity } from './file-cursor.ts';
import type { FollowedFile } from './followed-file.ts';
import type { ReadRecords } from './record-reader.ts';

/** Handed over at once: so much text, and of short lines, whose rows are many times as long, these. */
const BATCH_BYTES_MAX = 64 * 1024;
const BATCH_LINES_MAX = 500;
/** Stands where there was no character. */
const REPLACEMENT = '\ufffd';
/** Reason under which lines count that are too long; they are left out. */
const OVER_LONG = 'line over 1 MB';
const NO_LINES: Records<LineRecord> = { count: 0, each: () => {} };

export type RecordPlaces = Omit<ReadRecords, 'overLongCount' | 'isAtEnd'>;

/** Some records, from one place in their list to another. */
interface RecordRange {
  readonly lines: RecordPlaces;
  readonly from: number;
  readonly to: number;
}

export class LineBatch {
  readonly #sourceKey: string;
  #records: Records<LineRecord> = NO_LINES;
  #overLongCount = 0;
  #touched = new Map<FileIdentity, FollowedFile>();
  #cursors = new Map<string, string | null>();

  constructor(sourceKey: string) {
    this.#sourceKey = sourceKey;
  }

  /**
   * Puts some records of a file into the batch, which has none yet. Returns how many of them hold
   * what is no text.
   */
  put(file: FollowedFile, range: RecordRange, readAtMs: number): number {
    const records = linesAsRecords(range, file.path, readAtMs);
    this.#records = records;
    file.takenTo(range.lines.ends[range.to - 1]!);
    this.touch(file);
    return records.isText && !range.lines.isDecoded ? 0 : damagedCount(range);
  }

  addOverLong(count: number): void {
    this.#overLongCount += count;
  }

  /** Commits where a file stands though there is no line of it. */
  touch(file: FollowedFile): void {
    this.#touched.set(file.identity, file);
  }

  /** Forgets where a file stands that is gone; lines of it that are here stay. */
  forget(identity: FileIdentity): void {
    this.#touched.delete(identity);
    this.setCursor(cursorKey(this.#sourceKey, identity), null);
  }

  setCursor(key: string, value: string | null): void {
    this.#cursors.set(key, value);
  }

  /** What was gathered, the batch being empty again; `undefined` when it is nothing. */
  take(): Batch<LineRecord> | undefined {
    for (const [identity, file] of this.#touched) {
      this.setCursor(cursorKey(this.#sourceKey, identity), JSON.stringify(file.cursor));
    }
    if (this.#cursors.size === 0 && this.#overLongCount === 0) return undefined;
    const rejects = this.#overLongCount > 0 && [{ reason: OVER_LONG, count: this.#overLongCount }];
    const batch: Batch<LineRecord> = {
      records: this.#records,
      cursors: [...this.#cursors].map(([key, value]) => ({ key, value })),
      ...(rejects && { rejects }),
    };
    this.#records = NO_LINES;
    this.#overLongCount = 0;
    this.#touched = new Map();
    this.#cursors = new Map();
    return batch;
  }
}

/** Shows each record in the same object; invalid UTF-8 is replaced. */
export function linesAsRecords(
  { lines, from, to }: RecordRange,
  filePath: string,
  readAtMs: number,
): TextLines {
  const { bytes, places, times, headers } = lines;
  // A line feed is never a part of a character: all together are text, or some line is not.
  const isText = isUtf8(bytes.subarray(places[2 * from], places[2 * to - 1]));
  const timeMs = times === undefined && headers === undefined ? readAtMs : Number.NaN;
  return {
    ...{ bytes, places, from, to, filePath, timeMs, isText },
    count: to - from,
    each(visit) {
      const record = {
        bytes,
        start: 0,
        end: 0,
        filePath,
        timeMs: readAtMs,
        header: headers?.[from],
      };
      for (let i = from; i < to; i++) {
        const start = places[2 * i]!;
        const end = places[2 * i + 1]!;
        const repaired = isText ? null : repairedText(bytes, start, end);
        record.bytes = repaired ?? bytes;
        record.start = repaired === null ? start : 0;
        record.end = repaired?.length ?? end;
        if (times !== undefined) record.timeMs = Number.isNaN(times[i]!) ? readAtMs : times[i]!;
        if (headers !== undefined) record.header = headers[i];
        visit(record);
      }
    },
  };
}

function damagedCount({ lines, from, to }: RecordRange): number {
  const { bytes, places, isDecoded } = lines;
  let count = 0;
  for (let i = 2 * from; i < 2 * to; i += 2) {
    const record = bytes.subarray(places[i], places[i + 1]);
    if (isDecoded ? record.includes(REPLACEMENT) : !isUtf8(record)) count += 1;
  }
  return count;
}

/** Up to which record a batch that begins with one goes: a row more, and it is still a small one. */
export function batchEnd({ places, ends }: RecordPlaces, from: number): number {
  const bytesEnd = places[2 * from]! + BATCH_BYTES_MAX;
  const last = Math.min(from + BATCH_LINES_MAX, ends.length);
  let to = from + 1;
  while (to < last && places[2 * to + 1]! <= bytesEnd) to += 1;
  return to;
}
