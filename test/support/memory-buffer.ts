/**
 * A durable buffer that forgets everything with the process, but otherwise keeps every promise
 * of the interface. For tests of what stands before and behind the buffer.
 */
import type { PlannedDestination } from '@dcr-agent/schema';
import type {
  BufferUsage,
  Commit,
  DurableBuffer,
  Entry,
  FinalAnswer,
  LedgerRow,
  Outlet,
  PendingBatch,
  PendingRange,
  QuarantineOutcome,
  SealedBatch,
  SealedNote,
} from '../../packages/agent/src/buffer/durable-buffer.ts';
import { AgentError } from '../../packages/agent/src/errors.ts';
import type { Fragment } from '../../packages/agent/src/fragment.ts';
import type { Clock } from '../../packages/agent/src/host/clock.ts';
import { decodeFragment, encodeFragment } from './fragments.ts';
import { MemoryLedger } from './memory-ledger.ts';

interface StoredBatch {
  readonly batch: SealedBatch;
  readonly position: string;
  /** Destinations that still have to receive it. */
  readonly waiting: Set<string>;
}

export interface QuarantinedBatch {
  readonly id: number;
  readonly destination: string;
  readonly reason: string;
  readonly answer: FinalAnswer;
  readonly batch: SealedBatch;
}

export interface MemoryBufferOptions {
  readonly clock: Clock;
  readonly quotaBytes?: number;
  /** An open batch of this many raw bytes is sealed at once. */
  readonly sealBytes?: number;
}

export class MemoryBuffer implements DurableBuffer {
  readonly quarantine: QuarantinedBatch[] = [];
  readonly #clock: Clock;
  #quotaBytes: number;
  readonly #sealBytes: number;
  readonly #open = new Map<string, SealedBatch>();
  /** In the order they are to be delivered. */
  #sealed: StoredBatch[] = [];
  #sealedCount = 0;
  readonly #cursors = new Map<string, string>();
  readonly #ledger = new MemoryLedger();
  readonly #destinations = new Map<string, PlannedDestination>();
  #listener: (sealed?: readonly SealedNote[]) => void = () => {};
  #isClosed = false;
  #lastQuarantined = 0;

  constructor({ clock, quotaBytes = 1e9, sealBytes = 1e6 }: MemoryBufferOptions) {
    this.#clock = clock;
    this.#quotaBytes = quotaBytes;
    this.#sealBytes = sealBytes;
  }

