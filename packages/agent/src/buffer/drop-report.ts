/** Tells the operator what had to be dropped: at once, and from then on once a minute at most. */
import type { Host } from '../host/host.ts';
import type { Delivery } from './sealed-batches.ts';

const INTERVAL_MS = 60_000;

interface Dropped {
  batches: number;
  records: number;
}

export class DropReport {
  readonly #host: Pick<Host, 'clock' | 'log'>;
  readonly #message: string;
  readonly #untold = new Map<string, Dropped>();
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(host: Pick<Host, 'clock' | 'log'>, message: string) {
    this.#host = host;
    this.#message = message;
  }

  /** With nothing, what was not told yet: to be called now and then. */
  tell(dropped: readonly Delivery[]): void {
    for (const { destination, batch } of dropped) {
      const untold = this.#untold.get(destination) ?? { batches: 0, records: 0 };
      untold.batches += 1;
      untold.records += batch.record_count;
      this.#untold.set(destination, untold);
    }
    const { clock, log } = this.#host;
    if (this.#untold.size === 0 || clock.monotonic() - this.#toldAt < INTERVAL_MS) return;
    this.#toldAt = clock.monotonic();
    for (const [destination, facts] of this.#untold) {
      log.warn({ destination, ...facts }, this.#message);
    }
    this.#untold.clear();
  }
}
