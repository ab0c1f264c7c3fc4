/**
 * Open batches: one per outlet, gathering fragments until it is sealed. What is known about them
 * is kept in memory, and read from the disk at the start and again after a failed transaction.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Fragment } from '../fragment.ts';
import type { Host } from '../host/host.ts';
import { type BatchRow, type BatchRows, outletOf, positionOf } from './batch-rows.ts';
import type { Entry, Outlet, SealedNote } from './durable-buffer.ts';
import type { PlacedFragment } from './recent-fragments.ts';

/** A portion of a busy source is a batch of its own, and smaller ones rarely fill the rest. */
const FULL_SHARE = 0.85;

export interface BatchLimits {
  readonly batchRawBytesMax: number;
  readonly batchRecordsMax: number;
}

export interface OpenBatches {
  /** Stores the fragment in the outlet's open batch, and seals what is full, or the last for now. */
  add(entry: Entry, isLast?: boolean): void;
  /** Whether `seal` would do anything. */
  anyAtLeast(ageMs: number): boolean;
  seal(ageMs: number): void;
  /** What was added since the last call, to batches open or not. */
  takeAdded(): PlacedFragment[];
  /** What was sealed since the last call. */
  takeSealed(): SealedNote[];
  /** What memory holds is no longer true: the transaction was undone. */
  forget(): void;
}

interface OpenBatch {
  readonly seq: number;
  readonly id: string;
  readonly outlet: Outlet;
  /** On the monotonic clock, so that a jump of the calendar neither seals nor delays. */
  readonly openedAt: number;
  fragments: number;
  records: number;
  rawBytes: number;
}

export interface OpenBatchesParts {
  readonly db: DatabaseSync;
  readonly rows: BatchRows;
  readonly host: Pick<Host, 'clock' | 'guid'>;
  readonly limits: BatchLimits;
}

export function createOpenBatches({ db, rows, host, limits }: OpenBatchesParts): OpenBatches {
  const markSealed = db.prepare('UPDATE batches SET is_sealed = 1 WHERE seq = ?');
  const selectOpen = db.prepare(`
    SELECT *, (SELECT count(*) FROM fragments WHERE batch = seq) AS fragments
    FROM batches WHERE is_sealed = 0`);

  function load(): Map<string, OpenBatch> {
    const now = host.clock.now();
    const open = new Map<string, OpenBatch>();
    for (const stored of selectOpen.all() as unknown as (BatchRow & { fragments: number })[]) {
      const outlet = outletOf(stored);
      open.set(keyOf(outlet), {
        seq: stored.seq,
        id: stored.id,
        outlet,
        openedAt: host.clock.monotonic() - Math.max(0, now - stored.created_at_ms),
        fragments: stored.fragments,
        records: stored.record_count,
        rawBytes: stored.raw_bytes,
      });
    }
    return open;
  }

  // Read at once: an age must not depend on when it is first asked for.
  let known: Map<string, OpenBatch> | undefined = load();
  let added: PlacedFragment[] = [];
  let sealed: SealedNote[] = [];

  function all(): Map<string, OpenBatch> {
    known ??= load();
    return known;
  }

  function create(outlet: Outlet): OpenBatch {
    const { clock } = host;
    const createdAtMs = clock.now();
    const id = host.guid();
    const seq = rows.insertBatch({ id, outlet, createdAtMs, isSealed: false });
    for (const destination of new Set(outlet.destinations)) {
      rows.insertDelivery(destination, positionOf(seq), seq);
    }
    const openedAt = clock.monotonic();
    return { seq, id, outlet, openedAt, fragments: 0, records: 0, rawBytes: 0 };
  }

  function seal(key: string, { seq, id, outlet }: OpenBatch): void {
    const { flow, destinations } = outlet;
    markSealed.run(seq);
    all().delete(key);
    sealed.push({ batch: { id, flow, position: positionOf(seq) }, destinations });
  }

  function due(ageMs: number): [string, OpenBatch][] {
    const openedBy = host.clock.monotonic() - ageMs;
    return [...all()].filter(([, { openedAt }]) => ageMs <= 0 || openedAt <= openedBy);
  }

  return {
    add({ outlet, fragment }, isLast = false) {
      // Nothing to keep, or nobody to keep it for.
      if (fragment.recordCount === 0 || outlet.destinations.length === 0) return;
      const key = keyOf(outlet);
      let batch = all().get(key);
      if (batch !== undefined && !fits(batch, fragment, limits)) {
        seal(key, batch);
        batch = undefined;
      }
      batch ??= create(outlet);
      rows.insertFragment(batch.seq, batch.fragments, fragment);
      added.push({ batch: batch.seq, ordinal: batch.fragments, fragment });
      batch.fragments++;
      batch.records += fragment.recordCount;
      batch.rawBytes += fragment.rawBytes;
      all().set(key, batch);
      if (isLast || isFull(batch, limits)) seal(key, batch);
    },
    anyAtLeast: (ageMs) => due(ageMs).length > 0,
    seal(ageMs) {
      for (const [key, batch] of due(ageMs)) seal(key, batch);
    },
    takeAdded() {
      const taken = added;
      added = [];
      return taken;
    },
    takeSealed() {
      const taken = sealed;
      sealed = [];
      return taken;
    },
    forget() {
      known = undefined;
      added = [];
      sealed = [];
    },
  };
}

/** The commas between fragments count: they are sent too. */
function fits(
  batch: OpenBatch,
  added: Pick<Fragment, 'recordCount' | 'rawBytes'>,
  limits: BatchLimits,
): boolean {
  const rawBytes = batch.rawBytes + batch.fragments + added.rawBytes;
  const records = batch.records + added.recordCount;
  return rawBytes <= limits.batchRawBytesMax && records <= limits.batchRecordsMax;
}

/** Not even the smallest record would fit, or what would is not worth waiting for. */
function isFull(batch: OpenBatch, limits: BatchLimits): boolean {
  if (batch.rawBytes >= limits.batchRawBytesMax * FULL_SHARE) return true;
  return !fits(batch, { recordCount: 1, rawBytes: 1 }, limits);
}

function keyOf({ flow, stream, solution, protocol, destinations }: Outlet): string {
  return JSON.stringify([flow, stream, solution ?? null, protocol, destinations]);
}