  async append(commit: Commit): Promise<void> {
    this.#assertOpen();
    const added = commit.entries.reduce((sum, { fragment }) => sum + storedBytes([fragment]), 0);
    if (this.usage().diskBytes + added > this.#quotaBytes) {
      throw new AgentError('BUFFER_FULL', 'the buffer is full');
    }
    for (const { key, value } of commit.cursors) {
      if (value === null) this.#cursors.delete(key);
      else this.#cursors.set(key, value);
    }
    for (const count of commit.counts) this.#ledger.count(count);
    for (const entry of commit.entries) this.#gather(entry);
    const paused = commit.isPause === true ? commit.entries.map(({ outlet }) => keyOf(outlet)) : [];
    this.#sealWhere(
      (batch) => batch.rawBytes >= this.#sealBytes || paused.includes(keyOf(batch.outlet)),
    );
  }

  cursors(sourceKey: string): ReadonlyMap<string, string> {
    this.#assertOpen();
    return new Map([...this.#cursors].filter(([key]) => key.startsWith(sourceKey)));
  }

  seal(ageMs: number): void {
    this.#assertOpen();
    const now = this.#clock.now();
    this.#sealWhere((batch) => now - batch.createdAtMs >= ageMs);
  }

  pending(
    destination: string,
    limit: number,
    { flow, after = '' }: PendingRange = {},
  ): readonly PendingBatch[] {
    this.#assertOpen();
    return this.#sealed
      .filter(({ waiting, position }) => waiting.has(destination) && position > after)
      .map(pendingOf)
      .filter((batch) => flow === undefined || batch.flow === flow)
      .slice(0, limit);
  }

  pendingFlows(destination: string): readonly string[] {
    return [
      ...new Set(this.pending(destination, Number.POSITIVE_INFINITY).map(({ flow }) => flow)),
    ];
  }

  read(batchId: string, destination?: string): SealedBatch | undefined {
    this.#assertOpen();
    const stored = this.#sealed.find(({ batch }) => batch.id === batchId);
    if (destination !== undefined && stored?.waiting.has(destination) === false) return undefined;
    return stored?.batch;
  }

  acknowledge(destination: string, batchId: string): void {
    const batch = this.#release(destination, batchId);
    if (batch !== undefined) this.#ledger.delivered(batch, destination);
  }

  reject(destination: string, batchId: string, reason: string, answer: FinalAnswer = {}): void {
    const batch = this.#release(destination, batchId);
    if (batch === undefined) return;
    this.#lastQuarantined += 1;
    this.quarantine.push({ id: this.#lastQuarantined, destination, reason, answer, batch });
  }

  replayQuarantined(entry: number): QuarantineOutcome {
    const taken = this.#takeQuarantined(entry);
    if (taken === undefined) return 'missing';
    const { destination, batch } = taken;
    const outlet = { ...batch.outlet, destinations: [destination] };
    const again = createBatch(outlet, this.#clock.now(), batch.fragments);
    this.#addSealed(again);
    this.#listener();
    return 'done';
  }

  dropQuarantined(entry: number): QuarantineOutcome {
    const taken = this.#takeQuarantined(entry);
    if (taken === undefined) return 'missing';
    this.#ledger.dropped(taken.batch, taken.destination, 'dropped from the quarantine');
    return 'done';
  }

  drop(destination: string, batchId: string, reason: string): void {
    const batch = this.#release(destination, batchId);
    if (batch !== undefined) this.#ledger.dropped(batch, destination, reason);
  }

  split(destination: string, batchId: string): readonly [PendingBatch, PendingBatch] | undefined {
    this.#assertOpen();
    const index = this.#sealed.findIndex(({ batch }) => batch.id === batchId);
    const { batch, position } = this.#sealed[index] ?? {};
    if (batch === undefined || batch.recordCount < 2) return undefined;
    const records = batch.fragments.flatMap(decodeFragment);
    const middle = Math.ceil(records.length / 2);
    const halves = [records.slice(0, middle), records.slice(middle)].map((half, at) => ({
      position: `${position}${'ab'.charAt(at)}`,
      batch: createBatch(batch.outlet, batch.createdAtMs, [encodeFragment(half)]),
      waiting: new Set([destination]),
    }));
    this.#sealed.splice(index + 1, 0, ...halves);
    this.#release(destination, batchId);
    return [pendingOf(halves[0]!), pendingOf(halves[1]!)];
  }

  rememberDestinations(destinations: readonly PlannedDestination[]): void {
    this.#assertOpen();
    for (const destination of destinations) this.#destinations.set(destination.id, destination);
  }

  destinationsWithBacklog(): readonly PlannedDestination[] {
    this.#assertOpen();
    const waiting = new Set(this.#stored().flatMap((stored) => [...stored.waiting]));
    return [...this.#destinations.values()].filter(({ id }) => waiting.has(id));
  }

  ledger(): readonly LedgerRow[] {
    return this.#ledger.rows(this.#stored(), this.quarantine);
  }

  usage(): BufferUsage {
    const stored = this.#stored();
    const ids = new Set([...this.#destinations.keys(), ...stored.flatMap((s) => [...s.waiting])]);
    return {
      diskBytes: stored.reduce((sum, { batch }) => sum + storedBytes(batch.fragments), 0),
      quotaBytes: this.#quotaBytes,
      losses: [],
      setAside: [],
      destinations: [...ids].map((destination) => {
        const own = stored.filter(({ waiting }) => waiting.has(destination));
        const times = own.map(({ batch }) => batch.createdAtMs);
        return {
          destination,
          records: own.reduce((sum, { batch }) => sum + batch.recordCount, 0),
          batches: own.length,
          oldestCreatedAtMs: times.length > 0 ? Math.min(...times) : null,
        };
      }),
    };
  }

  setQuota(quotaBytes: number): void {
    this.#quotaBytes = quotaBytes;
  }

  onSealed(listener: (sealed?: readonly SealedNote[]) => void): void {
    this.#listener = listener;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #gather({ outlet, fragment }: Entry): void {
    const key = keyOf(outlet);
    const open = this.#open.get(key);
    const copy = { ...fragment, deflated: fragment.deflated.slice() };
    const fragments = [...(open?.fragments ?? []), copy];
    const createdAtMs = open?.createdAtMs ?? this.#clock.now();
    this.#open.set(key, createBatch(outlet, createdAtMs, fragments));
  }

  #sealWhere(isReady: (batch: SealedBatch) => boolean): void {
    const notes: SealedNote[] = [];
    for (const [key, batch] of this.#open) {
      if (!isReady(batch)) continue;
      this.#open.delete(key);
      const { destinations } = batch.outlet;
      notes.push({ batch: pendingOf(this.#addSealed(batch)), destinations });
    }
    if (notes.length > 0) this.#listener(notes);
  }

  #addSealed(batch: SealedBatch): StoredBatch {
    this.#sealedCount += 1;
    const position = String(this.#sealedCount).padStart(16, '0');
    const stored = { batch, position, waiting: new Set(batch.outlet.destinations) };
    this.#sealed.push(stored);
    return stored;
  }

  /** The batch, when the destination was still waiting for it. */
  #release(destination: string, batchId: string): SealedBatch | undefined {
    this.#assertOpen();
    const stored = this.#sealed.find(({ batch }) => batch.id === batchId);
    if (stored === undefined || !stored.waiting.delete(destination)) return undefined;
    this.#sealed = this.#sealed.filter(({ waiting }) => waiting.size > 0);
    return stored.batch;
  }

  #takeQuarantined(entry: number): QuarantinedBatch | undefined {
    this.#assertOpen();
    const index = this.quarantine.findIndex(({ id }) => id === entry);
    return index < 0 ? undefined : this.quarantine.splice(index, 1)[0];
  }

  #stored(): StoredBatch[] {
    const open = [...this.#open.values()].map((batch) => ({
      batch,
      position: '',
      waiting: new Set(batch.outlet.destinations),
    }));
    return [...this.#sealed, ...open];
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new AgentError('BUFFER_CLOSED', 'the buffer is closed');
  }
}

function pendingOf({ batch, position }: StoredBatch): PendingBatch {
  return { id: batch.id, flow: batch.outlet.flow, position };
}

function keyOf(outlet: Outlet): string {
  return JSON.stringify(outlet);
}

function createBatch(
  outlet: Outlet,
  createdAtMs: number,
  fragments: readonly Fragment[],
): SealedBatch {
  return {
    id: crypto.randomUUID(),
    outlet,
    recordCount: fragments.reduce((sum, { recordCount }) => sum + recordCount, 0),
    rawBytes: fragments.reduce((sum, { rawBytes }) => sum + rawBytes, 0),
    createdAtMs,
    fragments,
  };
}

function storedBytes(fragments: readonly Fragment[]): number {
  return fragments.reduce((sum, { deflated }) => sum + deflated.length, 0);
}
