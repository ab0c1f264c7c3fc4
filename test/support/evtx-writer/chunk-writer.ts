/**
 * Writes one chunk: records, with each name and template definition in line at its first use and
 * entered into the chunk's hash tables. Layout as in the reader's `chunk.ts` and `records.ts`.
 */
import { crc32 } from 'node:zlib';
import type { ElementSpec, InstanceSpec } from './binxml-model.ts';
import { writeFragment } from './binxml-writer.ts';
import { ByteWriter } from './byte-writer.ts';

export const CHUNK_SIZE = 65_536;
const HEADER_SIZE = 512;
const NAME_TABLE = 128;
const NAME_BUCKETS = 64;
const TEMPLATE_TABLE = 384;
const TEMPLATE_BUCKETS = 32;
const RECORD_SIGNATURE = 0x2a2a;

export interface RecordSpec {
  readonly recordId: number;
  /** FILETIME ticks. */
  readonly writtenTicks: bigint;
  readonly content: InstanceSpec | ElementSpec;
}

export class ChunkWriter {
  readonly out = new ByteWriter(CHUNK_SIZE, HEADER_SIZE);
  readonly #names = new Map<string, number>();
  readonly #templates = new Map<string, number>();
  readonly #recordIds: number[] = [];
  #lastRecord = 0;
  #undo: (() => void)[] = [];

  get isEmpty(): boolean {
    return this.#recordIds.length === 0;
  }

  /** Adds a record; false, leaving the chunk as it was, when it does not fit. */
  add(record: RecordSpec): boolean {
    const start = this.out.at;
    this.#undo = [];
    try {
      this.#write(record);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      for (const undo of this.#undo.toReversed()) undo();
      this.out.bytes.fill(0, start);
      this.out.at = start;
      return false;
    }
    this.#recordIds.push(record.recordId);
    this.#lastRecord = start;
    return true;
  }

  /** Writes the offset of a name, and the name itself where it is new. */
  name(text: string): void {
    const known = this.#names.get(text);
    if (known !== undefined) {
      this.out.u32(known);
      return;
    }
    const offset = this.out.at + 4;
    this.out.u32(offset);
    this.#remember(this.#names, text, offset);
    const hash = nameHash(text);
    this.out.u32(this.#enter(NAME_TABLE + 4 * (hash % NAME_BUCKETS), offset));
    this.out.u16(hash);
    this.out.u16(text.length);
    this.out.raw(Buffer.from(`${text}\0`, 'utf16le'));
  }

  /** Writes the offset of a definition; true when the definition itself has to follow. */
  definition(guid: string, id: number): boolean {
    const known = this.#templates.get(guid);
    this.out.u32(known ?? this.out.at + 4);
    if (known !== undefined) return false;
    const offset = this.out.at;
    this.#remember(this.#templates, guid, offset);
    this.out.u32(this.#enter(TEMPLATE_TABLE + 4 * (id % TEMPLATE_BUCKETS), offset));
    return true;
  }

  /** The whole chunk with its checksums. More records may follow; call again then. */
  finish(): Buffer {
    const { bytes, at } = this.out;
    bytes.write('ElfChnk\0', 0, 'latin1');
    const first = BigInt(this.#recordIds[0] ?? 1);
    const last = BigInt(this.#recordIds.at(-1) ?? 0);
    for (const offset of [8, 24]) {
      bytes.writeBigUInt64LE(first, offset);
      bytes.writeBigUInt64LE(last, offset + 8);
    }
    bytes.writeUInt32LE(128, 40);
    bytes.writeUInt32LE(this.#lastRecord, 44);
    bytes.writeUInt32LE(at, 48);
    bytes.writeUInt32LE(crc32(bytes.subarray(HEADER_SIZE, at)), 52);
    bytes.writeUInt32LE(1, 120);
    const headerCrc = crc32(bytes.subarray(128, HEADER_SIZE), crc32(bytes.subarray(0, 120)));
    bytes.writeUInt32LE(headerCrc, 124);
    return Buffer.from(bytes);
  }

  #write(record: RecordSpec): void {
    const { out } = this;
    const start = out.at;
    out.u32(RECORD_SIGNATURE);
    out.u32(0);
    out.u64(BigInt(record.recordId));
    out.u64(record.writtenTicks);
    writeFragment(this, record.content);
    while ((out.at + 4) % 8 !== 0) out.u8(0);
    const size = out.at + 4 - start;
    out.u32(size);
    out.bytes.writeUInt32LE(size, start + 4);
  }

  #remember(table: Map<string, number>, key: string, offset: number): void {
    table.set(key, offset);
    this.#undo.push(() => table.delete(key));
  }

  /** Makes an entry the first of its hash chain; returns the one that was. */
  #enter(bucket: number, offset: number): number {
    const { bytes } = this.out;
    const previous = bytes.readUInt32LE(bucket);
    bytes.writeUInt32LE(offset, bucket);
    this.#undo.push(() => bytes.writeUInt32LE(previous, bucket));
    return previous;
  }
}

function nameHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) {
    hash = (Math.imul(hash, 65_599) + text.charCodeAt(i)) >>> 0;
  }
  return hash & 0xffff;
}
