/** Lines gathered for one `emit`, with the cursors of the files they are from. */
import { type Batch, type LineRecord, listed } from '../../record.ts';
import { cursorKey, type FileIdentity } from './file-cursor.ts';
import type { FollowedFile } from './followed-file.ts';

const RECORDS_MAX = 1000;
/** Characters; about as many bytes. */
const LENGTH_MAX = 512 * 1024;
/** Reason under which lines count that are too long; they are left out. */
const OVER_LONG = 'line over 1 MB';

export class LineBatch {
  readonly #sourceKey: string;
  #records: LineRecord[] = [];
  #length = 0;
  #overLongCount = 0;
  #touched = new Map<FileIdentity, FollowedFile>();
  #cursors = new Map<string, string | null>();

  constructor(sourceKey: string) {
    this.#sourceKey = sourceKey;
  }

  get isFull(): boolean {
    return this.#records.length >= RECORDS_MAX || this.#length >= LENGTH_MAX;
  }

  /** Adds a line that ends at `end` of its file. */
  add(file: FollowedFile, line: string, end: number, readAtMs: number): void {
    this.#records.push({ line, filePath: file.path, readAtMs });
    this.#length += line.length;
    file.takenTo(end);
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
      records: listed(this.#records),
      cursors: [...this.#cursors].map(([key, value]) => ({ key, value })),
      ...(rejects && { rejects }),
    };
    this.#records = [];
    this.#length = 0;
    this.#overLongCount = 0;
    this.#touched = new Map();
    this.#cursors = new Map();
    return batch;
  }
}
