/**
 * The store and the file it is in: opened, looked for, put back where somebody removed it, and
 * repaired where it is damaged, while it is in use.
 */
import type { Host } from '../host/host.ts';
import { DamagedBatchError } from './batch-rows.ts';
import { type DirectoryLock, lockDirectory } from './directory-lock.ts';
import {
  doWithout,
  openStore,
  putBack,
  type Recovery,
  type RepairReport,
  rebuild,
} from './recovery.ts';
import { asBufferError, isDamage } from './sqlite-error.ts';
import { identityOf, prepareDirectory } from './state-directory.ts';
import type { Store } from './store.ts';

/** How long it may go unnoticed, between two commits, that the file was removed. */
const LOOK_INTERVAL_MS = 1_000;

export interface KeptStoreParts {
  readonly directory: string;
  readonly host: Pick<Host, 'clock' | 'guid' | 'log'>;
  readonly recovery: Recovery;
  /** Of the directory; it goes with the store. */
  readonly lock: DirectoryLock;
}

export class KeptStore {
  readonly #directory: string;
  readonly #host: KeptStoreParts['host'];
  readonly #recovery: Recovery;
  #lock: DirectoryLock;
  /** Absent after a repair that failed; opened again with the next call. */
  #store: Store | undefined;
  /** Of the file that is open. */
  #identity: string | undefined;
  /** When the file was last seen in its place, on the monotonic clock. */
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** Opens it; see `openStore` for what it throws. */
  constructor({ directory, host, recovery, lock }: KeptStoreParts) {
    this.#directory = directory;
    this.#host = host;
    this.#recovery = recovery;
    this.#lock = lock;
    this.#open();
  }

  /** Every access to the database; a damaged one is repaired, and the action tried again. */
  run<T>(action: (store: Store) => T): T {
    try {
      return this.#attempt(action);
    } catch (error) {
      throw asBufferError(error, this.#recovery.database);
    }
  }

  /** Makes sure, with the next access, that the file is in its place. */
  lookForFile(): void {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
  }

  /** Salvages what can be read into a new file, whatever is wrong with this one. */
  rebuild(reason: string): RepairReport {
    return this.run((store) => {
      this.#store = undefined;
      store.db.close();
      return rebuild(this.#recovery, reason);
    });
  }

  /** Brings everything to the disk. */
  close(): void {
    this.#store?.db.close();
    this.#lock.release();
  }

  #attempt<T>(action: (store: Store) => T): T {
    try {
      return action(this.#open());
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#repair(this.#open(), error);
    }
    return action(this.#open());
  }

  #open(): Store {
    const now = this.#host.clock.monotonic();
    if (this.#store !== undefined && now - this.#lookedAt < LOOK_INTERVAL_MS) return this.#store;
    if (this.#store !== undefined && this.#identity !== identityOf(this.#recovery.database)) {
      this.#putBack(this.#store);
    }
    if (this.#store === undefined) {
      this.#store = openStore(this.#recovery);
      this.#identity = identityOf(this.#recovery.database);
    }
    this.#lookedAt = now;
    return this.#store;
  }

  #putBack(store: Store): void {
    prepareDirectory(this.#directory, this.#host.log);
    if (!this.#lock.isInPlace()) {
      const lock = lockDirectory(this.#directory, this.#host);
      this.#lock.release();
      this.#lock = lock;
    }
    try {
      putBack(this.#recovery, store.db);
    } finally {
      // As long as it is open, it is the only copy there is.
      if (!store.db.isOpen) this.#store = undefined;
    }
  }

  #repair(store: Store, error: unknown): void {
    if (error instanceof DamagedBatchError && doWithout(this.#recovery, store, error.seq)) return;
    this.#store = undefined;
    store.db.close();
    rebuild(this.#recovery, error);
  }
}
