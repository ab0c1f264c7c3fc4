/**
 * Writes .evtx files for tests from events one authors as XML: several chunks where needed, valid
 * checksums, string and template tables.
 */
import { crc32 } from 'node:zlib';
import { createdTime, type DataTypes, forwardedEvent, storedEvent } from './authored-event.ts';
import type { ElementSpec, InstanceSpec } from './binxml-model.ts';
import { CHUNK_SIZE, ChunkWriter, type RecordSpec } from './chunk-writer.ts';
import { filetimeTicks } from './values.ts';

export const FILE_HEADER_SIZE = 4096;
const WRITTEN_BY_DEFAULT = '2025-01-01T00:00:00.0000000Z';

/** Event XML, or more about how it is to be stored. */
export type AuthoredEvent = string | EventInXml | StoredContent;

export interface EventInXml {
  readonly xml: string;
  readonly types?: DataTypes;
  /** As a collector stores it: without templates. */
  readonly isForwarded?: boolean;
  /** When the record was written; the event's own time when not given. */
  readonly writtenTime?: string;
  /** Identifier of this record; the next one when not given. */
  readonly recordId?: number;
}

/** Binary XML put together by hand. */
export interface StoredContent {
  readonly content: InstanceSpec | ElementSpec;
  readonly writtenTime?: string;
  readonly recordId?: number;
}

export interface WriteEvtxOptions {
  readonly startRecordId?: number;
  /** Types of data of all events, see `DataTypes`. */
  readonly types?: DataTypes;
  readonly header?: Partial<FileHeader>;
}

export interface FileHeader {
  readonly chunkCount: number;
  readonly nextRecordId: number;
  /** Set while the service has the file open. */
  readonly isDirty: boolean;
}

export function writeEvtx(
  events: readonly AuthoredEvent[],
  options: WriteEvtxOptions = {},
): Buffer {
  const chunks: ChunkWriter[] = [];
  let recordId = options.startRecordId ?? 1;
  for (const event of events) {
    const record = recordOf(event, recordId, options.types ?? {});
    addRecord(chunks, record);
    recordId = record.recordId + 1;
  }
  const header = { chunkCount: chunks.length, nextRecordId: recordId, isDirty: false };
  return Buffer.concat([
    fileHeader({ ...header, ...options.header }),
    ...chunks.map((chunk) => chunk.finish()),
  ]);
}

export function recordOf(event: AuthoredEvent, nextId: number, types: DataTypes): RecordSpec {
  const authored = typeof event === 'string' ? { xml: event } : event;
  const recordId = authored.recordId ?? nextId;
  if ('content' in authored) {
    const writtenTicks = filetimeTicks(authored.writtenTime ?? WRITTEN_BY_DEFAULT);
    return { recordId, writtenTicks, content: authored.content };
  }
  const { xml, isForwarded = false } = authored;
  const writtenTime = authored.writtenTime ?? createdTime(xml) ?? WRITTEN_BY_DEFAULT;
  const content = isForwarded
    ? forwardedEvent(xml)
    : storedEvent(xml, { ...types, ...authored.types }, recordId);
  return { recordId, writtenTicks: filetimeTicks(writtenTime), content };
}

/** Adds to the last chunk, or to a new one. */
export function addRecord(chunks: ChunkWriter[], record: RecordSpec): void {
  if (chunks.at(-1)?.add(record)) return;
  const chunk = new ChunkWriter();
  if (!chunk.add(record)) throw new Error('the event is larger than a chunk');
  chunks.push(chunk);
}

export function fileHeader({ chunkCount, nextRecordId, isDirty }: FileHeader): Buffer {
  const header = Buffer.alloc(FILE_HEADER_SIZE);
  header.write('ElfFile\0', 0, 'latin1');
  header.writeBigUInt64LE(BigInt(Math.max(0, chunkCount - 1)), 16);
  header.writeBigUInt64LE(BigInt(nextRecordId), 24);
  header.writeUInt32LE(128, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt16LE(3, 38);
  header.writeUInt16LE(FILE_HEADER_SIZE, 40);
  header.writeUInt16LE(chunkCount, 42);
  header.writeUInt32LE(isDirty ? 1 : 0, 120);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  return header;
}

/** Where a chunk begins in a file. */
export function chunkOffset(index: number): number {
  return FILE_HEADER_SIZE + index * CHUNK_SIZE;
}
