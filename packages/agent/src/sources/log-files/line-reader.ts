/**
 * Reads one file's lines, a slice at a time. Only whole lines come out; an unfinished one stays
 * in the file and is read again when it is complete. Memory is that of the buffers, which all
 * files of a source share.
 */
import type { FileHandle } from 'node:fs/promises';
import { readAt } from './open-file.ts';
import { addLine, LINE_FEED, type Lines, splitLines } from './split-lines.ts';

const SLICE_BYTES = 256 * 1024;
/** The reference agent drops longer lines. Source: its release notes, October 2022. */
const LINE_BYTES_MAX = 1024 * 1024;
const NUL = 0x00;
const NOTHING = Buffer.alloc(0);

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
  /** Bytes; where the first line not yet handed over begins. Moved on by whoever takes lines. */
  offset: number;

  /** A line that is too long was read up to `to`, to be left out. */
  #skip: { to: number; isOnlyNul: boolean } | undefined;

  constructor(offset: number) {
    this.offset = offset;
  }

  /** Everything before this has been looked at. */
  get position(): number {
    return this.#skip?.to ?? this.offset;
  }

  restart(): void {
    this.offset = 0;
    this.#skip = undefined;
  }

  /**
   * The next lines. The same ones again, unless `offset` is moved on. Their bytes are those of
   * the buffers, good until these are read into again.
   */
  async read(handle: FileHandle, buffers: ReadBuffers): Promise<ReadLines> {
    if (this.#skip !== undefined) return this.#skipOn(handle, buffers.slice, this.#skip);
    let content = await readBytes(handle, buffers.slice, this.offset);
    let isAtEnd = content.length < buffers.slice.length;
    if (!isAtEnd && !content.includes(LINE_FEED)) {
      const long = longBuffer(buffers);
      content = await readBytes(handle, long, this.offset);
      isAtEnd = content.length < long.length;
      if (!isAtEnd && !content.includes(LINE_FEED)) {
        this.#skip = { to: this.offset + content.length, isOnlyNul: firstText(content) < 0 };
        return noLines(false);
      }
    }
    return { ...splitLines(content, this.offset), overLongCount: 0, isAtEnd };
  }

  /** The unfinished last line of a file that will not be written to any more, if there is one. */
  async readRest(handle: FileHandle, buffers: ReadBuffers): Promise<ReadLines> {
    if (this.#skip !== undefined) {
      return { ...noLines(true), overLongCount: this.#skip.isOnlyNul ? 0 : 1 };
    }
    const content = await readBytes(handle, longBuffer(buffers), this.offset);
    if (content.length === 0) return noLines(true);
    const places: number[] = [];
    addLine(places, content, 0, content.length, this.offset === 0);
    const ends = [this.offset + content.length];
    return { ...noLines(true), bytes: content, places, ends };
  }

  async #skipOn(
    handle: FileHandle,
    slice: Buffer,
    skip: { to: number; isOnlyNul: boolean },
  ): Promise<ReadLines> {
    const content = await readBytes(handle, slice, skip.to);
    // A large hole is not a line: the line begins behind it.
    const found = skip.isOnlyNul ? firstText(content) : content.indexOf(LINE_FEED);
    if (found < 0) {
      skip.to += content.length;
      return noLines(content.length < slice.length);
    }
    this.#skip = undefined;
    this.offset = skip.to + found + (skip.isOnlyNul ? 0 : 1);
    return { ...noLines(false), overLongCount: skip.isOnlyNul ? 0 : 1 };
  }
}

/** Where a line can begin before `sizeBytes`: after the last line feed, or at the beginning. */
export async function lastLineStart(
  handle: FileHandle,
  sizeBytes: number,
  { slice }: ReadBuffers,
): Promise<number> {
  for (let end = sizeBytes; end > 0; end -= slice.length) {
    const start = Math.max(0, end - slice.length);
    const content = await readBytes(handle, slice.subarray(0, end - start), start);
    const found = content.lastIndexOf(LINE_FEED);
    if (found >= 0) return start + found + 1;
  }
  return 0;
}

/** Whether a line can begin at `offset`: it follows a line feed, or a hole. */
export async function isLineStart(handle: FileHandle, offset: number): Promise<boolean> {
  if (offset === 0) return true;
  const before = Buffer.alloc(1, 1);
  await readAt(handle, before, offset - 1);
  return before[0] === LINE_FEED || before[0] === NUL;
}

function noLines(isAtEnd: boolean): ReadLines {
  return { bytes: NOTHING, places: [], ends: [], overLongCount: 0, isAtEnd };
}

function longBuffer(buffers: ReadBuffers): Buffer {
  buffers.long ??= Buffer.allocUnsafeSlow(LINE_BYTES_MAX + 1);
  return buffers.long;
}

async function readBytes(handle: FileHandle, into: Buffer, offset: number): Promise<Buffer> {
  return into.subarray(0, await readAt(handle, into, offset));
}

/** Index of the first byte that is not NUL, or -1. */
function firstText(bytes: Buffer): number {
  return bytes.findIndex((byte) => byte !== NUL);
}
