/**
 * A log of any size: the chunks of a small one, repeated behind its header, the records numbered
 * on, with valid checksums, so that other readers take it too.
 */

import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const HEADER_SIZE = 4096;
const CHUNK_SIZE = 65_536;
const RECORDS_START = 512;

/** Returns the number of records written. */
export function writeLargeLog(from: string, to: string, bytes: number): number {
  const log = readFileSync(from);
  const chunks: Buffer[] = [];
  for (let at = HEADER_SIZE; at + CHUNK_SIZE <= log.length; at += CHUNK_SIZE) {
    const chunk = log.subarray(at, at + CHUNK_SIZE);
    if (chunk.toString('latin1', 0, 7) === 'ElfChnk') chunks.push(Buffer.from(chunk));
  }
  const file = openSync(to, 'w');
  const header = Buffer.from(log.subarray(0, HEADER_SIZE));
  const count = Math.ceil(bytes / CHUNK_SIZE);
  header.writeUInt16LE(count % 65_536, 42);
  header.writeBigUInt64LE(BigInt(count - 1), 16);
  header.writeUInt32LE(0, 120);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  writeSync(file, header);
  let nextId = 1;
  for (let written = 0, i = 0; written < bytes; written += CHUNK_SIZE, i++) {
    const chunk = chunks[i % chunks.length] as Buffer;
    nextId = renumber(chunk, nextId);
    writeSync(file, chunk);
  }
  closeSync(file);
  return nextId - 1;
}

function renumber(chunk: Buffer, firstId: number): number {
  let id = firstId;
  const end = Math.min(chunk.readUInt32LE(48), CHUNK_SIZE);
  for (let at = RECORDS_START; at + 28 <= end && chunk.readUInt32LE(at) === 0x2a2a; id++) {
    chunk.writeBigUInt64LE(BigInt(id), at + 8);
    at += chunk.readUInt32LE(at + 4);
  }
  chunk.writeBigUInt64LE(BigInt(firstId), 24);
  chunk.writeBigUInt64LE(BigInt(id - 1), 32);
  chunk.writeUInt32LE(crc32(chunk.subarray(RECORDS_START, end)), 52);
  const header = crc32(chunk.subarray(128, RECORDS_START), crc32(chunk.subarray(0, 120)));
  chunk.writeUInt32LE(header, 124);
  return id;
}
