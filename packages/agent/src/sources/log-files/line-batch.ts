/** Lines of one file for one `emit`, with the cursors that are due. */
import { isUtf8 } from 'node:buffer';
import type { Batch, LineRecord, Records, TextLines } from '../../record.ts';
import { repairedText } from '../repaired-text.ts';
import { cursorKey, type FileIdentity } from './file-cursor.ts';
import type { FollowedFile } from './followed-file.ts';
import type { Lines } from './split-lines.ts';

/** Handed over at once: so much text, and of short lines, whose rows are many times as long, these. */
const BATCH_BYTES_MAX = 64 * 1024;
const BATCH_LINES_MAX = 500;
/** Reason under which lines count that are too long; they are left out. */
const OVER_LONG = 'line over 1 MB';
const NO_LINES: Records<LineRecord> = { count: 0, each: () => {} };

/** Some lines, from one place in their list to another. */
interface LineRange {
  readonly lines: Lines;
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

  /** Puts some lines of a file into the batch, which has none yet. */
  put(file: FollowedFile, range: LineRange, readAtMs: number): void {
    this.#records = linesAsRecords(range, file.path, readAtMs);
    file.takenTo(range.lines.ends[range.to - 1]!);
    this.touch(file);
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

/** Shows each line in the same object; invalid UTF-8 is replaced. */
export function linesAsRecords(
  { lines, from, to }: LineRange,
  filePath: string,
  readAtMs: number,
): TextLines {
  const { bytes, places } = lines;
  // A line feed is never a part of a character: all together are text, or some line is not.
  const isText = isUtf8(bytes.subarray(places[2 * from], places[2 * to - 1]));
  return {
    ...{ bytes, places, from, to, filePath, readAtMs, isText },
    count: to - from,
    each(visit) {
      const record = { bytes, start: 0, end: 0, filePath, readAtMs };
      for (let i = 2 * from; i < 2 * to; i += 2) {
        const start = places[i]!;
        const end = places[i + 1]!;
        const repaired = isText ? null : repairedText(bytes, start, end);
        record.bytes = repaired ?? bytes;
        record.start = repaired === null ? start : 0;
        record.end = repaired?.length ?? end;
        visit(record);
      }
    },
  };
}

/** Up to which line a batch that begins with one goes: a row more, and it still is a small one. */
export function batchEnd({ places, ends }: Lines, from: number): number {
  const bytesEnd = places[2 * from]! + BATCH_BYTES_MAX;
  const last = Math.min(from + BATCH_LINES_MAX, ends.length);
  let to = from + 1;
  while (to < last && places[2 * to + 1]! <= bytesEnd) to += 1;
  return to;
}
