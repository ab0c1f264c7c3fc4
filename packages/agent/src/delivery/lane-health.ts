/** What a lane knows about its destination, and what it says in the log about refused records. */
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
  #lastSuccessAtMs: number | null = null;
  #lastFailure: Failure | null = null;
  #unlogged = { batches: 0, records: 0 };
  #rejectionLoggedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
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
  }

  failed(reason: string): void {
    this.#lastFailure = { atMs: this.#clock.now(), reason };
  }

  /** Logged once a minute at most: a poisoned stream rejects thousands. */
  rejected(batch: SealedBatch, refusal: Refusal): void {
    this.failed(withDetail(refusal));
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
