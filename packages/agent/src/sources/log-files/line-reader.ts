/**
 * Reads one file's lines, a slice at a time. Only whole lines come out; an unfinished one stays
 * in the file and is read again when it is complete. Memory is that of the buffers, which all
 * files of a source share.
 */
import type { FileHandle } from 'node:fs/promises';
import { readAt, readFew, readNow } from './open-file.ts';
import { type Lines, splitLines, wholeLine } from './split-lines.ts';
import { lastLineFeedAt, lineFeedAt, type TextEncoding, unitBytes } from './text-encoding.ts';

const SLICE_BYTES = 256 * 1024;
/** The reference agent drops longer lines. Source: its release notes, October 2022. */
const LINE_BYTES_MAX = 1024 * 1024;
const LINE_FEED = 0x0a;
const NUL = 0x00;
const NOTHING: Lines = { bytes: Buffer.alloc(0), places: [], ends: [] };

export interface ReadLines extends Lines {
  /** Lines left out because they were longer than 1 MiB. */
  readonly overLongCount: number;
  /** Whether the file had no more when it was read. */
  readonly isAtEnd: boolean;
}

export interface ReadBuffers {
  readonly slice: Buffer;
  /** For a line that does not fit into a slice; made when the first one comes. */
  long?: Buffer;
}

export function createReadBuffers(): ReadBuffers {
  return { slice: Buffer.allocUnsafeSlow(SLICE_BYTES) };
}

export class LineReader {
  /** Bytes; where the first line not yet handed over begins. */
  offset: number;
  encoding: TextEncoding = 'UTF-8';
  /** Whether the file is on a disk of this machine. */
  isLocal = false;
  /** How much is new is known, and it is little, on a disk of this machine. */
  isLittle = false;
  /** Nothing behind this is read, bytes of the file: it was not looked at what that is. */
  knownBytes: number = Number.POSITIVE_INFINITY;
  readonly isHolding = false;
  readonly header: undefined;

  /** A line that is too long was read up to `to`, to be left out. */
  #skip: { to: number; isOnlyNul: boolean } | undefined;

  constructor(offset: number) {
    this.offset = offset;
  }

  /** Records that are lines are read by what reads lines. */
  get lines(): LineReader {
    return this;
  }

  /** Everything before this has been looked at. */
  get position(): number {
    return this.#skip?.to ?? this.offset;
  }

  restart(): void {
    this.offset = 0;
    this.#skip = undefined;
  }

  takenTo(offset: number): void {
    this.offset = offset;
  }

  async startAt(_handle: FileHandle, offset: number): Promise<void> {
    this.offset = offset;
  }

  /**
   * The next lines. The same ones again, unless `offset` is moved on. Their bytes are those of
   * the buffers, good until these are read into again.
   */
  read(handle: FileHandle, buffers: ReadBuffers): Promise<ReadLines> {
    return this.readSlice(handle, buffers, false);
  }

  /** The same; `isLong`: as many as may be together in one record. */
  async readSlice(handle: FileHandle, buffers: ReadBuffers, isLong: boolean): Promise<ReadLines> {
    if (this.#skip !== undefined) return this.#skipOn(handle, buffers.slice, this.#skip);
    const room = isLong ? longBuffer(buffers) : buffers.slice;
    const known = room.subarray(0, Math.max(0, this.knownBytes - this.offset));
    const content = this.isLittle
      ? known.subarray(0, readNow(handle, known, this.offset))
      : await readBytes(handle, known, this.offset, this.isLocal);
    const isAtEnd = content.length < room.length;
    if (isAtEnd || lineFeedAt(content, this.encoding) >= 0) {
      return { ...splitLines(content, this.offset, this.encoding), overLongCount: 0, isAtEnd };
    }
    if (!isLong) return this.readSlice(handle, buffers, true);
    const to = this.offset + this.#wholeUnits(content.length);
    this.#skip = { to, isOnlyNul: firstText(content) < 0 };
    return noLines(false);
  }

  /** The unfinished last line of a file that will not be written to any more, if there is one. */
  async readRest(handle: FileHandle, buffers: ReadBuffers): Promise<ReadLines> {
    if (this.#skip !== undefined) return noLines(true, this.#skip.isOnlyNul ? 0 : 1);
    const content = await readBytes(handle, longBuffer(buffers), this.offset);
    if (content.length === 0) return noLines(true);
    const line = wholeLine(content, this.offset, this.encoding);
    return { ...line, overLongCount: 0, isAtEnd: true };
  }

  async #skipOn(
    handle: FileHandle,
    slice: Buffer,
    skip: { to: number; isOnlyNul: boolean },
  ): Promise<ReadLines> {
    const content = await readBytes(handle, slice, skip.to);
    // A large hole is not a line: the line begins behind it.
    const found = skip.isOnlyNul ? firstText(content) : lineFeedAt(content, this.encoding);
    if (found < 0) {
      skip.to += this.#wholeUnits(content.length);
      return noLines(content.length < slice.length);
    }
    this.#skip = undefined;
    const behind = skip.isOnlyNul ? 0 : unitBytes(this.encoding);
    this.offset = skip.to + this.#wholeUnits(found) + behind;
    return noLines(false, skip.isOnlyNul ? 0 : 1);
  }

  #wholeUnits(bytes: number): number {
    return bytes - (bytes % unitBytes(this.encoding));
  }
}

/** Where a line can begin before `sizeBytes`: after the last line feed, or at the beginning. */
export async function lastLineStart(
  handle: FileHandle,
  sizeBytes: number,
  { slice }: ReadBuffers,
  encoding: TextEncoding,
): Promise<number> {
  const unit = unitBytes(encoding);
  for (let end = sizeBytes - (sizeBytes % unit); end > 0; end -= slice.length) {
    const start = Math.max(0, end - slice.length);
    const content = await readBytes(handle, slice.subarray(0, end - start), start);
    const found = lastLineFeedAt(content, encoding);
    if (found >= 0) return start + found + unit;
  }
  return 0;
}

/** Whether a line can begin where a reader stands: it follows a line feed, or a hole. */
export async function isLineStart(
  handle: FileHandle,
  { offset, encoding, isLocal }: LineReader,
): Promise<boolean> {
  if (offset === 0) return true;
  const unit = unitBytes(encoding);
  const before = Buffer.alloc(unit, 1);
  await readFew(handle, before, offset - unit, isLocal);
  if (before.every((byte) => byte === NUL)) return true;
  return unit === 1 ? before[0] === LINE_FEED : lineFeedAt(before, encoding) === 0;
}

export function noLines(isAtEnd: boolean, overLongCount = 0): ReadLines {
  return { ...NOTHING, overLongCount, isAtEnd };
}

function longBuffer(buffers: ReadBuffers): Buffer {
  buffers.long ??= Buffer.allocUnsafeSlow(LINE_BYTES_MAX + 1);
  return buffers.long;
}

async function readBytes(
  handle: FileHandle,
  into: Buffer,
  offset: number,
  isLocal = false,
): Promise<Buffer> {
  return into.subarray(0, await readAt(handle, into, offset, isLocal));
}

const HOLE = Buffer.alloc(SLICE_BYTES);

/** Index of the first byte that is not NUL, or -1. */
function firstText(bytes: Buffer): number {
  // A hole may have gigabytes, which are read as nothing but NULs.
  if (bytes.length <= HOLE.length && bytes.equals(HOLE.subarray(0, bytes.length))) return -1;
  return bytes.findIndex((byte) => byte !== NUL);
}
