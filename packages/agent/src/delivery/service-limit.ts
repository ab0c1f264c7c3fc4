/**
 * Keeps below what a service takes in a minute, so that it need not complain. One per rule there,
 * whichever lanes send to it.
 */
import PQueue from 'p-queue';
import type { ServiceLimit } from '../destinations/destination.ts';
import type { Clock } from '../host/clock.ts';

const MINUTE_MS = 60_000;
/** Of a minute's bytes, so many may go at once; the rest is given out evenly over the minute. */
const BURST_SHARE = 0.05;

export class ServiceLimiter {
  readonly #clock: Clock;
  readonly #requests: PQueue;
  readonly #bytesPerMs: number;
  readonly #burstBytes: number;
  /** When the bytes given out so far will have been earned, on the monotonic clock. */
  #earnedAt = Number.NEGATIVE_INFINITY;

  constructor({ requestsPerMinute, bytesPerMinute }: ServiceLimit, clock: Clock) {
    this.#clock = clock;
    this.#requests = new PQueue({
      // By the second: a minute's requests at once would be a burst of its own.
      interval: 1_000,
      intervalCap: Math.max(1, Math.floor(requestsPerMinute / 60)),
      // With fixed windows the queue lets a lone task wait for the next window to begin.
      strict: true,
    });
    this.#burstBytes = bytesPerMinute * BURST_SHARE;
    // Whichever minute is looked at: a burst and what is earned meanwhile are a minute's bytes.
    this.#bytesPerMs = (bytesPerMinute - this.#burstBytes) / MINUTE_MS;
  }

  /** Resolves when so many bytes may be sent as one request, or when the signal aborts. */
  async admit(bytes: number, signal: AbortSignal): Promise<void> {
    await this.#requests.add(() => this.#spend(bytes, signal), { signal }).catch(() => {});
  }

  async #spend(bytes: number, signal: AbortSignal): Promise<void> {
    const now = this.#clock.monotonic();
    const start = Math.max(this.#earnedAt, now - this.#burstBytes / this.#bytesPerMs);
    this.#earnedAt = start + bytes / this.#bytesPerMs;
    const waitMs = this.#earnedAt - now;
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
  }
}
