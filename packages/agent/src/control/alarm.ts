/** A wait that can be cut short. */
import type { Clock } from '../host/clock.ts';

export class Alarm {
  readonly #clock: Clock;
  #isRung = false;
  #cutShort: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the wait under way, or else the next one. */
  ring(): void {
    this.#isRung = true;
    this.#cutShort?.();
  }

  /** Forgets a ring that nobody has waited for yet. */
  silence(): void {
    this.#isRung = false;
  }

  /** Resolves after `ms`, on a ring (`true`), or when the signal aborts. One wait at a time. */
  async wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#isRung && !signal.aborted) {
      const end = new AbortController();
      this.#cutShort = () => end.abort();
      signal.addEventListener('abort', this.#cutShort, { once: true });
      await this.#clock.sleep(ms, end.signal);
      signal.removeEventListener('abort', this.#cutShort);
      this.#cutShort = undefined;
    }
    const wasRung = this.#isRung;
    this.#isRung = false;
    return wasRung;
  }
}
