/**
 * The promise that the state directory never outgrows its quota. It is kept beforehand: what a
 * transaction may add at most, in the file and in the write-ahead log, must fit.
 *
 * New batches leave a reserve, so that a full buffer can still be emptied: acknowledging,
 * splitting and quarantining need some pages too.
 */
import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { AgentError } from '../errors.ts';
import type { Log } from '../host/log.ts';
import type { Commit } from './durable-buffer.ts';
import { PAGE_BYTES, pragma } from './schema.ts';
import { directoryBytes, listSetAside, statOf } from './state-directory.ts';

const MIB = 1024 * 1024;
/** Table and index pages a new row may touch. */
const PAGES_PER_ENTRY = 6;
const PAGES_PER_DELIVERY = 2;
const PAGES_PER_COMMIT = 8;

export interface DiskQuotaOptions {
  readonly directory: string;
  readonly database: string;
  readonly quotaBytes: number;
  readonly log: Log;
}

export interface DiskQuota {
  readonly quotaBytes: number;
  /** The write-ahead log is folded into the file when it has reached this size. */
  readonly walBytesMax: number;
  usedBytes(): number;
  /** Bytes that can be added before the quota is reached; may be negative. */
  roomBytes(db: DatabaseSync): number;
  /** Throws `BUFFER_FULL` when new records do not fit; sacrifices set-aside files first. */
  admit(db: DatabaseSync, commits: readonly Commit[]): void;
}

export function createDiskQuota(options: DiskQuotaOptions): DiskQuota {
  const { directory, database, quotaBytes, log } = options;
  const walBytesMax = Math.min(16 * MIB, Math.floor(quotaBytes / 32));
  const reserveBytes = walBytesMax;

  /** What the file may grow by; negative when other files took its place. */
  function spareBytes(db: DatabaseSync): number {
    const walBytes = sizeOf(`${database}-wal`);
    const otherBytes = directoryBytes(directory) - sizeOf(database) - walBytes;
    const fileBytes = pragma(db, 'page_count') * PAGE_BYTES;
    // The log may be nearly at its limit already and then take one transaction more.
    const logBytes = Math.max(walBytes, walBytesMax) + walBytesMax;
    return quotaBytes - otherBytes - fileBytes - logBytes;
  }

  function roomBytes(db: DatabaseSync): number {
    const spare = spareBytes(db);
    if (spare < 0) return spare;
    const room = spare + pragma(db, 'freelist_count') * PAGE_BYTES;
    // Beyond its allowance in the log, a transaction takes its bytes twice.
    return Math.min(room, Math.floor((room + walBytesMax) / 2));
  }

  function makeRoom(db: DatabaseSync, bytes: number): boolean {
    if (bytes <= roomBytes(db)) return true;
    const missing = Math.ceil(-spareBytes(db) / PAGE_BYTES);
    if (missing > 0) db.exec(`PRAGMA incremental_vacuum(${missing})`);
    if (bytes <= roomBytes(db)) return true;
    for (const path of listSetAside(directory)) {
      log.warn({ path, bytes: sizeOf(path) }, 'A damaged file was deleted to make room.');
      rmSync(path, { recursive: true, force: true });
      if (bytes <= roomBytes(db)) return true;
    }
    return false;
  }

  return {
    quotaBytes,
    walBytesMax,
    usedBytes: () => directoryBytes(directory),
    roomBytes,
    admit(db, commits) {
      const hasRecords = commits.some(({ entries }) => entries.length > 0);
      if (makeRoom(db, addedBytes(commits) + (hasRecords ? reserveBytes : 0))) return;
      throw new AgentError(
        'BUFFER_FULL',
        `${directory} has reached its quota of ${quotaBytes} bytes`,
      );
    },
  };
}

/** What the commits may add to file or log, at most. */
function addedBytes(commits: readonly Commit[]): number {
  let bytes = 0;
  let pages = 0;
  for (const { entries, cursors, counts } of commits) {
    pages += PAGES_PER_COMMIT + cursors.length + counts.length;
    for (const { key, value } of cursors) bytes += 2 * (key.length + (value?.length ?? 0));
    for (const { outlet, fragment } of entries) {
      bytes += fragment.deflated.byteLength;
      pages += PAGES_PER_ENTRY + PAGES_PER_DELIVERY * outlet.destinations.length;
    }
  }
  return bytes + pages * PAGE_BYTES;
}

function sizeOf(path: string): number {
  return statOf(path)?.size ?? 0;
}
