/**
 * The durable buffer on SQLite: its life from open to close, and what it does when the disk
 * misbehaves in between. See README.md in this folder.
 */
import { join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { PlannedDestination } from '@dcr-agent/schema';
import { AgentError, reasonOf } from '../errors.ts';
import { BackgroundSync } from './background-sync.ts';
import { type DirectoryLock, lockDirectory } from './directory-lock.ts';
import { createDiskQuota } from './disk-quota.ts';
import type {
  BufferUsage,
  Commit,
  FinalAnswer,
  LedgerRow,
  PendingBatch,
  PendingRange,
  QuarantineOutcome,
  SealedBatch,
  SealedNote,
} from './durable-buffer.ts';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import { KeptStore } from './kept-store.ts';
import { OwedChanges } from './owed-changes.ts';
import type { Recovery, RepairableBuffer, RepairReport } from './recovery.ts';
import { DEFAULT_LIMITS, QUOTA_BYTES, type SqliteBufferOptions } from './sqlite-buffer-options.ts';
import { isUnwritable } from './sqlite-error.ts';
import { prepareDirectory, setAsideIn } from './state-directory.ts';
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
  readonly #kept: KeptStore;
  readonly #commits: GroupCommit<Commit> = createGroupCommit((items) => this.#commit(items));
  readonly #owed = new OwedChanges();
  readonly #sync: BackgroundSync;
  #listener: (sealed?: readonly SealedNote[]) => void = () => {};
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
    this.#recovery = { database, host, quota, createStore: create };
    this.#sync = new BackgroundSync(`${database}-wal`, () => host.clock.monotonic());
    this.#kept = new KeptStore({ directory, host, recovery: this.#recovery, lock });
  }

  async append(commit: Commit): Promise<void> {
    this.#assertOpen();
    await this.#commits.add(commit);
  }

  cursors(sourceKey: string): ReadonlyMap<string, string> {
    return this.#run((store) => store.cursors.under(sourceKey));
  }

  seal(ageMs: number): void {
    this.#settleOwed();
    const sealed = this.#runWhenWritable((store) => store.seal(ageMs));
    this.#notify(sealed ?? []);
    this.#tidyUp();
    this.#sync.flushInTime();
  }

  pending(destination: string, limit: number, range?: PendingRange): readonly PendingBatch[] {
    const owed = this.#owed.acknowledgedBy(destination);
    const stored = this.#run(({ batches }) =>
      batches.pending(destination, limit + owed.size, range),
    );
    return stored.filter(({ id }) => !owed.has(id)).slice(0, limit);
  }

  pendingFlows(destination: string): readonly string[] {
    return this.#runSettled((store) => store.batches.pendingFlows(destination));
  }

  read(batchId: string, destination?: string): SealedBatch | undefined {
    // Asked for a destination, which is asked all the time, the disk need not know.
    if (destination === undefined) return this.#runSettled(({ batches }) => batches.read(batchId));
    if (this.#owed.acknowledgedBy(destination).has(batchId)) return undefined;
    return this.#run((store) => store.batches.read(batchId, destination));
  }

  acknowledge(destination: string, batchId: string): void {
    this.#assertOpen();
    this.#owed.acknowledge(destination, batchId);
  }

  reject(destination: string, batchId: string, reason: string, answer: FinalAnswer = {}): void {
    this.#runSettled((store) => store.reject(destination, batchId, reason, answer));
  }

  replayQuarantined(entry: number): QuarantineOutcome {
    const outcome = this.#run((store) => store.replay(entry));
    if (outcome === 'done') this.#notify();
    return outcome;
  }

  dropQuarantined(entry: number): QuarantineOutcome {
    return this.#run((store) => store.discard(entry));
  }

  drop(destination: string, batchId: string, reason: string): void {
    this.#runSettled((store) => store.drop(destination, batchId, reason));
  }

  split(destination: string, batchId: string): readonly [PendingBatch, PendingBatch] | undefined {
    return this.#runSettled((store) => store.split(destination, batchId));
  }

  rememberDestinations(destinations: readonly PlannedDestination[]): void {
    this.#assertOpen();
    this.#owed.remember(destinations);
    this.#tidyUp();
  }

  repair(): RepairReport {
    this.#assertOpen();
    return this.#kept.rebuild('a repair was asked for');
  }

  destinationsWithBacklog(): readonly PlannedDestination[] {
    return this.#runSettled((store) => store.destinations.withBacklog());
  }

  ledger(): readonly LedgerRow[] {
    return this.#runSettled((store) => store.ledger.rows());
  }

  usage(): BufferUsage {
    return this.#runSettled((store) => ({
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

  onSealed(listener: (sealed?: readonly SealedNote[]) => void): void {
    this.#listener = listener;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    try {
      this.#commits.flush();
      this.#kept.lookForFile();
      this.#tidyUp();
    } finally {
      this.#isClosed = true;
      await this.#sync.settled();
      this.#kept.close();
    }
  }

  #commit(commits: readonly Commit[]): void {
    // What nobody else may have any more is not to get lost with the file.
    this.#kept.lookForFile();
    const sealed = this.#appendSettled(commits);
    this.#sync.note();
    this.#notify(sealed);
    this.#settleOwed();
  }

  #appendSettled(commits: readonly Commit[]): readonly SealedNote[] {
    const acknowledged = this.#owed.acknowledgements();
    try {
      const sealed = this.#run((store) => store.append(commits, acknowledged));
      this.#owed.acknowledgementsStored();
      return sealed;
    } catch (error) {
      // What a commit is refused for is no reason to owe anything.
      this.#settleOwed();
      throw error;
    }
  }

  #notify(sealed?: readonly SealedNote[]): void {
    if (sealed?.length === 0) return;
    queueMicrotask(() => {
      if (!this.#isClosed) this.#listener(sealed);
    });
  }

  /** For what looks at, or changes, what an acknowledgement changes. */
  #runSettled<T>(action: (store: Store) => T): T {
    this.#assertOpen();
    this.#settleOwed();
    return this.#run(action);
  }

  /** Stores what is owed, or leaves it to a later call. */
  #settleOwed(): void {
    if (this.#owed.isEmpty) return;
    this.#runWhenWritable((store) => this.#owed.settle(store));
  }

  /** Gives free pages back, too. */
  #tidyUp(): void {
    this.#settleOwed();
    this.#runWhenWritable((store) => store.reclaim());
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

  #run<T>(action: (store: Store) => T): T {
    this.#assertOpen();
    return this.#kept.run(action);
  }
}
