/**
 * The checksums of a log. In a log that is being written they lag behind, and every record is
 * checked by its own structure: so they are looked at where something is damaged, or on demand.
 * Source: libyal "Windows XML Event Log (EVTX) format".
 */
import { readU32 } from './bytes.ts';
import { CHUNK_HEADER_SIZE, CHUNK_SIZE, type Chunk } from './chunk.ts';
import type { Damage } from './damage.ts';

/** Asked for when it is needed, which is rare: loading it takes longer than reading a small log. */
const crc32 = (bytes: Buffer, before = 0): number =>
  process.getBuiltinModule('node:zlib').crc32(bytes, before);

const SUMMED_SIZE = 120;
const FLAGS = 120;
const CHECKSUM = 124;
const TABLES = 128;
const DATA_CHECKSUM = 52;
/** The chunk is written without checksums. */
const NO_CHECKSUMS_FLAG = 4;

/** A file header whose checksum is wrong; one that is cut short has none. */
export function checkFileHeader(header: Buffer): Damage[] {
  if (
    header.length < TABLES ||
    crc32(header.subarray(0, SUMMED_SIZE)) === readU32(header, CHECKSUM)
  ) {
    return [];
  }
  return [{ offset: 0, length: header.length, reason: 'wrong checksum', detail: 'file header' }];
}

/** A chunk's header, with its tables, and its records each have a checksum. */
export function checkChunk(chunk: Chunk): Damage[] {
  const { bytes, offset, recordsEnd } = chunk;
  // Of a chunk that is cut short, the rest is missing from the sum.
  if (bytes.length < CHUNK_SIZE || (readU32(bytes, FLAGS) & NO_CHECKSUMS_FLAG) !== 0) return [];
  const damage: Damage[] = [];
  const tables = bytes.subarray(TABLES, CHUNK_HEADER_SIZE);
  const header = crc32(tables, crc32(bytes.subarray(0, SUMMED_SIZE)));
  if (header !== readU32(bytes, CHECKSUM)) {
    const length = CHUNK_HEADER_SIZE;
    damage.push({ offset, length, reason: 'wrong checksum', detail: 'chunk header' });
  }
  if (crc32(bytes.subarray(CHUNK_HEADER_SIZE, recordsEnd)) !== readU32(bytes, DATA_CHECKSUM)) {
    const length = recordsEnd - CHUNK_HEADER_SIZE;
    const at = offset + CHUNK_HEADER_SIZE;
    damage.push({ offset: at, length, reason: 'wrong checksum', detail: 'records of a chunk' });
  }
  return damage;
}
