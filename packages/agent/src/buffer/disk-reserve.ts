/**
 * A file that does nothing but hold space. When the disk is full, it is deleted, and what must
 * not be refused is written with the room that leaves: an acknowledgement frees pages of the
 * database and still needs a few to be written down. New records never use it: until it can be
 * written again, they get no more than pages that are free inside the database.
 *
 * It is as large as the write-ahead log, which is what folding that log into the database may
 * take; once the log is folded, it is written from its beginning and takes no more room.
 */
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { reasonOf } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { isDiskFull } from './sqlite-error.ts';
import { setAside, statOf } from './state-directory.ts';

const BYTES_MIN = 128 * 1024;
const PIECE_BYTES = 64 * 1024;
/** Between two attempts to write it again. */
const RETRY_MS = 1_000;

export interface DiskReserveOptions {
  readonly file: string;
  readonly bytesMax: number;
  readonly host: Pick<Host, 'clock' | 'log'>;
}

export class DiskReserve {
  readonly #options: DiskReserveOptions;
  /** `missing`: it cannot be written, for a reason that has nothing to do with room. */
  #state: 'kept' | 'spent' | 'missing' = 'kept';
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor(options: DiskReserveOptions) {
    this.#options = options;
  }

  /** Counts against the quota as if it were at its largest. */
  get bytesMax(): number {
    return this.#options.bytesMax;
  }

  /** The disk was full and still has no room for it. */
  get isSpent(): boolean {
    return this.#state === 'spent';
  }

  /** On the disk now. */
  get bytes(): number {
    return statOf(this.#options.file)?.size ?? 0;
  }

  /**
   * Gives its space to the database, and folds the log into it while there is room. Once it is
   * spent, still does the latter: a log that starts anew has room, too.
   */
  spend(db: DatabaseSync): void {
    const { file, host } = this.#options;
    if (!this.isSpent) {
      host.log.warn({ path: file }, 'The disk is full: the buffer uses its reserve.');
    }
    this.#state = 'spent';
    this.#triedAt = host.clock.monotonic();
    rmSync(file, { force: true, recursive: true });
    try {
      db.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch (error) {
      // Others were quicker to take the room: then what the log has left must do.
      if (!isDiskFull(error)) throw error;
    }
  }

  /**
   * Makes it as large as it should be for a log of so many bytes; what failed is tried again once
   * a second. Tells whether the disk has room.
   */
  keep(walBytes: number): boolean {
    const { bytesMax, host } = this.#options;
    if (this.#state === 'kept' && this.bytes >= Math.min(walBytes, bytesMax)) return true;
    const now = host.clock.monotonic();
    if (this.#state === 'kept' || now - this.#triedAt >= RETRY_MS) {
      this.#triedAt = now;
      this.#renew(Math.min(bytesMax, Math.max(BYTES_MIN, 2 * walBytes)));
    }
    return !this.isSpent;
  }

  #renew(bytes: number): void {
    const { file, host } = this.#options;
    const facts = { path: file, bytes };
    try {
      this.#write(bytes);
      if (this.isSpent) host.log.info(facts, 'There is room on the disk again.');
      this.#state = 'kept';
    } catch (error) {
      const reason = reasonOf(error);
      if (this.#state === 'kept') host.log.warn({ ...facts, reason }, 'The buffer has no reserve.');
      // What has other reasons shows in the writes themselves, and is no reason to refuse them.
      this.#state = isDiskFull(error) ? 'spent' : 'missing';
    }
  }

  /** Leaves nothing behind when it throws. */
  #write(bytes: number): void {
    const { file, host } = this.#options;
    const stats = statOf(file);
    if (stats?.isFile() === false) setAside(file, host.clock.now());
    const handle = openSync(file, 'a', 0o600);
    try {
      // A disk that has just room for the reserve is as full as before.
      const room = this.isSpent ? 2 * bytes : bytes;
      fill(handle, stats?.isFile() ? stats.size : 0, room);
      ftruncateSync(handle, bytes);
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    } finally {
      closeSync(handle);
    }
  }
}

/** With bytes that no file system stores for nothing. */
function fill(handle: number, from: number, to: number): void {
  const piece = crypto.getRandomValues(new Uint8Array(PIECE_BYTES));
  for (let at = from; at < to; ) {
    at += writeSync(handle, piece, 0, Math.min(PIECE_BYTES, to - at));
  }
}
