/**
 * One file being followed, wherever it is renamed to: whether its content is still what was read
 * before, what of it is new, and whether it is gone.
 */
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileCursor, FileIdentity } from './file-cursor.ts';
import { foreignFormat } from './file-format.ts';
import {
  FINGERPRINT_BYTES,
  fingerprintOf,
  hasFingerprint,
  isWholeFingerprint,
} from './fingerprint.ts';
import { isLineStart, lastLineStart, type ReadBuffers } from './line-reader.ts';
import {
  type FileStatus,
  localStatusOf,
  type OpenedFile,
  openFile,
  readHead,
  statusOf,
} from './open-file.ts';
import type { HandleHolder, OpenHandles } from './open-handles.ts';
import {
  createRecordReader,
  type ReadRecords,
  type RecordForm,
  type RecordReader,
} from './record-reader.ts';
import { encodingOf } from './text-encoding.ts';

/** A deleted file is read on for as long: its writer may not have noticed yet. */
const GONE_AFTER_MS = 5_000;
/** While there is more to read, as after a wait for `emit`, the content is checked this often. */
const CHECK_AFTER_MS = 1_000;
/** A record that could go on is complete when its file was not written to for as long. */
const QUIET_AFTER_MS = 3_000;
/** So much takes less to read than to have another thread read it. */
const LITTLE_BYTES = 16 * 1024;
/** A file whose directory tells of what is written is looked at as often even if it does not. */
const LOOK_ANYWAY_AFTER_MS = 10_000;

/** The two clocks: `nowMs` is monotonic, `wallMs` epoch milliseconds. */
export interface Moment {
  readonly nowMs: number;
  readonly wallMs: number;
  /** Whether the system told that something was written. */
  readonly isTold: boolean;
  /** Whether the file is on a disk of this machine. */
  readonly isLocal: boolean;
}

export interface FollowOptions {
  readonly handles: OpenHandles;
  readonly form: RecordForm;
  /** What is written through another name is not told of under this one. */
  readonly isLink: boolean;
}

export class FollowedFile implements HandleHolder {
  readonly identity: FileIdentity;
  /** As the pattern knows it; stays when the file is renamed to what the pattern does not. */
  path: string;
  /** The directory of `location`. */
  directory = '';
  /** Whether the pattern names it no more. */
  isDetached = false;
  /** What it is instead of text; such a file is not read. */
  format: string | undefined;

  readonly #handles: OpenHandles;
  readonly #reader: RecordReader;
  #handle: FileHandle | undefined;
  #fingerprint: string;
  /** As it was when it was last looked at. */
  #seen: FileStatus | undefined;
  #changedAtMs = 0;
  #checkedAtMs = 0;
  #isAtEnd = true;
  #location = '';
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  /** Something was written that the system did not tell of, as through a link. */
  #isUntold: boolean;
  /** It is no text, or there is too little of it to tell. */
  #isUnreadable = false;

  constructor(
    opened: OpenedFile,
    location: string,
    cursor: FileCursor,
    { handles, form, isLink }: FollowOptions,
  ) {
    this.identity = opened.status.identity;
    this.location = location;
    this.path = cursor.path;
    this.#isUntold = isLink;
    this.#reader = createRecordReader(form, cursor.offset, cursor.header);
    this.#fingerprint = cursor.fingerprint;
    this.#handle = opened.handle;
    this.#handles = handles;
  }

  /** Where it is now. */
  get location(): string {
    return this.#location;
  }

  set location(path: string) {
    this.#location = path;
    this.directory = dirname(path);
  }

  /** Whether to look at it; `toldSinceMs`: when its directory began to tell of what is written. */
  isDue(nowMs: number, toldSinceMs: number): boolean {
    const isTold = this.#lookedAtMs > toldSinceMs && !this.#isUntold && !this.isDetached;
    const isDone = this.#isAtEnd && !this.#reader.isHolding && this.#seen?.hasName === true;
    if (!isTold || !isDone) return true;
    return nowMs - this.#lookedAtMs >= LOOK_ANYWAY_AFTER_MS;
  }

  /** Bytes; moved on by `takenTo`, and by `read` where there is no record to take. */
  get offset(): number {
    return this.#reader.lines.offset;
  }

