/** One upload after the other: a batch is read, sent, and dealt with as was answered. */
import type { DurableBuffer, PendingBatch, SealedBatch } from '../buffer/durable-buffer.ts';
import type { DeliveryOutcome, Destination } from '../destinations/destination.ts';
import { reasonOf } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { Log } from '../host/log.ts';
import { createBatchAge } from './batch-age.ts';
import type { LaneFlow } from './lane-flows.ts';
import { type LaneHealth, type Refusal, withDetail } from './lane-health.ts';
import { GIVEN_UP, type RetryPolicy } from './retry-policy.ts';
import type { ServiceLimiter } from './service-limit.ts';
import type { Trouble } from './trouble.ts';
import { WarmingUp } from './warming-up.ts';

/** How long a flow whose stream the service does not know is put aside. */
const ASIDE_MS = 300_000;
/** Records older than two days are not taken with their own time any more. */
const ASIDE_AGE_MAX_MS = 48 * 3_600_000;

export interface BatchUploadsParts {
  readonly destination: Destination;
  readonly buffer: DurableBuffer;
  readonly host: Host;
  readonly log: Log;
  readonly limiter: ServiceLimiter | undefined;
  readonly retries: RetryPolicy;
  readonly health: LaneHealth;
  /** Of the destination as a whole. */
  readonly trouble: Trouble;
  /** Aborts when the lane is stopped. */
  readonly signal: AbortSignal;
}

/** An upload, with what it is about. */
interface Upload {
  readonly flow: LaneFlow;
  readonly pending: PendingBatch;
  readonly batch: SealedBatch;
}

type Refused = DeliveryOutcome & { kind: 'retry' | 'unauthorized' };

export class BatchUploads {
  readonly #parts: BatchUploadsParts;
  readonly #warmingUp = new WarmingUp();
  readonly #ageOf: (createdAtMs: number) => number;

  constructor(parts: BatchUploadsParts) {
    this.#parts = parts;
    this.#ageOf = createBatchAge(parts.host.clock);
  }

  /** Never rejects. Afterwards the batch is no longer under way. */
  async upload(flow: LaneFlow, pending: PendingBatch): Promise<void> {
    const { buffer, destination, limiter, signal } = this.#parts;
    try {
      const batch = buffer.read(pending.id, destination.id);
      if (batch === undefined) {
        flow.queue.done(pending);
        return;
      }
      await limiter?.admit(batch.rawBytes, signal);
      if (signal.aborted) return;
      const outcome = await this.#deliver(batch);
      if (signal.aborted && outcome.kind !== 'delivered') return;
      this.#act({ flow, pending, batch }, outcome);
    } catch (error) {
      flow.queue.refused(pending);
      this.#fail(this.#parts.trouble, `the buffer failed: ${reasonOf(error)}`);
    }
  }

  async #deliver(batch: SealedBatch): Promise<DeliveryOutcome> {
    const { destination, health, log, signal } = this.#parts;
    try {
      const outcome = await destination.deliver(batch, signal);
      health.count(outcome);
      return outcome;
    } catch (error) {
      log.error(
        { err: error, batch: batch.id },
        'a destination threw, which is a bug in the agent',
      );
      return { kind: 'retry', reason: `internal error: ${reasonOf(error)}` };
    }
  }

  #act(upload: Upload, outcome: DeliveryOutcome): void {
    const { flow, pending } = upload;
    switch (outcome.kind) {
      case 'delivered':
        this.#parts.buffer.acknowledge(this.#parts.destination.id, pending.id);
        flow.queue.delivered(pending);
        this.#parts.health.succeeded();
        this.#warmingUp.succeeded();
        this.#answered(flow);
        break;
      case 'split':
        this.#answered(flow);
        this.#split(upload, outcome);
        break;
      case 'rejected':
        this.#answered(flow);
        this.#reject(upload, outcome);
        break;
      case 'expired':
        this.#answered(flow);
        this.#expire(upload, outcome.reason);
        break;
      case 'aside':
        this.#setAside(upload, outcome);
        break;
      case 'retry':
      case 'unauthorized':
        this.#retry(upload, outcome);
    }
  }

  /** The service is there and listens, whatever it thinks of this batch. */
  #answered(flow: LaneFlow): void {
    this.#parts.trouble.ended();
    flow.trouble.ended();
  }

  #split(upload: Upload, refusal: Refusal): void {
    const { buffer, destination } = this.#parts;
    const halves = buffer.split(destination.id, upload.pending.id);
    if (halves === undefined) this.#reject(upload, refusal);
    else upload.flow.queue.replaced(upload.pending, halves);
  }

  #reject({ flow, pending, batch }: Upload, refusal: Refusal): void {
    const { buffer, destination, health } = this.#parts;
    buffer.reject(destination.id, pending.id, refusal.reason, refusal);
    flow.queue.done(pending);
    health.rejected(batch, refusal);
  }

  #expire({ flow, pending, batch }: Upload, reason: string): void {
    const { buffer, destination, health, log } = this.#parts;
    buffer.drop(destination.id, pending.id, reason);
    flow.queue.done(pending);
    health.failed(reason);
    log.warn({ batch: batch.id, records: batch.recordCount, reason }, 'records are dropped');
  }

  /** Other flows go on. */
  #setAside(upload: Upload, refusal: Refusal): void {
    const { flow, pending, batch } = upload;
    this.#parts.trouble.ended();
    if (this.#ageOf(batch.createdAtMs) > ASIDE_AGE_MAX_MS) {
      this.#reject(upload, refusal);
      return;
    }
    flow.queue.returned(pending);
    this.#fail(flow.trouble, withDetail(refusal), { afterMs: ASIDE_MS, isHeld: true });
  }

  #retry(upload: Upload, outcome: Refused): void {
    const { flow, pending } = upload;
    const { trouble, retries } = this.#parts;
    const concerned =
      outcome.kind === 'retry' && outcome.concerns === 'flow' ? flow.trouble : trouble;
    const reason = this.#reasonOf(outcome);
    if (retries !== 'keep until delivered') {
      this.#retryByPlan(upload, retries, reason);
      return;
    }
    flow.queue.refused(pending);
    this.#fail(concerned, reason, outcome.kind === 'unauthorized' ? { isHeld: true } : outcome);
  }

  #retryByPlan({ flow, pending, batch }: Upload, waitsMs: readonly number[], why: string): void {
    const { buffer, destination, health, log } = this.#parts;
    health.failed(why);
    const waitMs = waitsMs[flow.queue.failuresOf(pending) - 1];
    if (waitMs !== undefined) {
      flow.queue.postponed(pending, waitMs);
      return;
    }
    buffer.drop(destination.id, pending.id, GIVEN_UP);
    flow.queue.done(pending);
    const facts = {
      batch: batch.id,
      records: batch.recordCount,
      retries: waitsMs.length,
      reason: why,
    };
    log.error(facts, 'records were given up after their last retry, as the profile asks for');
  }

  #reasonOf(outcome: Refused): string {
    const reason = withDetail(outcome);
    if (outcome.kind !== 'unauthorized' || outcome.status !== 403) return reason;
    return `${reason} (${this.#warmingUp.forbidden(this.#parts.host.clock.now())})`;
  }

  #fail(trouble: Trouble, reason: string, wait: Parameters<Trouble['failed']>[1] = {}): void {
    this.#parts.health.failed(reason);
    if (!this.#parts.signal.aborted) trouble.failed(reason, wait);
  }
}
