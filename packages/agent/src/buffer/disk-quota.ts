/**
 * The promise that the state directory never outgrows its quota. It is kept beforehand: what a
 * transaction may add at most, in the file and in the write-ahead log, must fit.
 *
 * New batches leave some of it free, so that a full buffer can still be emptied: acknowledging,
 * splitting and quarantining need some pages too.
 */
import { rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { AgentError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { DiskReserve } from './disk-reserve.ts';
import type { Commit } from './durable-buffer.ts';
import { PAGE_BYTES, pragma } from './schema.ts';
import { directoryBytes, listSetAside, statOf } from './state-directory.ts';

const MIB = 1024 * 1024;
/** Table and index pages a new row may touch. */
const PAGES_PER_ENTRY = 6;
const PAGES_PER_DELIVERY = 2;
const PAGES_PER_COMMIT = 8;
/** The buffer is not full any more when this share of the quota is free. */
const EASED_SHARE = 1 / 8;

export interface DiskQuotaOptions {
  readonly directory: string;
  readonly database: string;
  readonly quotaBytes: number;
  readonly host: Pick<Host, 'clock' | 'log'>;
}

export interface DiskQuota {
  /** May be changed at any time; what is stored beyond a smaller one stays until it is delivered. */
  quotaBytes: number;
  /** The write-ahead log is folded into the file when it has reached this size. */
  readonly walBytesMax: number;
  /** For the time when the disk is full, whatever the quota. */
  readonly reserve: DiskReserve;
  usedBytes(): number;
  /** Bytes that can be added before the quota is reached; may be negative. */
  roomBytes(db: DatabaseSync): number;
  /**
   * Whether quota and disk have room for the commits, and for so much beyond them; sacrifices
   * set-aside files first.
   */
  admits(db: DatabaseSync, commits: readonly Commit[], aheadBytes?: number): boolean;
  /** What a commit that is not admitted is refused with. */
  fullError(): AgentError;
  /** Far enough from full. */
  isEased(db: DatabaseSync): boolean;
}

export function createDiskQuota(options: DiskQuotaOptions): DiskQuota {
  const { directory, database, host } = options;
  const walBytesMax = Math.min(
    16 * MIB,
    Math.floor(Math.min(options.quotaBytes, diskBytes(directory)) / 32),
  );
  const reserve = new DiskReserve({
    file: join(directory, 'reserve'),
    bytesMax: walBytesMax,
    host,
  });

  /** What the file may grow by; negative when other files took its place. */
  function spareBytes(db: DatabaseSync): number {
    const walBytes = sizeOf(`${database}-wal`);
    const ownBytes = sizeOf(database) + walBytes + reserve.bytes;
    const otherBytes = directoryBytes(directory) - ownBytes + reserve.bytesMax;
    const fileBytes = pragma(db, 'page_count') * PAGE_BYTES;
    // The log may be nearly at its limit already and then take one transaction more.
    const logBytes = Math.max(walBytes, walBytesMax) + walBytesMax;
    return quota.quotaBytes - otherBytes - fileBytes - logBytes;
  }

  function roomBytes(db: DatabaseSync): number {
    const spare = spareBytes(db);
    if (spare < 0) return spare;
    const room = spare + freeBytes(db);
    // Beyond its allowance in the log, a transaction takes its bytes twice.
    return Math.min(room, Math.floor((room + walBytesMax) / 2));
  }

  function makeRoom(db: DatabaseSync, bytes: number): boolean {
    if (bytes <= roomBytes(db)) return true;
    const missing = Math.ceil(-spareBytes(db) / PAGE_BYTES);
    if (missing > 0) db.exec(`PRAGMA incremental_vacuum(${missing})`);
    if (bytes <= roomBytes(db)) return true;
    for (const path of listSetAside(directory)) {
      const facts = { path, bytes: sizeOf(path) };
      if (path.includes('.damaged-')) {
        host.log.warn(facts, 'A damaged file was deleted to make room.');
      } else {
        const message = 'A newer agent’s buffer was deleted to make room: what it held is lost.';
        host.log.error(facts, message);
      }
      rmSync(path, { recursive: true, force: true });
      if (bytes <= roomBytes(db)) return true;
    }
    return false;
  }

  /** What does not fit into the file as it is fits on the disk. */
  function hasDisk(): boolean {
    return reserve.keep(sizeOf(`${database}-wal`));
  }

  const quota: DiskQuota = {
    quotaBytes: options.quotaBytes,
    walBytesMax,
    reserve,
    usedBytes: () => directoryBytes(directory),
    roomBytes,
    admits(db, commits, aheadBytes = 0) {
      const added = addedBytes(commits) + aheadBytes;
      if (!commits.some(({ entries }) => entries.length > 0)) return makeRoom(db, added);
      if (!makeRoom(db, added + walBytesMax)) return false;
      return hasDisk() || added <= freeBytes(db);
    },
    fullError() {
      const message = reserve.isSpent
        ? `The disk of ${directory} is full`
        : `${directory} has reached its quota of ${quota.quotaBytes} bytes`;
      return new AgentError('BUFFER_FULL', message);
    },
    isEased: (db) => hasDisk() && roomBytes(db) > quota.quotaBytes * EASED_SHARE,
  };
  return quota;
}

/** Of the whole file system, whoever uses it. */
function diskBytes(directory: string): number {
  const { blocks, bsize } = statfsSync(directory);
  // Not every file system knows its size.
  return blocks * bsize || Number.POSITIVE_INFINITY;
}

/** Inside the file, to be used again. */
function freeBytes(db: DatabaseSync): number {
  return pragma(db, 'freelist_count') * PAGE_BYTES;
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
