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
  readonly quarantined: Set<number>;
  readonly dropped: Set<number>;
}

interface QuarantinedIds {
  readonly destination: string;
  readonly ids: readonly number[];
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
  /** By number, which is never given twice. */
  readonly #entries = new Map<number, QuarantinedIds>();
  #lastEntry = 0;
  #cursor: string | undefined;
  #filtered = 0;

  /** The same at this moment, to go back to. */
  copy(): BufferModel {
    const copy = new BufferModel();
    copy.#cursor = this.#cursor;
    copy.#filtered = this.#filtered;
    copy.#lastEntry = this.#lastEntry;
    for (const [number, entry] of this.#entries) copy.#entries.set(number, entry);
    for (const [destination, { waiting, delivered, quarantined, dropped }] of this.#fates) {
      copy.#fates.set(destination, {
        waiting: new Set(waiting),
        delivered: new Set(delivered),
        quarantined: new Set(quarantined),
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
    this.move(destination, lost, 'waiting', 'dropped');
  }

  /**
   * A destination has refused what it waited for. `kept` are the entries that the quarantine
   * holds since then: where it had no room, the oldest are dropped, or the new one alone.
   */
  refuse(destination: string, ids: readonly number[], kept: readonly number[]): void {
    const number = this.#lastEntry + 1;
    const gone = this.entries().filter((each) => !kept.includes(each));
    this.move(destination, ids, 'waiting', 'quarantined');
    if (kept.includes(number)) {
      this.#lastEntry = number;
      this.#entries.set(number, { destination, ids });
      assert.deepEqual(gone, this.entries().slice(0, gone.length), 'the oldest make room');
    } else {
      assert.deepEqual(gone, [], 'nothing makes room in vain');
      this.move(destination, ids, 'quarantined', 'dropped');
    }
    for (const each of gone) this.release(each, 'dropped');
  }

  /** Of the quarantine, oldest first. */
  entries(): number[] {
    return [...this.#entries.keys()];
  }

  get lastEntry(): number {
    return this.#lastEntry;
  }

  /** An entry of the quarantine waits again, or is dropped. */
  release(number: number, to: 'waiting' | 'dropped'): void {
    const { destination, ids } = this.#entries.get(number)!;
    this.#entries.delete(number);
    this.move(destination, ids, 'quarantined', to);
  }

  move(destination: string, ids: readonly number[], from: keyof Fate, to: keyof Fate): void {
    const fate = this.#fate(destination);
    for (const id of ids) {
      assert.ok(fate[from].delete(id), `${id} is ${from} for ${destination}`);
      fate[to].add(id);
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
    const { waiting, delivered, quarantined, dropped } = this.#fate(destination);
    const rows = buffer.ledger().filter((row) => row.destination === destination);
    assert.deepEqual(
      {
        buffered: total(rows, 'buffered'),
        delivered: total(rows, 'delivered'),
        quarantined: total(rows, 'quarantined'),
        dropped: total(rows, 'dropped'),
      },
      {
        buffered: waiting.size,
        delivered: delivered.size,
        quarantined: quarantined.size,
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
      quarantined: new Set<number>(),
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
