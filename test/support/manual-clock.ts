/**
 * A clock that stands still until told otherwise. Sleeps end when time is advanced past them,
 * in the order of their ends, and what they wake runs before the next one ends.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../packages/agent/src/host/clock.ts';

interface Sleeper {
  readonly endsAt: number;
  readonly wake: () => void;
}

export class ManualClock implements Clock {
  #nowMs: number;
  #monotonicMs = 0;
  readonly #sleepers = new Set<Sleeper>();

  constructor(nowMs: number = Date.UTC(2025, 2, 1, 10, 11, 12)) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { endsAt: this.#monotonicMs + Math.max(0, ms), wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', wake);
    });
  }

  /** How many sleep now. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Milliseconds until the first sleep ends; `undefined` when nobody sleeps. */
  get nextWakeMs(): number | undefined {
    const first = this.#first();
    return first && first.endsAt - this.#monotonicMs;
  }

  async advance(ms: number): Promise<void> {
    const target = this.#monotonicMs + ms;
    for (let due = this.#first(); due && due.endsAt <= target; due = this.#first()) {
      this.#moveTo(due.endsAt);
      due.wake();
      await nextTurn();
    }
    this.#moveTo(target);
    await nextTurn();
  }

  /** Sets the time of day without letting time pass, as a user or a time server does. */
  jumpTo(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  #first(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (first === undefined || sleeper.endsAt < first.endsAt) first = sleeper;
    }
    return first;
  }

  #moveTo(monotonicMs: number): void {
    this.#nowMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}
