/**
 * Changes that are not stored yet. What a destination has acknowledged is stored with the next
 * commit, or a little later: a transaction of its own would cost more than the sending. What a
 * full or failing disk refuses, and what must not be refused, is kept here too: else it would be
 * sent again and again. All of it holds already, and is stored with the next write that succeeds.
 */
import type { PlannedDestination } from '@dcr-agent/schema';
import type { Acknowledgement, Store } from './store.ts';

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
  acknowledgedBy(destination: string): ReadonlySet<string> {
    return this.#acknowledged.get(destination) ?? new Set();
  }

  /** The same for all destinations. */
  acknowledgements(): Acknowledgement[] {
    return [...this.#acknowledged].flatMap(([destination, batchIds]) =>
      [...batchIds].map((batchId) => ({ destination, batchId })),
    );
  }

  /** They are stored. */
  acknowledgementsStored(): void {
    this.#acknowledged.clear();
  }

  /** Stores what is owed. When it throws, some is still owed; storing it twice is harmless. */
  settle(store: Store): void {
    store.acknowledge(this.acknowledgements());
    this.#acknowledged.clear();
    if (this.#destinations === undefined) return;
    store.remember(this.#destinations);
    this.#destinations = undefined;
  }
}
