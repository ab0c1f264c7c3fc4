/**
 * When to look: at files that are followed, and for files that are new. Looking in vain may take
 * a twentieth of the time, and a tenth while there are hints that it is not in vain; so with very
 * many files it is done less often.
 */
import type { Clock } from '../../host/clock.ts';

const DISCOVERY_INTERVAL_MS = 1_000;
/** Where every new file is hinted at. */
const DISCOVERY_INTERVAL_HINTED_MS = 10_000;
const REST_PER_WORK = 19;
const REST_PER_WORK_HINTED = 9;

export class Pace {
  readonly #clock: Clock;
  readonly #pollIntervalMs: number;
  #discoveryBeganMs = 0;
  #discoveryDueMs = 0;
  /** Not before this even when a new file is hinted at. */
  #discoveryEarliestMs = 0;
  #isHinted = false;
  #wake: () => void = () => {};

  constructor(clock: Clock, pollIntervalMs: number) {
    this.#clock = clock;
    this.#pollIntervalMs = pollIntervalMs;
  }

  get isDiscoveryDue(): boolean {
    return this.#clock.monotonic() >= this.#discoveryDueMs;
  }

  /** A file may have appeared, gone or been renamed. */
  hint(): void {
    if (this.#isHinted) return;
    this.#isHinted = true;
    this.#discoveryDueMs = this.#discoveryEarliestMs;
    this.#wake();
  }

  /** A hint that comes while files are looked for counts for the next time. */
  beginDiscovery(): void {
    this.#isHinted = false;
    this.#discoveryBeganMs = this.#clock.monotonic();
  }

  /** `isWatched`: no file appears without a hint. */
  endDiscovery(isWatched: boolean): void {
    const nowMs = this.#clock.monotonic();
    const workMs = nowMs - this.#discoveryBeganMs;
    const intervalMs = isWatched ? DISCOVERY_INTERVAL_HINTED_MS : DISCOVERY_INTERVAL_MS;
    this.#discoveryEarliestMs = nowMs + REST_PER_WORK_HINTED * workMs;
    this.#discoveryDueMs = this.#isHinted
      ? this.#discoveryEarliestMs
      : nowMs + Math.max(REST_PER_WORK * workMs, intervalMs);
  }

  /** Rests after a round in vain that began at `startedMs`; a hint or the signal ends it. */
  async rest(startedMs: number, signal: AbortSignal): Promise<void> {
    const nowMs = this.#clock.monotonic();
    const restMs = Math.max(this.#pollIntervalMs, REST_PER_WORK * (nowMs - startedMs));
    const untilDiscoveryMs = Math.max(0, this.#discoveryDueMs - nowMs);
    const ended = new AbortController();
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const sleep = this.#clock.sleep(
      Math.min(restMs, untilDiscoveryMs),
      AbortSignal.any([signal, ended.signal]),
    );
    await Promise.race([woken, sleep]);
    ended.abort();
  }
}
