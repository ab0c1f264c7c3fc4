/**
 * Changes that a full or failing disk refuses and that must not be refused: what a destination
 * has acknowledged would otherwise be sent again and again. They are kept in memory, hold
 * already, and are stored with the next write that succeeds.
 */
import type { PlannedDestination } from '@dcr-agent/schema';
import type { Store } from './store.ts';

export class OwedChanges {
  readonly #acknowledged = new Map<string, Set<string>>();
  #destinations: readonly PlannedDestination[] | undefined;

  get isEmpty(): boolean {
    return this.#acknowledged.size === 0 && this.#destinations === undefined;
  }

  acknowledge(destination: string, batchId: string): void {
    const known = this.#acknowledged.get(destination) ?? new Set();
    this.#acknowledged.set(destination, known.add(batchId));
  }

  remember(destinations: readonly PlannedDestination[]): void {
    this.#destinations = destinations;
  }

  /** Batches the destination has acknowledged, although the disk does not know. */
  acknowledged(destination: string): ReadonlySet<string> {
    return this.#acknowledged.get(destination) ?? new Set();
  }

  /** Stores what is owed. When it throws, some is still owed; storing it twice is harmless. */
  settle(store: Store): void {
    for (const [destination, batchIds] of this.#acknowledged) {
      for (const batchId of batchIds) store.acknowledge(destination, batchId);
      this.#acknowledged.delete(destination);
    }
    if (this.#destinations === undefined) return;
    store.remember(this.#destinations);
    this.#destinations = undefined;
  }
}
