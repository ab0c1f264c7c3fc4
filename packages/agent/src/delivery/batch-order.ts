/**
 * Which batch is next: the oldest, but one that was refused comes after all others, and one that
 * was put aside not before its time. A service that stumbles over one batch must not keep the
 * rest waiting.
 */
import type { DurableBuffer } from '../buffer/durable-buffer.ts';
import type { Clock } from '../host/clock.ts';

export class BatchOrder {
  readonly #buffer: DurableBuffer;
  readonly #destination: string;
  readonly #clock: Clock;
  /** Put aside, with the end of it on the monotonic clock. */
  readonly #aside = new Map<string, number>();
  /** Tried without success since the last success. */
  readonly #deferred = new Set<string>();
  /** Listed by the buffer, yet not there when read. */
  readonly #missing = new Set<string>();

  constructor(buffer: DurableBuffer, destination: string, clock: Clock) {
    this.#buffer = buffer;
    this.#destination = destination;
    this.#clock = clock;
  }

  /** Are batches waiting that are not asked for yet? */
  get hasAside(): boolean {
    return this.#asideNow().length > 0;
  }

  next(inFlight: Iterable<string>): string | undefined {
    const taken = [...inFlight, ...this.#missing, ...this.#asideNow()];
    const fresh = this.#oldest([...taken, ...this.#deferred]);
    if (fresh !== undefined || this.#deferred.size === 0) return fresh;
    this.#deferred.clear();
    return this.#oldest(taken);
  }

  /** It was refused: others first. */
  defer(batchId: string): void {
    this.#deferred.add(batchId);
  }

  /** Not before so many milliseconds have passed. */
  putAside(batchId: string, ms: number): void {
    this.#aside.set(batchId, this.#clock.monotonic() + ms);
  }

  /** It cannot be read: asking for it again would go round in circles. */
  skip(batchId: string): void {
    this.#missing.add(batchId);
  }

  /** The service works: back to the oldest first. */
  restore(): void {
    this.#deferred.clear();
  }

  #asideNow(): string[] {
    const now = this.#clock.monotonic();
    for (const [batchId, end] of this.#aside) if (end <= now) this.#aside.delete(batchId);
    return [...this.#aside.keys()];
  }

  #oldest(skip: readonly string[]): string | undefined {
    return this.#buffer.pending(this.#destination, 1, new Set(skip))[0];
  }
}
