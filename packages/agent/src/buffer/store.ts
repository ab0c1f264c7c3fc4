/**
 * What the buffer does to an open database, one transaction each. Knows nothing of files that
 * are missing, damaged or full: whoever calls it does.
 */
import type { DatabaseSync } from 'node:sqlite';
import { AgentError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { createBatchRows } from './batch-rows.ts';
import { type Cursors, createCursors } from './cursors.ts';
import { transaction } from './database.ts';
import type { DiskQuota } from './disk-quota.ts';
import { createDropOldest, type DropLimits } from './drop-oldest.ts';
import type {
  Commit,
  FinalAnswer,
  Loss,
  PendingBatch,
  QuarantineOutcome,
  SealedNote,
} from './durable-buffer.ts';
import { createLedger, DAMAGED, type Ledger } from './ledger.ts';
import { createLosses, type Losses } from './losses.ts';
import { type BatchLimits, createOpenBatches } from './open-batches.ts';
import { createQuarantine } from './quarantine.ts';
import { createQuarantinedEntries } from './quarantined-entries.ts';
import { RecentFragments } from './recent-fragments.ts';
import {
  createRememberedDestinations,
  type RememberedDestinations,
} from './remembered-destinations.ts';
import { createSealedBatches, type Delivery, type SealedBatches } from './sealed-batches.ts';
import { shrinkFile } from './shrink-file.ts';
import { splitBatch } from './split-batch.ts';
import { isDiskFull } from './sqlite-error.ts';

/** Share of the quota that copies of refused records may take. */
const QUARANTINE_SHARE = 0.1;

export interface Acknowledgement {
  readonly destination: string;
  readonly batchId: string;
}

export interface Store {
  readonly db: DatabaseSync;
  readonly cursors: Pick<Cursors, 'under'>;
  readonly ledger: Pick<Ledger, 'rows'>;
  readonly batches: Pick<SealedBatches, 'pending' | 'pendingFlows' | 'read' | 'backlog'>;
  readonly destinations: Pick<RememberedDestinations, 'withBacklog'>;
  readonly losses: Pick<Losses, 'recent'>;
  /**
   * Stores all commits or, throwing, none; tells which batches were sealed. A buffer that has
   * been full for a while may drop old records to make room. What was acknowledged is stored with
   * them, in the same transaction.
   */
  append(commits: readonly Commit[], acknowledged?: readonly Acknowledgement[]): SealedNote[];
  /** Tells which batches were sealed. Drops what is too old. */
  seal(ageMs: number): SealedNote[];
  /** All at once. */
  acknowledge(acknowledged: readonly Acknowledgement[]): void;
  reject(destination: string, batchId: string, reason: string, answer: FinalAnswer): void;
  replay(entry: number): QuarantineOutcome;
  discard(entry: number): QuarantineOutcome;
  drop(destination: string, batchId: string, reason: string): void;
  split(destination: string, batchId: string): [PendingBatch, PendingBatch] | undefined;
  remember: RememberedDestinations['set'];
  /** Deletes what cannot be read of a batch, counts it dropped and tells whom it has cost what. */
  dropDamaged(seq: number): Loss[];
  /** Makes the file small again when little of it is in use. */
  reclaim(): void;
}

export interface StoreParts {
  readonly db: DatabaseSync;
  readonly host: Pick<Host, 'clock' | 'guid' | 'log'>;
  readonly limits: BatchLimits & DropLimits;
  readonly quota: DiskQuota;
}

export function createStore({ db, host, limits, quota }: StoreParts): Store {
  const recent = new RecentFragments();
  const rows = createBatchRows(db, (seq) => recent.remove(seq));
  const open = createOpenBatches({ db, rows, host, limits });
  const sealed = createSealedBatches(db, rows, recent);
  const ledger = createLedger(db);
  const cursors = createCursors(db);
  const destinations = createRememberedDestinations(db);
  const losses = createLosses(db);
  const bytesMax = (): number => quota.quotaBytes * QUARANTINE_SHARE;
  const quarantine = createQuarantine({ db, ledger, bytesMax });
  const entries = createQuarantinedEntries({ db, host, quarantine, ledger, rows, quota });
  const takeBack = ({ destination, position, batch }: Delivery): void =>
    rows.deleteDelivery(destination, position, batch.seq);
  const dropOldest = createDropOldest({
    db,
    host,
    ledger,
    quota,
    limits,
    write: writeSurely,
    release: takeBack,
  });

  /** Something may have been deleted since the file was looked at. */
  let mayHaveShrunk = true;

  function write<T>(action: () => T): T {
    try {
      return transaction(db, action);
    } catch (error) {
      open.forget();
      quarantine.forget();
      throw error;
    }
  }

  /** For what makes room or must not be refused: a full disk has a reserve for it. */
  function writeSurely<T>(action: () => T): T {
    mayHaveShrunk = true;
    try {
      return write(action);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      quota.reserve.spend(db);
      return write(action);
    }
  }

  /** `undefined` when there is nothing to do: the destination has let go of it before. */
  function settle<T>(
    destination: string,
    batchId: string,
    action: (delivery: Delivery) => T,
  ): T | undefined {
    const delivery = sealed.delivery(destination, batchId);
    return delivery === undefined ? undefined : writeSurely(() => action(delivery));
  }

  function release(delivery: Delivery): void {
    takeBack(delivery);
    dropOldest.settled(delivery.destination);
  }

  function admit(commits: readonly Commit[], acknowledged: readonly Acknowledgement[]): void {
    if (quota.admits(db, commits)) return;
    // What is let go of makes room, and must not be dropped.
    acknowledge(acknowledged);
    if (!quota.admits(db, commits) && !dropOldest.makeRoom(commits)) throw quota.fullError();
  }

  function store(commits: readonly Commit[]): void {
    for (const commit of commits) {
      for (const entry of commit.entries) open.add(entry, commit.isPause);
      for (const update of commit.cursors) cursors.set(update);
      for (const count of commit.counts) ledger.count(count);
    }
  }

  function acknowledge(acknowledged: readonly Acknowledgement[]): void {
    if (acknowledged.length > 0) writeSurely(() => acknowledged.forEach(countDelivered));
  }

  function countDelivered({ destination, batchId }: Acknowledgement): void {
    const delivery = sealed.delivery(destination, batchId);
    if (delivery === undefined) return;
    const { flow, record_count: delivered } = delivery.batch;
    ledger.add(flow, destination, { delivered });
    release(delivery);
  }

  return {
    db,
    cursors,
    ledger,
    batches: sealed,
    destinations,
    losses,

    append(commits, acknowledged = []) {
      const action = (): void => {
        acknowledged.forEach(countDelivered);
        store(commits);
      };
      if (acknowledged.length > 0) mayHaveShrunk = true;
      try {
        admit(commits, acknowledged);
        write(action);
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        // From now on nobody takes the room that acknowledgements need.
        quota.reserve.spend(db);
        admit(commits, acknowledged);
        write(action);
      }
      recent.add(open.takeAdded());
      dropOldest.stored();
      return open.takeSealed();
    },

    seal(ageMs) {
      if (open.anyAtLeast(ageMs)) writeSurely(() => open.seal(ageMs));
      const noted = open.takeSealed();
      dropOldest.inTime();
      return noted;
    },

    acknowledge,

    reject(destination, batchId, reason, answer) {
      settle(destination, batchId, (delivery) => {
        const fragments = rows.fragments(delivery.batch);
        release(delivery);
        const [atMs, roomBytes] = [host.clock.now(), quota.roomBytes(db)];
        quarantine.add({ delivery, reason, answer, fragments, atMs, roomBytes });
      });
    },

    replay: (id) => write(() => entries.replay(id)),
    discard: (id) => writeSurely(() => entries.discard(id)),

    drop(destination, batchId, reason) {
      settle(destination, batchId, (delivery) => {
        const { flow, record_count: dropped } = delivery.batch;
        ledger.drop(flow, destination, reason, dropped);
        takeBack(delivery);
      });
    },

    split(destination, batchId) {
      return settle(destination, batchId, (delivery) => {
        const halves = splitBatch({ rows, host }, delivery);
        if (quota.roomBytes(db) >= 0) return halves;
        throw new AgentError('BUFFER_FULL', 'There is no room to split a batch');
      });
    },

    remember(planned) {
      if (destinations.differ(planned)) writeSurely(() => destinations.set(planned));
    },

    dropDamaged(seq) {
      return writeSurely(() => {
        const deliveries = sealed.deliveriesOf(seq);
        const batch = deliveries[0]?.batch;
        if (batch === undefined) return [];
        const { flow, created_at_ms: beganAtMs } = batch;
        const records = rows.deleteDamaged(batch);
        const atMs = Math.round(host.clock.now());
        return deliveries.map((delivery) => {
          const { destination } = delivery;
          const times = { atMs, fromMs: beganAtMs, toMs: beganAtMs };
          const loss: Loss = { flow, destination, records, ...times };
          ledger.drop(flow, destination, DAMAGED, records);
          losses.add(loss);
          if (records === batch.record_count) release(delivery);
          return loss;
        });
      });
    },

    reclaim() {
      // Asked for twice a second, whether anything happens or not.
      if (!mayHaveShrunk) return;
      shrinkFile(db, quota);
      mayHaveShrunk = false;
    },
  };
}