  get cursor(): FileCursor {
    const { path, offset } = this;
    const { header } = this.#reader;
    return { path, offset, fingerprint: this.#fingerprint, ...(header && { header }) };
  }

  /** Bytes that were there when last looked at and are not handed over. */
  get lagBytes(): number {
    return this.format ? 0 : Math.max(0, (this.#seen?.sizeBytes ?? 0) - this.#reader.lines.offset);
  }

  get isHeld(): boolean {
    return this.#handle !== undefined;
  }

  get mayRelease(): boolean {
    return this.#seen?.hasName ?? true;
  }

  /** The pattern names it again, or still; under one of these paths. */
  foundAt(paths: readonly string[]): void {
    this.isDetached = false;
    const path = paths.includes(this.location) ? this.location : paths[0];
    if (path === undefined) return;
    this.location = path;
    this.path = path;
  }

  /** Deleted, read to its end, and not written to for a while. */
  isGone(nowMs: number): boolean {
    const isDeleted = this.#seen !== undefined && !this.#seen.hasName;
    return isDeleted && this.#isAtEnd && nowMs - this.#changedAtMs >= GONE_AFTER_MS;
  }

  /** Records up to `offset`, the end of one, have been taken. */
  takenTo(offset: number): void {
    this.#reader.takenTo(offset);
  }

  /** What is there now is not read; an unfinished last line is, once it is complete. */
  async startAtEnd(buffers: ReadBuffers): Promise<void> {
    const handle = await this.#open();
    const status = handle && (await statusOf(handle));
    if (!status) return;
    const head = await readHead(handle);
    this.#reader.lines.encoding = encodingOf(head) ?? 'UTF-8';
    const { encoding } = this.#reader.lines;
    const offset = await lastLineStart(handle, status.sizeBytes, buffers, encoding);
    await this.#reader.startAt(handle, offset, buffers);
    this.#fingerprint = fingerprintOf(head);
  }

  /**
   * The next records, which count as read when `takenTo` says so; `undefined` when nothing is new.
   * Rejects with the system's error; the next call tries again.
   */
  async read(buffers: ReadBuffers, moment: Moment): Promise<ReadRecords | undefined> {
    const { nowMs, wallMs, isTold, isLocal } = moment;
    this.#lookedAtMs = nowMs;
    const { lines } = this.#reader;
    lines.isLocal = isLocal;
    const isCheckDue = this.#isAtEnd || nowMs - this.#checkedAtMs >= CHECK_AFTER_MS;
    const status = isCheckDue ? await this.#status(isLocal) : this.#seen;
    if (status === undefined) return undefined;
    lines.isLittle = isLocal && status.sizeBytes - lines.offset <= LITTLE_BYTES;
    const isSeen = isSame(status, this.#seen);
    if (isTold) this.#isUntold = false;
    else if (!isSeen && this.#seen !== undefined && isCheckDue) this.#isUntold = true;
    const isQuiet = isCheckDue && isSeen && nowMs - this.#changedAtMs >= QUIET_AFTER_MS;
    if (this.#isAtEnd && isSeen && !(isQuiet && this.#reader.isHolding)) return undefined;
    const handle = await this.#open();
    if (handle === undefined) return undefined;
    if (isCheckDue) await this.#checkContent(handle, status, nowMs);
    if (this.format !== undefined) await this.release();
    if (this.#isUnreadable) return undefined;
    const records = await this.#reader.read(handle, buffers, { nowMs: wallMs, isQuiet });
    this.#isAtEnd = records.isAtEnd;
    return records;
  }

  /** The unfinished last line of a file that is gone, if there is one. */
  async readRest(buffers: ReadBuffers, wallMs: number): Promise<ReadRecords | undefined> {
    if (this.#handle === undefined || this.#isUnreadable) return undefined;
    return this.#reader.readRest(this.#handle, buffers, { nowMs: wallMs, isQuiet: true });
  }

  async release(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    this.#handles.remove(this);
    // Nothing was written: a failure to close loses nothing.
    await handle?.close().catch(() => {});
  }

  /** `undefined` when something else is at its place: a search for files will find where it is. */
  async #status(isLocal: boolean): Promise<FileStatus | undefined> {
    const at = this.#handle ?? this.location;
    const status = isLocal ? localStatusOf(at) : await statusOf(at);
    return status?.identity === this.identity ? status : undefined;
  }

  async #open(): Promise<FileHandle | undefined> {
    if (this.#handle === undefined) {
      const opened = await openFile(this.location);
      if (opened !== undefined && opened.status.identity !== this.identity) {
        await opened.handle.close();
        return undefined;
      }
      this.#handle = opened?.handle;
    }
    if (this.#handle !== undefined) await this.#handles.use(this);
    return this.#handle;
  }

  /**
   * Starts again when the file was truncated, or truncated and filled again since: its beginning
   * is another one, or what has been read does not end where a line does.
   */
  async #checkContent(handle: FileHandle, status: FileStatus, nowMs: number): Promise<void> {
    const { lines } = this.#reader;
    const head = await readHead(handle, lines.isLocal);
    const isKnown =
      status.sizeBytes >= this.#reader.position &&
      hasFingerprint(head, this.#fingerprint) &&
      (await isLineStart(handle, lines));
    if (!isKnown) this.#reader.restart();
    // Most files have as much as a fingerprint takes, and the same as before.
    if (!isKnown || !isWholeFingerprint(this.#fingerprint)) this.#fingerprint = fingerprintOf(head);
    this.format = foreignFormat(head);
    const encoding = encodingOf(head);
    if (encoding !== undefined) lines.encoding = encoding;
    // What is written to a short file meanwhile could show that it is in UTF-16, or no text.
    lines.knownBytes = head.length < FINGERPRINT_BYTES ? head.length : Number.POSITIVE_INFINITY;
    this.#isUnreadable = this.format !== undefined || encoding === undefined;
    if (!isSame(status, this.#seen)) this.#changedAtMs = nowMs;
    this.#seen = status;
    this.#checkedAtMs = nowMs;
    this.#isAtEnd = this.#isUnreadable;
  }
}

function isSame(status: FileStatus, seen: FileStatus | undefined): boolean {
  return (
    seen?.sizeBytes === status.sizeBytes &&
    seen.modifiedNs === status.modifiedNs &&
    seen.hasName === status.hasName
  );
}
