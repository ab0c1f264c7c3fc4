/**
 * The durable buffer on SQLite: its life from open to close, and what it does when the disk
 * misbehaves in between. See README.md in this folder.
 */
import { join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { PlannedDestination } from '@dcr-agent/schema';
import { AgentError, reasonOf } from '../errors.ts';
import { BackgroundSync } from './background-sync.ts';
import { DamagedBatchError } from './batch-rows.ts';
import { type DirectoryLock, lockDirectory } from './directory-lock.ts';
import { createDiskQuota } from './disk-quota.ts';
import type {
  BufferUsage,
  Commit,
  FinalAnswer,
  LedgerRow,
  QuarantineOutcome,
  SealedBatch,
} from './durable-buffer.ts';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import { OwedChanges } from './owed-changes.ts';
import {
  doWithout,
  openStore,
  putBack,
  type Recovery,
  type RepairableBuffer,
  type RepairReport,
  rebuild,
} from './recovery.ts';
import { DEFAULT_LIMITS, QUOTA_BYTES, type SqliteBufferOptions } from './sqlite-buffer-options.ts';
import { asBufferError, isDamage, isUnwritable } from './sqlite-error.ts';
import { identityOf, prepareDirectory, setAsideIn } from './state-directory.ts';
import { createStore, type Store } from './store.ts';

/**
 * Opens the buffer of a state directory. Throws `BUFFER_LOCKED` when another agent has it,
 * `BUFFER_IO` or `BUFFER_FULL` when the disk refuses; a file that is damaged, or of a newer agent,
 * is no reason to throw.
 */
export function openSqliteBuffer(options: SqliteBufferOptions): RepairableBuffer {
  const { host } = options;
  const directory = resolve(options.path);
  prepareDirectory(directory, host.log);
  const lock = lockDirectory(directory, host);
  try {
    return new SqliteBuffer({ ...options, path: directory }, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

class SqliteBuffer implements RepairableBuffer {
  readonly #directory: string;
  readonly #host: SqliteBufferOptions['host'];
  readonly #recovery: Recovery;
  readonly #commits: GroupCommit<Commit> = createGroupCommit((items) => this.#commit(items));
  readonly #owed = new OwedChanges();
  readonly #sync: BackgroundSync;
  #lock: DirectoryLock;
  /** Absent after a repair that failed; opened again with the next call. */
  #store: Store | undefined;
  /** Of the file that is open. */
  #identity: string | undefined;
  #listener: () => void = () => {};
  #isClosed = false;
  /** The disk has refused a change, and the operator has been told. */
  #isRefused = false;

  constructor(options: SqliteBufferOptions, lock: DirectoryLock) {
    const { path: directory, host, quotaBytes = QUOTA_BYTES } = options;
    const limits = { ...DEFAULT_LIMITS, ...options };
    const database = join(directory, 'buffer.db');
    const quota = createDiskQuota({ directory, database, quotaBytes, host });
    const create = (db: DatabaseSync) => createStore({ db, host, limits, quota });
    this.#directory = directory;
    this.#host = host;
    this.#lock = lock;
    this.#recovery = { database, host, quota, createStore: create };
    this.#sync = new BackgroundSync(`${database}-wal`, () => host.clock.monotonic());
    this.#open();
  }

  async append(commit: Commit): Promise<void> {
    this.#assertOpen();
    await this.#commits.add(commit);
  }

  cursors(sourceKey: string): ReadonlyMap<string, string> {
    return this.#run((store) => store.cursors.under(sourceKey));
  }

  seal(ageMs: number): void {
    const hasSealed = this.#runWhenWritable((store) => store.seal(ageMs));
    if (hasSealed === true) this.#notify();
    this.#tidyUp();
    this.#sync.flushInTime();
  }

  pending(destination: string, limit: number, skip: ReadonlySet<string>): readonly string[] {
    const all = new Set([...skip, ...this.#owed.acknowledged(destination)]);
    return this.#run((store) => store.batches.pending(destination, limit, all));
  }

  read(batchId: string): SealedBatch | undefined {
    return this.#run((store) => store.batches.read(batchId));
  }

  acknowledge(destination: string, batchId: string): void {
    this.#assertOpen();
    this.#owed.acknowledge(destination, batchId);
    this.#tidyUp();
  }

  reject(destination: string, batchId: string, reason: string, answer: FinalAnswer = {}): void {
    this.#run((store) => store.reject(destination, batchId, reason, answer));
  }

  replayQuarantined(entry: number): QuarantineOutcome {
    const outcome = this.#run((store) => store.replay(entry));
    if (outcome === 'done') this.#notify();
    return outcome;
  }

  dropQuarantined(entry: number): QuarantineOutcome {
    return this.#run((store) => store.discard(entry));
  }

  split(destination: string, batchId: string): readonly [string, string] | undefined {
    return this.#run((store) => store.split(destination, batchId));
  }

  rememberDestinations(destinations: readonly PlannedDestination[]): void {
    this.#assertOpen();
    this.#owed.remember(destinations);
    this.#tidyUp();
  }

  repair(): RepairReport {
    return this.#run((store) => {
      this.#store = undefined;
      store.db.close();
      return rebuild(this.#recovery, 'a repair was asked for');
    });
  }

  destinationsWithBacklog(): readonly PlannedDestination[] {
    return this.#run((store) => store.destinations.withBacklog());
  }

  ledger(): readonly LedgerRow[] {
    return this.#run((store) => store.ledger.rows());
  }

  usage(): BufferUsage {
    return this.#run((store) => ({
      diskBytes: this.#recovery.quota.usedBytes(),
      quotaBytes: this.#recovery.quota.quotaBytes,
      losses: store.losses.recent(),
      setAside: setAsideIn(this.#directory),
      destinations: store.batches.backlog(),
    }));
  }

  setQuota(quotaBytes: number): void {
    this.#recovery.quota.quotaBytes = quotaBytes;
  }

  onSealed(listener: () => void): void {
    this.#listener = listener;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    try {
      this.#commits.flush();
      this.#tidyUp();
    } finally {
      this.#isClosed = true;
      await this.#sync.settled();
      // Brings everything to the disk.
      this.#store?.db.close();
      this.#lock.release();
    }
  }

  #commit(commits: readonly Commit[]): void {
    const hasSealed = this.#run((store) => store.append(commits));
    this.#sync.note();
    if (hasSealed) this.#notify();
    if (!this.#owed.isEmpty) this.#tidyUp();
  }

  #notify(): void {
    queueMicrotask(() => {
      if (!this.#isClosed) this.#listener();
    });
  }

  /** Stores what is owed and gives free pages back, or leaves both to a later call. */
  #tidyUp(): void {
    this.#runWhenWritable((store) => {
      this.#owed.settle(store);
      store.reclaim();
    });
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new AgentError('BUFFER_CLOSED', 'The buffer is closed');
  }

  /** For what can wait: tells the operator once, and is tried again with a later call. */
  #runWhenWritable<T>(action: (store: Store) => T): T | undefined {
    const { database: path } = this.#recovery;
    const { log } = this.#host;
    try {
      const result = this.#run(action);
      // As long as something is owed, there was nothing to write.
      if (this.#isRefused && this.#owed.isEmpty) {
        log.info({ path }, 'The disk takes changes to the buffer again.');
        this.#isRefused = false;
      }
      return result;
    } catch (error) {
      if (!isUnwritable(error)) throw error;
      const reason = reasonOf(error);
      if (!this.#isRefused) log.warn({ path, reason }, 'The disk takes no change to the buffer.');
      this.#isRefused = true;
      return undefined;
    }
  }

  /** Every access to the database; a damaged one is repaired, and the action tried again. */
  #run<T>(action: (store: Store) => T): T {
    this.#assertOpen();
    try {
      return this.#attempt(action);
    } catch (error) {
      throw asBufferError(error, this.#recovery.database);
    }
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
    if (this.#store !== undefined && this.#identity !== identityOf(this.#recovery.database)) {
      this.#putBack(this.#store);
    }
    if (this.#store === undefined) {
      this.#store = openStore(this.#recovery);
      this.#identity = identityOf(this.#recovery.database);
    }
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
