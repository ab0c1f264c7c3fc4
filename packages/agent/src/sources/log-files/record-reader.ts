/** One file's records, a slice at a time: what the rule says a record is made of its lines. */
import type { FileHandle } from 'node:fs/promises';
import type { W3cHeader } from '../../record.ts';
import { LineReader, type ReadBuffers, type ReadLines } from './line-reader.ts';
import type { RecordStart } from './record-start.ts';
import { TimedReader } from './timed-reader.ts';
import { W3cReader } from './w3c-reader.ts';

/**
 * `lines`: each line is one. `timed`: one begins with a time and goes on over the lines that do
 * not. `w3c`: each line is one, but for those that say what the others hold.
 */
export type RecordForm =
  | { readonly kind: 'lines' }
  | { readonly kind: 'timed'; readonly begins: RecordStart }
  | { readonly kind: 'w3c' };

export interface ReadRecords extends ReadLines {
  /** The time each record carries, epoch milliseconds, `NaN` without one; absent: none does. */
  readonly times?: readonly number[];
  /** What the fields of each record are, in logs in W3C format. */
  readonly headers?: readonly W3cHeader[];
}

/** What is known of the moment of reading. */
export interface ReadMoment {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Whether nothing was written to the file for a while: what is there is complete. */
  readonly isQuiet: boolean;
}

export interface RecordReader {
  /** Reads the lines; where they begin, the first record not yet handed over does. */
  readonly lines: LineReader;
  /** Everything before this has been looked at. */
  readonly position: number;
  /** Whether there is a record that is complete only once the file is quiet. */
  readonly isHolding: boolean;
  /** What must be known to read on at `offset`, beside it. */
  readonly header: W3cHeader | undefined;
  /** Begins again at the beginning of the file. */
  restart(): void;
  /** Goes on at an offset behind one of the records read last. */
  takenTo(offset: number): void;
  /** Goes on where a line begins that nothing is known of. */
  startAt(handle: FileHandle, offset: number, buffers: ReadBuffers): Promise<void>;
  /**
   * The next records. The same ones again, unless `takenTo` moves on. Their bytes are those of
   * the buffers, good until these are read into again.
   */
  read(handle: FileHandle, buffers: ReadBuffers, moment: ReadMoment): Promise<ReadRecords>;
  /** The unfinished last line of a file that will not be written to any more, if there is one. */
  readRest(handle: FileHandle, buffers: ReadBuffers, moment: ReadMoment): Promise<ReadRecords>;
}

export function createRecordReader(
  form: RecordForm,
  offset: number,
  header: W3cHeader | undefined,
): RecordReader {
  const lines = new LineReader(offset);
  switch (form.kind) {
    case 'lines':
      return lines;
    case 'timed':
      return new TimedReader(lines, form.begins);
    case 'w3c':
      return new W3cReader(lines, header);
  }
}
