/**
 * What a durable buffer should hold, in a few lines and without a disk: the model that random
 * operations on the real one are compared with.
 */
import assert from 'node:assert/strict';
import {
  type Commit,
  type DurableBuffer,
  isBalanced,
} from '../../packages/agent/src/buffer/durable-buffer.ts';
import { allPending } from './buffer-on-disk.ts';
import { decodeFragment, encodeFragment } from './fragments.ts';

export const DESTINATIONS = ['a', 'b', 'c'] as const;

/** A flow's name tells the places of its destinations in `DESTINATIONS`. */
export const FLOWS = ['0', '01', '012', '12'] as const;

interface Fate {
  readonly waiting: Set<number>;
  readonly delivered: Set<number>;
  readonly rejected: Set<number>;
  readonly dropped: Set<number>;
}

export interface CommitOptions {
  /** Makes each record larger. */
  readonly noise?: () => string;
  /** By someone who cannot send it again: it has no cursor. */
  readonly isPushed?: boolean;
}

/** Of the records of all models of a process, so that none is ever stored twice. */
let nextId = 0;

export class BufferModel {
  readonly #fates = new Map<string, Fate>();
  #cursor: string | undefined;
  #filtered = 0;

  /** The same at this moment, to go back to. */
  copy(): BufferModel {
    const copy = new BufferModel();
    copy.#cursor = this.#cursor;
    copy.#filtered = this.#filtered;
    for (const [destination, { waiting, delivered, rejected, dropped }] of this.#fates) {
      copy.#fates.set(destination, {
        waiting: new Set(waiting),
        delivered: new Set(delivered),
        rejected: new Set(rejected),
        dropped: new Set(dropped),
      });
    }
    return copy;
  }

  /** A commit of `count` new records; they are in the model once `stored` is called. */
  commit(
    flow: string,
    count: number,
    { noise, isPushed = false }: CommitOptions = {},
  ): { readonly commit: Commit; readonly stored: () => void } {
    const ids = Array.from({ length: count }, () => nextId++);
    const records = ids.map((id) => (noise === undefined ? id : { id, noise: noise() }));
    const destinations = destinationsOf(flow);
    const outlet = { flow, stream: 'Custom-Text', protocol: 'gig' as const, destinations };
    const value = String(nextId);
    return {
      commit: {
        entries: count === 0 ? [] : [{ outlet, fragment: encodeFragment(records) }],
        cursors: isPushed ? [] : [{ key: 'cursor', value }],
        counts: [{ flow, destinations, read: count + 1, filtered: 1, rejected: [] }],
      },
      stored: () => {
        if (!isPushed) this.#cursor = value;
        this.#filtered += destinations.length;
        for (const name of destinations) for (const id of ids) this.#fate(name).waiting.add(id);
      },
    };
  }

  waitsFor(destination: string): boolean {
    return this.#fate(destination).waiting.size > 0;
  }

  count(destination: string, fate: keyof Fate): number {
    return this.#fate(destination)[fate].size;
  }

  /** What was waiting and is not any more was dropped; all that is stored must be sealed. */
  drop(buffer: DurableBuffer, destination: string): void {
    const stored = new Set(allPending(buffer, destination).flatMap((id) => idsOf(buffer, id)));
    const lost = [...this.#fate(destination).waiting].filter((id) => !stored.has(id));
    this.settle(destination, lost, 'dropped');
  }

  settle(
    destination: string,
    ids: readonly number[],
    as: 'delivered' | 'rejected' | 'dropped',
  ): void {
    const fate = this.#fate(destination);
    for (const id of ids) {
      assert.ok(fate.waiting.delete(id), `${id} waits for ${destination}`);
      fate[as].add(id);
    }
  }

  /** Every record is in exactly one place per destination, and the ledger says so. */
  check(buffer: DurableBuffer): void {
    for (const destination of DESTINATIONS) this.#checkDestination(buffer, destination);
    assert.equal(buffer.cursors('cursor').get('cursor'), this.#cursor);
    const rows = buffer.ledger();
    for (const row of rows) assert.ok(isBalanced(row), JSON.stringify(row));
    assert.equal(total(rows, 'filtered'), this.#filtered);
  }

  /** All that is stored, once it is sealed, is what waits. */
  checkContent(buffer: DurableBuffer): void {
    buffer.seal(0);
    for (const destination of DESTINATIONS) {
      const stored = allPending(buffer, destination).flatMap((id) => idsOf(buffer, id));
      assert.deepEqual(sorted(stored), sorted(this.#fate(destination).waiting));
    }
  }

  #checkDestination(buffer: DurableBuffer, destination: string): void {
    const { waiting, delivered, rejected, dropped } = this.#fate(destination);
    const rows = buffer.ledger().filter((row) => row.destination === destination);
    assert.deepEqual(
      {
        buffered: total(rows, 'buffered'),
        delivered: total(rows, 'delivered'),
        rejected: total(rows, 'rejected'),
        dropped: total(rows, 'dropped'),
      },
      {
        buffered: waiting.size,
        delivered: delivered.size,
        rejected: rejected.size,
        dropped: dropped.size,
      },
    );
    for (const id of allPending(buffer, destination).flatMap((batch) => idsOf(buffer, batch))) {
      assert.ok(waiting.has(id), `${id} is pending for ${destination} and should not be`);
    }
  }

  #fate(destination: string): Fate {
    const known = this.#fates.get(destination);
    if (known !== undefined) return known;
    const fate = {
      waiting: new Set<number>(),
      delivered: new Set<number>(),
      rejected: new Set<number>(),
      dropped: new Set<number>(),
    };
    this.#fates.set(destination, fate);
    return fate;
  }
}

export function idsOf(buffer: DurableBuffer, batchId: string): number[] {
  const batch = buffer.read(batchId);
  assert.ok(batch, `batch ${batchId} can be read`);
  const records = batch.fragments.flatMap(decodeFragment) as (number | { id: number })[];
  const ids = records.map((record) => (typeof record === 'number' ? record : record.id));
  assert.equal(ids.length, batch.recordCount);
  return ids;
}

function destinationsOf(flow: string): string[] {
  return [...flow].map((place) => DESTINATIONS[Number(place)]!);
}

function total<K extends string>(rows: readonly Record<K, number>[], column: K): number {
  return rows.reduce((sum, row) => sum + row[column], 0);
}

function sorted(ids: Iterable<number>): number[] {
  return [...ids].sort((a, b) => a - b);
}
