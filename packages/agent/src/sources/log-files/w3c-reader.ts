/**
 * Reads logs in the W3C extended format: rows, and lines with `#` that say what the fields of the
 * rows behind them are. What they said is kept with the offset, so that a row is understood after
 * a restart too. Source: W3C working draft WD-logfile-960323.
 */
import type { FileHandle } from 'node:fs/promises';
import type { W3cHeader } from '../../record.ts';
import { LineReader, type ReadBuffers, type ReadLines } from './line-reader.ts';
import type { ReadRecords, RecordReader } from './record-reader.ts';
import type { Lines } from './split-lines.ts';
import type { TextEncoding } from './text-encoding.ts';
import { afterDirective, NO_HEADER } from './w3c-header.ts';

const HASH = 0x23;

export class W3cReader implements RecordReader {
  readonly isHolding = false;
  readonly lines: LineReader;
  /** At the offset; `undefined` as long as it is not known. */
  #header: W3cHeader | undefined;
  #read: Pick<ReadRecords, 'ends' | 'headers'> = { ends: [] };

  constructor(lines: LineReader, header: W3cHeader | undefined) {
    this.lines = lines;
    this.#header = lines.offset === 0 ? NO_HEADER : header;
  }

  get position(): number {
    return this.lines.position;
  }

  get header(): W3cHeader | undefined {
    return this.#header;
  }

  restart(): void {
    this.lines.restart();
    this.#header = NO_HEADER;
  }

  takenTo(offset: number): void {
    this.lines.offset = offset;
    this.#header = this.#read.headers?.[this.#read.ends.indexOf(offset)] ?? this.#header;
  }

  async startAt(handle: FileHandle, offset: number, buffers: ReadBuffers): Promise<void> {
    this.lines.offset = offset;
    this.#header = await headerBefore(handle, offset, buffers, this.lines.encoding);
  }

  async read(handle: FileHandle, buffers: ReadBuffers): Promise<ReadRecords> {
    this.#header ??= await headerBefore(handle, this.lines.offset, buffers, this.lines.encoding);
    return this.#withoutDirectives(await this.lines.read(handle, buffers));
  }

  async readRest(handle: FileHandle, buffers: ReadBuffers): Promise<ReadRecords> {
    return this.#withoutDirectives(await this.lines.readRest(handle, buffers));
  }

  #withoutDirectives(lines: ReadLines): ReadRecords {
    const places: number[] = [];
    const ends: number[] = [];
    const headers: W3cHeader[] = [];
    const last = walk(lines, this.#header ?? NO_HEADER, (i, header) => {
      places.push(lines.places[2 * i]!, lines.places[2 * i + 1]!);
      ends.push(lines.ends[i]!);
      headers.push(header);
    });
    if (ends.length === 0 && lines.ends.length > 0) {
      // No row will take the offset past them.
      this.lines.offset = lines.ends.at(-1)!;
      this.#header = last;
    }
    this.#read = { ends, headers };
    return { ...lines, places, ends, headers };
  }
}

/** Shows each line that is a row, empty ones left out. The header in force behind all of them. */
function walk(
  { bytes, places, ends }: Lines,
  before: W3cHeader,
  row: (index: number, header: W3cHeader) => void,
): W3cHeader {
  let header = before;
  for (let i = 0; i < ends.length; i++) {
    const [start, end] = [places[2 * i]!, places[2 * i + 1]!];
    if (bytes[start] === HASH) header = afterDirective(header, bytes.toString('utf8', start, end));
    else if (start < end) row(i, header);
  }
  return header;
}

/** What is in force at an offset: read from the beginning, once. */
async function headerBefore(
  handle: FileHandle,
  offset: number,
  buffers: ReadBuffers,
  encoding: TextEncoding,
): Promise<W3cHeader> {
  const reader = new LineReader(0);
  reader.encoding = encoding;
  let header = NO_HEADER;
  while (reader.position < offset) {
    const lines = await reader.read(handle, buffers);
    const count = lines.ends.filter((end) => end <= offset).length;
    header = walk({ ...lines, ends: lines.ends.slice(0, count) }, header, () => {});
    if (lines.isAtEnd || count < lines.ends.length) break;
    reader.offset = lines.ends.at(-1) ?? reader.offset;
  }
  return header;
}
