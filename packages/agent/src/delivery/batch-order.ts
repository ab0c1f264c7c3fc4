/**
 * Which batch is next: the oldest, but one that was refused comes after all others. A service
 * that stumbles over one batch must not keep the rest waiting.
 */
import type { DurableBuffer } from '../buffer/durable-buffer.ts';

export class BatchOrder {
  readonly #buffer: DurableBuffer;
  readonly #destination: string;
  /** Tried without success since the last success. */
  readonly #deferred = new Set<string>();
  /** Listed by the buffer, yet not there when read. */
  readonly #missing = new Set<string>();

  constructor(buffer: DurableBuffer, destination: string) {
    this.#buffer = buffer;
    this.#destination = destination;
  }

  next(inFlight: Iterable<string>): string | undefined {
    const taken = [...inFlight, ...this.#missing];
    const fresh = this.#oldest([...taken, ...this.#deferred]);
    if (fresh !== undefined || this.#deferred.size === 0) return fresh;
    this.#deferred.clear();
    return this.#oldest(taken);
  }

  /** It was refused: others first. */
  defer(batchId: string): void {
    this.#deferred.add(batchId);
  }

  /** It cannot be read: asking for it again would go round in circles. */
  skip(batchId: string): void {
    this.#missing.add(batchId);
  }

  /** The service works: back to the oldest first. */
  restore(): void {
    this.#deferred.clear();
  }

  #oldest(skip: readonly string[]): string | undefined {
    return this.#buffer.pending(this.#destination, 1, new Set(skip))[0];
  }
}
