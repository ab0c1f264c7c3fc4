/**
 * When what a pipeline has gathered becomes a commit: once it is large enough to be worth its
 * cost, or old enough, or once a source that was busy makes a pause.
 */
import type { Clock } from './host/clock.ts';

/** JSON that makes a commit worth its cost: one batch more, and it still is a single block. */
const PORTION_BYTES = 820_000;
/** A source that brings nothing for so long, which is more than it gathers for, makes a pause. */
const PAUSE_MS = 150;

export interface CommitTimerOptions {
  readonly clock: Clock;
  /** How long anything may wait, milliseconds; 0: not at all. */
  readonly intervalMs: number;
  /** Nothing waits any more when it aborts. */
  readonly signal: AbortSignal;
  /** Called when it is time; `isPause` where nothing more is to be expected for a while. */
  handOver(isPause: boolean): void;
}

export class CommitTimer {
  readonly #options: CommitTimerOptions;
  /** When the first and the last of what waits came in, on the monotonic clock. */
  #from: number | undefined;
  #to = 0;
  /** The last commit was a large one. */
  #isBusy = false;
  #isSet = false;

  constructor(options: CommitTimerOptions) {
    this.#options = options;
  }

  /** Something was gathered: so many bytes of JSON by now. */
  gathered(bytes: number): void {
    const { clock, intervalMs } = this.#options;
    this.#to = clock.monotonic();
    this.#from ??= this.#to;
    if (bytes >= PORTION_BYTES) this.#isBusy = true;
    if (intervalMs === 0 || bytes >= PORTION_BYTES) this.#handOver(false);
    else if (!this.#isSet) void this.#handOverInTime();
  }

  /** One timer at a time, which looks again when it is late enough for what came first. */
  async #handOverInTime(): Promise<void> {
    const { clock, signal } = this.#options;
    this.#isSet = true;
    for (let waitMs = this.#waitMs(); waitMs > 0 && !signal.aborted; waitMs = this.#waitMs()) {
      await clock.sleep(waitMs, signal);
    }
    this.#isSet = false;
    if (this.#from === undefined) return;
    const isPause = this.#isBusy && this.#pauseMs() <= 0;
    this.#isBusy = false;
    this.#handOver(isPause);
  }

  #waitMs(): number {
    const { clock, intervalMs } = this.#options;
    if (this.#from === undefined) return 0;
    const ageMs = this.#from + intervalMs - clock.monotonic();
    return this.#isBusy ? Math.min(ageMs, this.#pauseMs()) : ageMs;
  }

  #pauseMs(): number {
    return this.#to + PAUSE_MS - this.#options.clock.monotonic();
  }

  #handOver(isPause: boolean): void {
    this.#from = undefined;
    this.#options.handOver(isPause);
  }
}
