/** A log file from beginning to end, by the readers of the log files source. */
import type { FileHandle } from 'node:fs/promises';
import { AgentError, reasonOf } from '../errors.ts';
import type { Batch, LineRecord } from '../record.ts';
import { batchEnd, LineBatch, linesAsRecords } from '../sources/log-files/line-batch.ts';
import { createReadBuffers } from '../sources/log-files/line-reader.ts';
import { type OpenedFile, openFile, readAt, readHead } from '../sources/log-files/open-file.ts';
import {
  createRecordReader,
  type ReadRecords,
  type RecordForm,
  type RecordReader,
} from '../sources/log-files/record-reader.ts';
import { encodingOf, type TextEncoding } from '../sources/log-files/text-encoding.ts';
import { foreignToText } from './foreign-input.ts';
import type { ReplayClock } from './replay-clock.ts';

export interface LogFileOptions {
  readonly form: RecordForm;
  readonly clock: ReplayClock;
  /** What rows have for the file's path. */
  readonly name: string;
  /** Called with records in their order; good for the call. */
  take(batch: Batch<LineRecord>): void;
  /** Awaited between two slices of the file. */
  settle(bytesRead: number): Promise<void>;
}

/**
 * All records of a regular file, one that its end leaves unfinished too: nothing more is written to
 * it. Throws `SOURCE_UNAVAILABLE` for a file that cannot be opened or read, or is no text.
 */
export async function readLogFile(path: string, options: LogFileOptions): Promise<void> {
  const opened = await attempt(options.name, () => openFile(path));
  if (opened === undefined) throw unavailable(options.name, 'there is no regular file');
  try {
    await attempt(options.name, () => readOpened(opened, options));
  } finally {
    await opened.handle.close();
  }
}

async function readOpened(opened: OpenedFile, options: LogFileOptions): Promise<void> {
  const head = await readHead(opened.handle);
  const foreign = foreignToText(head);
  if (foreign !== undefined) throw unavailable(options.name, foreign);
  const encoding = encodingOf(head) ?? 'UTF-8';
  const reader = createRecordReader(options.form, 0, undefined);
  reader.lines.encoding = encoding;
  const handle = await withLastLineFeed(opened, encoding);
  const buffers = createReadBuffers();
  for (let isRead = false; !isRead; ) {
    const moment = { nowMs: options.clock.yearMs, isQuiet: true };
    const records = await reader.read(handle, buffers, moment);
    handOver(records, reader, options);
    await options.settle(Math.min(reader.position, opened.status.sizeBytes));
    isRead = records.isAtEnd && records.ends.length === 0 && records.overLongCount === 0;
  }
}

function handOver(records: ReadRecords, reader: RecordReader, options: LogFileOptions): void {
  const { clock, name, take } = options;
  for (const time of records.times ?? []) clock.note(time);
  const overLong = overLongBatch(records.overLongCount);
  if (overLong !== undefined) take(overLong);
  for (let from = 0; from < records.ends.length; ) {
    const to = batchEnd(records, from);
    const range = { lines: records, from, to };
    take({ records: linesAsRecords(range, name, clock.undatedMs), cursors: [] });
    reader.takenTo(records.ends[to - 1]!);
    from = to;
  }
}

/** Lines that are too long, as the source rejects them. */
function overLongBatch(count: number): Batch<LineRecord> | undefined {
  const batch = new LineBatch('replay');
  batch.addOverLong(count);
  return batch.take();
}

/**
 * The same file as if its last line were ended, so that it is read as any other. What is written
 * to it from now on is not read.
 */
async function withLastLineFeed(
  { handle, status: { sizeBytes } }: OpenedFile,
  encoding: TextEncoding,
): Promise<FileHandle> {
  const lineFeed = LINE_FEEDS[encoding];
  const end = Buffer.alloc(Math.min(lineFeed.length, sizeBytes));
  const isEnded = (await readAt(handle, end, sizeBytes - end.length)) > 0 && end.equals(lineFeed);
  const more = isEnded || sizeBytes === 0 ? NOTHING : lineFeed;
  const read = async (
    into: Buffer,
    at: number,
    length: number,
    position: number,
  ): Promise<{ bytesRead: number }> => {
    const left = sizeBytes - position;
    if (left > 0) return handle.read(into, at, Math.min(length, left), position);
    const from = Math.min(-left, more.length);
    return { bytesRead: more.copy(into, at, from, Math.min(more.length, from + length)) };
  };
  // The readers ask for nothing else of what they read from.
  return { read } as unknown as FileHandle;
}

const NOTHING = Buffer.alloc(0);
const LINE_FEEDS: Readonly<Record<TextEncoding, Buffer>> = {
  'UTF-8': Buffer.of(0x0a),
  'UTF-16 LE': Buffer.of(0x0a, 0),
  'UTF-16 BE': Buffer.of(0, 0x0a),
};

async function attempt<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isOfSystem = error instanceof Error && 'syscall' in error;
    throw isOfSystem ? unavailable(name, reasonOf(error)) : error;
  }
}

function unavailable(name: string, reason: string): AgentError {
  const where = name === '-' ? 'standard input' : name;
  return new AgentError('SOURCE_UNAVAILABLE', `cannot read ${where}: ${reason}`);
}
