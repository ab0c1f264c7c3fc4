/**
 * A warning whose cause comes again and again: said at once, then once a minute, added up. What
 * came since is said a minute later too if nothing more comes.
 */
import type { Host } from '../../host/host.ts';

const INTERVAL_MS = 60_000;

export class PacedWarning {
  readonly #host: Pick<Host, 'clock' | 'log'>;
  readonly #message: string;
  #untold: Readonly<Record<string, number>> | undefined;
  #facts: object = {};
  #toldAtMs = Number.NEGATIVE_INFINITY;
  /** As long as something waits to be told. */
  #waiting: AbortController | undefined;

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
    const waitMs = this.#toldAtMs + INTERVAL_MS - this.#host.clock.monotonic();
    if (waitMs <= 0) this.flush();
    else if (this.#waiting === undefined) void this.#flushAfter(waitMs);
  }

  /** Tells now what has not been told, if there is any. */
  flush(): void {
    this.#waiting?.abort();
    this.#waiting = undefined;
    if (this.#untold === undefined) return;
    this.#host.log.warn({ ...this.#facts, ...this.#untold }, this.#message);
    this.#untold = undefined;
    this.#toldAtMs = this.#host.clock.monotonic();
  }

  async #flushAfter(ms: number): Promise<void> {
    const waiting = new AbortController();
    this.#waiting = waiting;
    await this.#host.clock.sleep(ms, waiting.signal);
    if (!waiting.signal.aborted) this.flush();
  }
}
