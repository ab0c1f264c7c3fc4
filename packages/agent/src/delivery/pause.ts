/** A lane's wait after a failure. One at a time: the later end wins. */
import type { Clock } from '../host/clock.ts';

interface Current {
  /** On the monotonic clock; decides. */
  readonly endsAt: number;
  /** Epoch milliseconds; to be shown. */
  readonly endsAtMs: number;
  readonly isHeld: boolean;
  readonly cancel: AbortController;
}

export class Pause {
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  #current: Current | null = null;

  /** `onEnd` is called when a pause has run its time, not when it was cancelled. */
  constructor(clock: Clock, onEnd: () => void) {
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  get isOn(): boolean {
    return this.#current !== null;
  }

  get isHeld(): boolean {
    return this.#current?.isHeld ?? false;
  }

  get endsAtMs(): number | null {
    return this.#current?.endsAtMs ?? null;
  }

  start(ms: number, isHeld: boolean): void {
    const endsAt = this.#clock.monotonic() + ms;
    if (this.#current !== null && this.#current.endsAt >= endsAt) return;
    this.cancel();
    const cancel = new AbortController();
    const current = { endsAt, endsAtMs: this.#clock.now() + ms, isHeld, cancel };
    this.#current = current;
    void this.#clock.sleep(ms, cancel.signal).then(() => {
      if (this.#current !== current) return;
      this.#current = null;
      this.#onEnd();
    });
  }

  cancel(): void {
    this.#current?.cancel.abort();
    this.#current = null;
  }
}
