/**
 * How long the buffer has been full, and who takes anything out of it. No calendar is asked: a
 * clock that jumps makes nobody late.
 */
import type { Clock } from '../host/clock.ts';

export class Pressure {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  /** On the monotonic clock; `undefined` while there is room. */
  #since: number | undefined;
  /** When each destination has let go of a batch last. */
  readonly #settledAt = new Map<string, number>();

  /** `patienceMs`: how long a full buffer only holds its sources back. */
  constructor(clock: Clock, patienceMs: number) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
  }

  get isOn(): boolean {
    return this.#since !== undefined;
  }

  /** There was no room. Tells whether holding back has been tried for long enough. */
  refused(): boolean {
    const now = this.#clock.monotonic();
    this.#since ??= now;
    return now - this.#since >= this.#patienceMs;
  }

  /** There is room again, and more than was just made. */
  eased(): void {
    this.#since = undefined;
  }

  /** The destination has let go of a batch. */
  settled(destination: string): void {
    this.#settledAt.set(destination, this.#clock.monotonic());
  }

  /** None of them has let go of anything for that long. */
  haveStalled(destinations: readonly string[]): boolean {
    const since = this.#clock.monotonic() - this.#patienceMs;
    return destinations.every((name) => (this.#settledAt.get(name) ?? since) <= since);
  }
}
