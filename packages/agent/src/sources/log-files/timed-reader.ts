/**
 * Reads records that begin with a time. The last one of a file is handed over when the next one
 * begins, or when nothing has been written for a while; until then it stays in the file, and the
 * offset before it.
 */
import type { FileHandle } from 'node:fs/promises';
import { groupRecords } from './group-records.ts';
import { LineReader, noLines, type ReadBuffers, type ReadLines } from './line-reader.ts';
import type { ReadMoment, ReadRecords, RecordReader } from './record-reader.ts';
import type { RecordStart } from './record-start.ts';

export class TimedReader implements RecordReader {
  isHolding = false;
  readonly header: undefined;
  readonly lines: LineReader;
  readonly #begins: RecordStart;
  /** Looks for the end of a record that is too long. */
  #skip: LineReader | undefined;

  constructor(lines: LineReader, begins: RecordStart) {
    this.lines = lines;
    this.#begins = begins;
  }

  get position(): number {
    return this.#skip?.position ?? this.lines.position;
  }

  restart(): void {
    this.lines.restart();
    this.#skip = undefined;
    this.isHolding = false;
  }

  takenTo(offset: number): void {
    this.lines.offset = offset;
  }

  async startAt(_handle: FileHandle, offset: number): Promise<void> {
    this.lines.offset = offset;
  }

  async read(handle: FileHandle, buffers: ReadBuffers, moment: ReadMoment): Promise<ReadRecords> {
    if (this.#skip !== undefined) return this.#skipOn(this.#skip, handle, buffers, moment);
    for (const isLong of [false, true]) {
      const lines = await this.lines.readSlice(handle, buffers, isLong);
      const isFinal = moment.isQuiet && lines.isAtEnd;
      const records = groupRecords(lines, this.#begins, moment.nowMs, isFinal);
      this.isHolding = records.isOpen;
      const isOneOnly = records.ends.length === 0 && lines.ends.length > 0;
      if (!isOneOnly || lines.isAtEnd) return { ...lines, ...records };
      if (isLong) this.#skip = this.#lineReaderAt(lines.ends.at(-1)!);
    }
    this.isHolding = true;
    return noLines(false);
  }

  async readRest(
    handle: FileHandle,
    buffers: ReadBuffers,
    { nowMs }: ReadMoment,
  ): Promise<ReadRecords> {
    if (this.#skip !== undefined) return noLines(true, 1);
    const rest = await this.lines.readRest(handle, buffers);
    return { ...rest, ...groupRecords(rest, this.#begins, nowMs, true) };
  }

  #lineReaderAt(offset: number): LineReader {
    const lines = new LineReader(offset);
    lines.encoding = this.lines.encoding;
    return lines;
  }

  /** The offset stays before the record until its end is found: it counts once then. */
  async #skipOn(
    skip: LineReader,
    handle: FileHandle,
    buffers: ReadBuffers,
    moment: ReadMoment,
  ): Promise<ReadRecords> {
    const lines = await skip.read(handle, buffers);
    const next = this.#firstStart(lines, skip.offset, moment.nowMs);
    skip.offset = next ?? lines.ends.at(-1) ?? skip.offset;
    if (next === undefined && !(lines.isAtEnd && moment.isQuiet)) {
      return noLines(lines.isAtEnd);
    }
    this.#skip = undefined;
    this.isHolding = false;
    this.lines.offset = skip.offset;
    return noLines(lines.isAtEnd && next === undefined, 1);
  }

  /** Offset of the first line that begins with a time. */
  #firstStart(
    { bytes, places, ends }: ReadLines,
    offset: number,
    nowMs: number,
  ): number | undefined {
    const at = ends.findIndex(
      (_, i) => this.#begins(bytes, places[2 * i]!, places[2 * i + 1]!, nowMs) !== null,
    );
    return at > 0 ? ends[at - 1] : at === 0 ? offset : undefined;
  }
}
