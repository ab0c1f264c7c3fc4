/**
 * One chunk of an event log: 64 KiB that can be decoded alone, all offsets being its own.
 *
 *      0  8 "ElfChnk\0"
 *      8 16 first and last record number        24 16 first and last record identifier
 *     40  4 header size, 128                    44  4 offset of the last record
 *     48  4 free space offset, end of records   52  4 CRC-32 of the records
 *    120  4 flags                              124  4 CRC-32 of the header
 *    128 64×4 name table                       384 32×4 template table
 *    512    records
 *
 * The tables are not needed: names and templates are reached through direct offsets. About the
 * checksums, see `checksums.ts`. Source: libyal "Windows XML Event Log (EVTX) format".
 */
import { BinXmlError } from './binxml-error.ts';
import type { Template } from './binxml-template.ts';
import { readSafeU64, readU16, readU32 } from './bytes.ts';
import { isQualifiedName } from './xml-name.ts';

export const CHUNK_SIZE = 65_536;
export const CHUNK_HEADER_SIZE = 512;
/** Bytes that tell a chunk's age: its header and the header of its first record. */
export const CHUNK_PEEK_SIZE = 536;
/** "**\0\0" */
export const RECORD_SIGNATURE = 0x2a2a;
const CHUNK_SIGNATURE = Buffer.from('ElfChnk\0', 'latin1');
const FIRST_RECORD_ID = 24;
const FREE_SPACE_OFFSET = 48;
const NAME_HEADER_SIZE = 8;
/** Names of elements and attributes are short; a crafted one must not cost memory. */
const NAME_LENGTH_MAX = 1024;

export interface ChunkName {
  readonly text: string;
  /** Bytes of the name record, as it stands in line at its first use. */
  readonly recordSize: number;
}

export function hasChunkSignature(bytes: Buffer): boolean {
  return bytes.length >= CHUNK_HEADER_SIZE && bytes.subarray(0, 8).equals(CHUNK_SIGNATURE);
}

/**
 * The identifier of a chunk's first record, which orders chunks by age. Taken from the record
 * itself, since the header may lag behind; 0 where neither can be read.
 */
export function firstRecordIdOf(bytes: Buffer): number {
  const isRecord =
    bytes.length >= CHUNK_PEEK_SIZE && readU32(bytes, CHUNK_HEADER_SIZE) === RECORD_SIGNATURE;
  const id = readSafeU64(bytes, isRecord ? CHUNK_HEADER_SIZE + 8 : FIRST_RECORD_ID);
  return Number.isFinite(id) ? id : 0;
}

export class Chunk {
  /** All of the chunk, or what the file holds of it. */
  readonly bytes: Buffer;
  /** The same bytes; reads of several bytes at once are faster here. */
  readonly view: DataView;
  /** Where the chunk begins in its file. */
  readonly offset: number;
  /** Templates by the offset of their definition. */
  readonly templates: Map<number, Template> = new Map();
  readonly #names = new Map<number, ChunkName>();

  /** The bytes begin with a chunk's signature and header. */
  constructor(bytes: Buffer, offset: number) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.offset = offset;
  }

  get firstRecordId(): number {
    return firstRecordIdOf(this.bytes);
  }

  /** Where the records end: the free space offset, unless it makes no sense. */
  get recordsEnd(): number {
    const offset = readU32(this.bytes, FREE_SPACE_OFFSET);
    if (offset < CHUNK_HEADER_SIZE || offset > CHUNK_SIZE) return this.bytes.length;
    return Math.min(offset, this.bytes.length);
  }

  /** The name record at an offset: next u32, hash u16, characters u16, UTF-16, NUL. */
  name(offset: number): ChunkName {
    const known = this.#names.get(offset);
    if (known !== undefined) return known;
    const start = offset + NAME_HEADER_SIZE;
    if (start > this.bytes.length) throw new BinXmlError('name outside the chunk');
    const length = readU16(this.bytes, offset + 6);
    const size = 2 * length;
    if (start + size > this.bytes.length) throw new BinXmlError('name outside the chunk');
    const text =
      length > NAME_LENGTH_MAX ? '' : this.bytes.toString('utf16le', start, start + size);
    if (!isQualifiedName(text)) throw new BinXmlError('name that XML cannot carry');
    const name = { text, recordSize: NAME_HEADER_SIZE + size + 2 };
    this.#names.set(offset, name);
    return name;
  }

  /** Whether a name stands at an offset; cheaper than `name`, and never throws. */
  hasName(offset: number, text: string): boolean {
    const start = offset + NAME_HEADER_SIZE;
    if (start + 2 * text.length > this.bytes.length) return false;
    if (this.view.getUint16(start - 2, true) !== text.length) return false;
    for (let i = 0; i < text.length; i++) {
      if (this.view.getUint16(start + 2 * i, true) !== text.charCodeAt(i)) return false;
    }
    return true;
  }
}
