/**
 * The first 100 bytes of the database file. SQLite opens nothing when they are damaged, though
 * nearly all of them are the same in every buffer and none of them holds records.
 *
 * Source: https://www.sqlite.org/fileformat2.html §1.3.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { AgentError } from '../errors.ts';
import { APPLICATION_ID, PAGE_BYTES, SCHEMA_VERSION } from './schema.ts';
import { statOf } from './state-directory.ts';

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
/** With a write-ahead log, or, just laid out, without one. */
const FILE_FORMATS: ReadonlySet<number> = new Set([1, 2]);
/** Unused bytes per page, then three shares of a page that SQLite has fixed. */
const FIXED_SHARES = [0, 64, 32, 32] as const;
const SCHEMA_FORMAT = 4;
const UTF_8 = 1;

/** Throws `BUFFER_CORRUPT` where it is not what this agent writes; a newer one may differ. */
export function checkHeader(file: string): void {
  const header = readHeader(file);
  const isNewer =
    applicationId(header) === APPLICATION_ID && schemaVersion(header) > SCHEMA_VERSION;
  if (isNewer || isSound(header, file)) return;
  throw new AgentError('BUFFER_CORRUPT', `The header of ${file} is damaged`);
}

/**
 * Runs `action` while the file has a header that SQLite accepts, and then puts the damaged one
 * back. Cut off in between, the file is still taken for damaged: it does not say whose it is.
 */
export function withSoundHeader<T>(file: string, action: () => T): T {
  const size = statOf(file)?.isFile() ? sizeOf(file) : 0;
  if (size < PAGE_BYTES) return action();
  const found = readHeader(file);
  if (isSound(found, file)) return action();
  writeHeader(file, soundHeader(size));
  try {
    return action();
  } finally {
    writeHeader(file, found);
  }
}

/** Fewer bytes than there should be read as zeros. */
export function readHeader(file: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, header, 0, header.length, 0);
  } finally {
    closeSync(handle);
  }
  return header;
}

export function schemaVersion(header: Buffer): number {
  return header.readUInt32BE(60);
}

export function applicationId(header: Buffer): number {
  return header.readUInt32BE(68);
}

function isSound(header: Buffer, file: string): boolean {
  const hasLog = (statOf(`${file}-wal`)?.size ?? 0) > 0;
  return (
    header.toString('latin1', 0, 16) === MAGIC &&
    header.readUInt16BE(16) === PAGE_BYTES &&
    [18, 19].every((at) => FILE_FORMATS.has(header.readUInt8(at))) &&
    FIXED_SHARES.every((share, i) => header.readUInt8(20 + i) === share) &&
    // Pages beyond the end are not read; the log may know better where that is.
    (hasLog || header.readUInt32BE(28) * PAGE_BYTES >= sizeOf(file)) &&
    header.readUInt32BE(44) === SCHEMA_FORMAT &&
    header.readUInt32BE(56) === UTF_8 &&
    applicationId(header) === APPLICATION_ID
  );
}

/** Without a list of free pages, so it is good for reading only. */
function soundHeader(fileBytes: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 'latin1');
  header.writeUInt16BE(PAGE_BYTES, 16);
  header.fill(2, 18, 20);
  header.set(FIXED_SHARES, 20);
  header.writeUInt32BE(Math.floor(fileBytes / PAGE_BYTES), 28);
  header.writeUInt32BE(SCHEMA_FORMAT, 44);
  // There are pages that tell where others belong, and which of them are free.
  header.writeUInt32BE(1, 52);
  header.writeUInt32BE(UTF_8, 56);
  header.writeUInt32BE(SCHEMA_VERSION, 60);
  header.writeUInt32BE(1, 64);
  return header;
}

function writeHeader(file: string, header: Buffer): void {
  const handle = openSync(file, 'r+');
  try {
    writeSync(handle, header, 0, header.length, 0);
  } finally {
    closeSync(handle);
  }
}

function sizeOf(file: string): number {
  return statOf(file)?.size ?? 0;
}
