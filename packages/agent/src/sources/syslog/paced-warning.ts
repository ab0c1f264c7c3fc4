/** A warning whose cause comes again and again: said at once, then once a minute, added up. */
import type { Host } from '../../host/host.ts';

const INTERVAL_MS = 60_000;

export class PacedWarning {
  readonly #host: Pick<Host, 'clock' | 'log'>;
  readonly #message: string;
  #untold: Readonly<Record<string, number>> | undefined;
  #facts: object = {};
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(host: Pick<Host, 'clock' | 'log'>, message: string) {
    this.#host = host;
    this.#message = message;
  }

  /** Counts are added up until they are told; of the facts the last ones are told. */
  add(counts: Readonly<Record<string, number>>, facts: object): void {
    const untold = { ...this.#untold };
    for (const [name, count] of Object.entries(counts)) untold[name] = (untold[name] ?? 0) + count;
    this.#untold = untold;
    this.#facts = facts;
    if (this.#host.clock.monotonic() - this.#toldAtMs >= INTERVAL_MS) this.flush();
  }

  /** Tells now what has not been told, if there is any. */
  flush(): void {
    if (this.#untold === undefined) return;
    this.#host.log.warn({ ...this.#facts, ...this.#untold }, this.#message);
    this.#untold = undefined;
    this.#toldAtMs = this.#host.clock.monotonic();
  }
}
