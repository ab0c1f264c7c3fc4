/**
 * What was stored a moment ago is still in memory when it is sent: reading it back from the disk,
 * once for each destination, would cost more than all else a destination costs. What is sent
 * later than that is read back; the disk always has it too.
 */
import type { Fragment } from '../fragment.ts';
import { MemoryUses } from '../host/memory-uses.ts';

/** Enough for all that is under way while nobody is behind. */
const BYTES_MAX = 3 * 1024 * 1024;

/** A fragment and its place in a batch. */
export interface PlacedFragment {
  readonly batch: number;
  readonly ordinal: number;
  readonly fragment: Fragment;
}

interface RecentBatch {
  readonly fragments: Fragment[];
  records: number;
  bytes: number;
  /** How many are looking at it. */
  lent: number;
}

export class RecentFragments {
  /** In the order they were begun. */
  readonly #batches = new Map<number, RecentBatch>();
  /** Alike flows have batches of the same bytes. */
  readonly #uses = new MemoryUses();
  #bytes = 0;

  /** They are stored. Their memory is freed here, sooner or later. */
  add(stored: readonly PlacedFragment[]): void {
    for (const { fragment } of stored) this.#uses.add(fragment.deflated);
    for (const placed of stored) this.#place(placed);
    for (const [batch] of this.#batches) {
      if (this.#bytes <= BYTES_MAX) return;
      this.remove(batch);
    }
  }

  /** All `records` records of a batch, always as the same array, or `undefined`. */
  lend(batch: number, records: number): readonly Fragment[] | undefined {
    const recent = this.#batches.get(batch);
    if (recent?.records !== records) return undefined;
    recent.lent += 1;
    return recent.fragments;
  }

  /** One that it was lent to looks at it no more. */
  giveBack(batch: number): void {
    const recent = this.#batches.get(batch);
    if (recent !== undefined) recent.lent -= 1;
  }

  /** The batch is gone, or not what it was. */
  remove(batch: number): void {
    const recent = this.#batches.get(batch);
    if (recent === undefined) return;
    this.#batches.delete(batch);
    this.#bytes -= recent.bytes;
    for (const { deflated } of recent.fragments) {
      if (recent.lent > 0) this.#uses.leave(deflated);
      else this.#uses.remove(deflated);
    }
  }

  #place({ batch, ordinal, fragment }: PlacedFragment): void {
    const { deflated, recordCount } = fragment;
    const recent = this.#batches.get(batch) ?? { fragments: [], records: 0, bytes: 0, lent: 0 };
    if (recent.fragments.length !== ordinal) {
      // Of a batch whose beginning is not here any more.
      this.#uses.remove(deflated);
      return;
    }
    recent.fragments.push(fragment);
    recent.records += recordCount;
    recent.bytes += deflated.byteLength;
    this.#bytes += deflated.byteLength;
    this.#batches.set(batch, recent);
  }
}
