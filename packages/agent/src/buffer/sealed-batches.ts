/** Sealed batches: what waits for each destination, oldest first. */
import type { DatabaseSync } from 'node:sqlite';
import { freeMemory } from '../host/free-memory.ts';
import { type BatchRow, type BatchRows, outletOf } from './batch-rows.ts';
import type { BufferUsage, PendingBatch, PendingRange, SealedBatch } from './durable-buffer.ts';
import type { RecentFragments } from './recent-fragments.ts';

/** One destination's claim on one sealed batch. */
export interface Delivery {
  readonly destination: string;
  readonly position: string;
  readonly batch: BatchRow;
}

export interface SealedBatches {
  pending(destination: string, limit: number, range?: PendingRange): PendingBatch[];
  pendingFlows(destination: string): string[];
  read(id: string, destination?: string): SealedBatch | undefined;
  /** `undefined` when the destination has let go of it, or never had it. */
  delivery(destination: string, id: string): Delivery | undefined;
  /** Everyone who still waits for a batch, sealed or not. */
  deliveriesOf(seq: number): Delivery[];
  /** Every destination ever counted or remembered, those without backlog too. */
  backlog(): BufferUsage['destinations'];
}

type BacklogRow = BufferUsage['destinations'][number];

export function createSealedBatches(
  db: DatabaseSync,
  rows: BatchRows,
  recent: Pick<RecentFragments, 'lend' | 'giveBack'>,
): SealedBatches {
  const waiting = `
    SELECT batches.id, batches.flow, deliveries.position
    FROM deliveries JOIN batches ON batches.seq = deliveries.batch
    WHERE deliveries.destination = ? AND deliveries.position > ? AND batches.is_sealed = 1`;
  const order = 'ORDER BY deliveries.position LIMIT ?';
  const selectPending = db.prepare(`${waiting} ${order}`);
  const selectPendingOfFlow = db.prepare(`${waiting} AND batches.flow = ? ${order}`);
  const selectFlows = db.prepare(`
    SELECT DISTINCT batches.flow FROM deliveries JOIN batches ON batches.seq = deliveries.batch
    WHERE deliveries.destination = ? AND batches.is_sealed = 1`);
  const selectById = db.prepare('SELECT * FROM batches WHERE id = ? AND is_sealed = 1');
  const selectDeliveries = db.prepare(
    'SELECT destination, position FROM deliveries WHERE batch = ?',
  );
  const selectBacklog = db.prepare(`
    WITH waiting AS (
      SELECT deliveries.destination, sum(batches.record_count) AS records,
        count(*) AS batches, min(batches.created_at_ms) AS oldest
      FROM deliveries JOIN batches ON batches.seq = deliveries.batch
      GROUP BY deliveries.destination
    ), known AS (
      SELECT id AS destination FROM destinations
      UNION SELECT destination FROM ledger
      UNION SELECT destination FROM waiting
    )
    SELECT destination, coalesce(records, 0) AS records, coalesce(batches, 0) AS batches,
      oldest AS oldestCreatedAtMs
    FROM known LEFT JOIN waiting USING (destination)
    ORDER BY destination`);

  function sealed(id: string): BatchRow | undefined {
    return selectById.get(id) as unknown as BatchRow | undefined;
  }

  function deliveriesOf(batch: BatchRow): Delivery[] {
    const stored = selectDeliveries.all(batch.seq) as unknown as Omit<Delivery, 'batch'>[];
    return stored.map(({ destination, position }) => ({ destination, position, batch }));
  }

  function body(batch: BatchRow): Pick<SealedBatch, 'fragments' | 'release'> {
    const lent = recent.lend(batch.seq, batch.record_count);
    if (lent !== undefined) return { fragments: lent, release: () => recent.giveBack(batch.seq) };
    const fragments = rows.fragments(batch);
    const release = (): void => {
      for (const { deflated } of fragments) freeMemory(deflated);
    };
    return { fragments, release };
  }

  return {
    pending(destination, limit, { flow, after = '' } = {}) {
      const stored =
        flow === undefined
          ? selectPending.all(destination, after, limit)
          : selectPendingOfFlow.all(destination, after, flow, limit);
      return (stored as unknown as PendingBatch[]).map((row) => ({ ...row }));
    },
    pendingFlows(destination) {
      return (selectFlows.all(destination) as unknown as { flow: string }[]).map((row) => row.flow);
    },
    read(id, destination) {
      const batch = sealed(id);
      if (batch === undefined) return undefined;
      if (
        destination !== undefined &&
        !deliveriesOf(batch).some((each) => each.destination === destination)
      )
        return undefined;
      return {
        id,
        outlet: outletOf(batch),
        recordCount: batch.record_count,
        rawBytes: batch.raw_bytes,
        createdAtMs: batch.created_at_ms,
        ...body(batch),
      };
    },
    delivery(destination, id) {
      const batch = sealed(id);
      if (batch === undefined) return undefined;
      return deliveriesOf(batch).find((delivery) => delivery.destination === destination);
    },
    deliveriesOf(seq) {
      const batch = rows.batch(seq);
      return batch === undefined ? [] : deliveriesOf(batch);
    },
    backlog() {
      return (selectBacklog.all() as unknown as BacklogRow[]).map((row) => ({ ...row }));
    },
  };
}
