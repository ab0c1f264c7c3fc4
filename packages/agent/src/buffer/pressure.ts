/**
 * How long the buffer has been full, and who is to blame. A destination is *behind* when it
 * still waits for something that was there when the buffer became full, and that was longer ago
 * than a full buffer holds its sources back. No calendar is asked: a clock that jumps makes
 * nobody late.
 */
import type { Clock } from '../host/clock.ts';

interface Mark {
  /** On the monotonic clock. */
  readonly at: number;
  /** The newest batch at that time. */
  readonly seq: number;
}

export class Pressure {
  readonly #clock: Clock;
  readonly #dropAfterMs: number;
  /** Of this episode: one that is old enough, and the one that will be. */
  #old: Mark | undefined;
  #young: Mark | undefined;
  /** When each destination has let go of a batch last. */
  readonly #settledAt = new Map<string, number>();

  constructor(clock: Clock, dropAfterMs: number) {
    this.#clock = clock;
    this.#dropAfterMs = dropAfterMs;
  }

  get isOn(): boolean {
    return this.#young !== undefined;
  }

  /** There was no room. Returns the newest batch of those that are overdue, if any can be yet. */
  refused(newestSeq: number): number | undefined {
    const at = this.#clock.monotonic();
    if (this.#young === undefined || at - this.#young.at >= this.#dropAfterMs) {
      this.#old = this.#young;
      this.#young = { at, seq: newestSeq };
    }
    return this.#old?.seq;
  }

  /** There is room again, and not only what was just made. */
  eased(): void {
    this.#old = undefined;
    this.#young = undefined;
  }

  /** The destination has let go of a batch. */
  settled(destination: string): void {
    this.#settledAt.set(destination, this.#clock.monotonic());
  }

  /** None of them has taken anything for as long as sources are held back. */
  haveStalled(destinations: Iterable<string>): boolean {
    const since = this.#clock.monotonic() - this.#dropAfterMs;
    return [...destinations].every((name) => (this.#settledAt.get(name) ?? since) <= since);
  }
}
