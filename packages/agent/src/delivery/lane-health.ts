/**
 * What a lane knows about its destination, and what it says about it in the log: when trouble
 * starts and when it ends, not each attempt in between.
 */
import type { SealedBatch } from '../buffer/durable-buffer.ts';
import type { DeliveryOutcome } from '../destinations/destination.ts';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';

export interface Failure {
  readonly atMs: number;
  readonly reason: string;
}

/** Outcomes by HTTP status, `none` where no answer came. */
export type RequestCounts = Readonly<Record<string, number>>;

/** Why a batch was not taken: stable words, and the service's own. */
export interface Refusal {
  readonly reason: string;
  readonly status?: number;
  readonly detail?: string;
}

const REJECTION_LOG_INTERVAL_MS = 60_000;

export class LaneHealth {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #requests = new Map<string, number>();
  #consecutiveFailures = 0;
  #lastSuccessAtMs: number | null = null;
  #lastFailure: Failure | null = null;
  #asideReason: string | undefined;
  #unlogged = { batches: 0, records: 0 };
  #rejectionLoggedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  get consecutiveFailures(): number {
    return this.#consecutiveFailures;
  }

  get isFailing(): boolean {
    return this.#consecutiveFailures > 0;
  }

  get lastSuccessAtMs(): number | null {
    return this.#lastSuccessAtMs;
  }

  get lastFailure(): Failure | null {
    return this.#lastFailure;
  }

  get requests(): RequestCounts {
    return Object.fromEntries(this.#requests);
  }

  count({ status }: DeliveryOutcome): void {
    const key = status === undefined ? 'none' : String(status);
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
  }

  succeeded(): void {
    this.#lastSuccessAtMs = this.#clock.now();
    this.answered();
  }

  /** The service is there and listens, whatever it thinks of this batch. */
  answered(): void {
    if (this.isFailing) {
      this.#log.info({ failures: this.#consecutiveFailures }, 'delivery works again');
    }
    this.#consecutiveFailures = 0;
  }

  /** `isFirst` in this round: uploads that were under way together count as one failure. */
  failed(reason: string, isFirst: boolean): void {
    this.#lastFailure = { atMs: this.#clock.now(), reason };
    if (!isFirst) return;
    this.#consecutiveFailures += 1;
    if (this.#consecutiveFailures === 1) {
      this.#log.warn({ reason }, 'delivery fails; nothing is lost, it will be tried again');
    } else {
      this.#log.debug({ reason, failures: this.#consecutiveFailures }, 'delivery still fails');
    }
  }

  /** Logged when the reason is new: it is asked for again and again. */
  putAside(batch: SealedBatch, refusal: Refusal): void {
    const reason = withDetail(refusal);
    this.#lastFailure = { atMs: this.#clock.now(), reason };
    if (this.#asideReason === reason) return;
    this.#asideReason = reason;
    this.#log.warn(
      { stream: batch.outlet.stream, reason },
      'the destination does not know a stream; its records are kept, other streams go on',
    );
  }

  /** Logged once a minute at most: a poisoned stream rejects thousands. */
  rejected(batch: SealedBatch, refusal: Refusal): void {
    this.#lastFailure = { atMs: this.#clock.now(), reason: withDetail(refusal) };
    this.#unlogged.batches += 1;
    this.#unlogged.records += batch.recordCount;
    const now = this.#clock.monotonic();
    if (now - this.#rejectionLoggedAt < REJECTION_LOG_INTERVAL_MS) return;
    this.#rejectionLoggedAt = now;
    this.#log.error(
      { ...this.#unlogged, lastBatch: batch.id, reason: withDetail(refusal) },
      'the destination refused records for good; `dcr-agent quarantine ls` shows them',
    );
    this.#unlogged = { batches: 0, records: 0 };
  }
}

export function withDetail({ reason, detail }: Refusal): string {
  return detail === undefined ? reason : `${reason}: ${detail}`;
}
