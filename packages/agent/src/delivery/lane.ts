/**
 * A lane takes one destination's batches out of the durable buffer, oldest first, and gets each
 * of them delivered, split or rejected. Lanes share nothing but the buffer and a number of
 * upload slots, and a lane never needs a shared slot to move: its first upload has a slot of
 * its own. A failing lane is left with that one until something succeeds.
 *
 * A batch stays in the buffer until it was acknowledged or rejected there, so a lane may be
 * stopped at any moment; what was under way is sent again.
 */
import type { DurableBuffer, SealedBatch } from '../buffer/durable-buffer.ts';
import type { DeliveryOutcome, Destination } from '../destinations/destination.ts';
import { reasonOf } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { Log } from '../host/log.ts';
import { backoffMs, HELD, TRANSIENT } from './backoff.ts';
import { createBatchAge } from './batch-age.ts';
import { BatchOrder } from './batch-order.ts';
import {
  type Failure,
  LaneHealth,
  type Refusal,
  type RequestCounts,
  withDetail,
} from './lane-health.ts';
import { Pause } from './pause.ts';
import { type SharedSlots, type UploadLimits, UploadSlots } from './upload-slots.ts';

/** How long a batch of a stream that the service does not know is put aside. */
const ASIDE_MS = 300_000;
/** Records older than two days are not taken with their own time any more. */
const ASIDE_AGE_MAX_MS = 48 * 3_600_000;

export interface LaneParts {
  readonly destination: Destination;
  readonly buffer: DurableBuffer;
  readonly host: Host;
  /** The same for all lanes. */
  readonly sharedSlots: SharedSlots;
  /** Called whenever nothing is pending or under way. */
  readonly onIdle?: () => void;
  readonly options?: UploadLimits;
}

export interface LaneStatus {
  /** Id of the destination. */
  readonly destination: string;
  readonly address: string;
  /** `waiting` ends by itself; `held`: someone has to act, the lane asks now and then. */
  readonly state: 'idle' | 'delivering' | 'waiting' | 'held';
  readonly inFlight: number;
  readonly lastSuccessAtMs: number | null;
  readonly lastFailure: Failure | null;
  readonly nextAttemptAtMs: number | null;
  readonly consecutiveFailures: number;
  readonly requests: RequestCounts;
}

export interface Lane {
  /** Call after batches were sealed. Cheap, never throws. */
  wake(): void;
  status(): LaneStatus;
  /**
   * Delivers what is pending without waiting out a back-off. Resolves when nothing is pending,
   * after the first failure, or when the signal aborts; requests may then still be under way.
   */
  drain(signal: AbortSignal): Promise<void>;
  /** Aborts what is under way and resolves when it has ended. Twice is harmless. */
  stop(): Promise<void>;
}

export function createLane(parts: LaneParts): Lane {
  return new DeliveryLane(parts);
}

class DeliveryLane implements Lane {
  readonly #destination: Destination;
  readonly #buffer: DurableBuffer;
  readonly #host: Host;
  readonly #log: Log;
  readonly #health: LaneHealth;
  readonly #pause: Pause;
  /** Until batches that were put aside are asked for again. */
  readonly #asidePause: Pause;
  readonly #slots: UploadSlots;
  readonly #order: BatchOrder;
  readonly #ageOf: (createdAtMs: number) => number;
  readonly #onIdle: () => void;
  readonly #stopping = new AbortController();
  readonly #inFlight = new Set<string>();
  readonly #uploads = new Set<Promise<void>>();
  readonly #onRest = new Set<() => void>();

  constructor({ destination, buffer, host, sharedSlots, onIdle, options = {} }: LaneParts) {
    this.#destination = destination;
    this.#buffer = buffer;
    this.#host = host;
    this.#log = host.log.child({ destination: destination.id, address: destination.address });
    this.#health = new LaneHealth(host.clock, this.#log);
    this.#pause = new Pause(host.clock, () => this.#advance());
    this.#asidePause = new Pause(host.clock, () => this.#advance());
    this.#slots = new UploadSlots(sharedSlots, options);
    this.#order = new BatchOrder(buffer, destination.id, host.clock);
    this.#ageOf = createBatchAge(host.clock);
    this.#onIdle = onIdle ?? (() => {});
  }

  wake(): void {
    this.#advance();
  }

  status(): LaneStatus {
    const health = this.#health;
    return {
      destination: this.#destination.id,
      address: this.#destination.address,
      state: this.#state(),
      inFlight: this.#inFlight.size,
      lastSuccessAtMs: health.lastSuccessAtMs,
      lastFailure: health.lastFailure,
      nextAttemptAtMs: this.#pause.endsAtMs ?? this.#asidePause.endsAtMs,
      consecutiveFailures: health.consecutiveFailures,
      requests: health.requests,
    };
  }

  async drain(signal: AbortSignal): Promise<void> {
    if (this.#isStopped || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onRest.add(resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    this.#pause.cancel();
    this.#advance();
    await promise;
    this.#onRest.delete(resolve);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#pause.cancel();
    this.#asidePause.cancel();
    await Promise.all(this.#uploads);
    this.#rest();
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #state(): LaneStatus['state'] {
    if (this.#pause.isOn) return this.#pause.isHeld ? 'held' : 'waiting';
    if (this.#inFlight.size > 0) return 'delivering';
    return this.#order.hasAside ? 'held' : 'idle';
  }

  /** Starts what may be started. Everything that could change the answer ends up here. */
  #advance(): void {
    if (this.#isStopped) return;
    let isEmpty = false;
    try {
      while (!isEmpty && !this.#pause.isOn && this.#slots.hasFree(this.#health.isFailing)) {
        isEmpty = this.#order.next(this.#inFlight) === undefined;
        if (!isEmpty) this.#startUpload();
      }
    } catch (error) {
      this.#fail(`the buffer cannot be read: ${reasonOf(error)}`);
    }
    if (this.#inFlight.size > 0) return;
    if (isEmpty || this.#pause.isOn) this.#rest();
    if (isEmpty) this.#onIdle();
  }

  #rest(): void {
    for (const resolve of this.#onRest) resolve();
  }

  #startUpload(): void {
    const upload = this.#slots
      .run(() => this.#uploadNext(), this.#stopping.signal)
      .then(() => {
        this.#uploads.delete(upload);
        this.#advance();
      });
    this.#uploads.add(upload);
  }

  /**
   * Picks its batch when it has a slot, not before: a batch that waited for a shared slot could
   * not be taken by the lane's own. Never rejects.
   */
  async #uploadNext(): Promise<void> {
    if (this.#isStopped || this.#pause.isOn) return;
    let batchId: string | undefined;
    try {
      batchId = this.#order.next(this.#inFlight);
      if (batchId !== undefined) await this.#upload(batchId);
    } catch (error) {
      if (batchId !== undefined) this.#order.defer(batchId);
      this.#fail(`the buffer failed: ${reasonOf(error)}`);
    }
  }

  async #upload(batchId: string): Promise<void> {
    this.#inFlight.add(batchId);
    try {
      const batch = this.#buffer.read(batchId);
      if (batch === undefined) {
        this.#order.skip(batchId);
        return;
      }
      const outcome = await this.#deliver(batch);
      if (this.#isStopped && outcome.kind !== 'delivered') return;
      this.#act(batch, outcome);
    } finally {
      this.#inFlight.delete(batchId);
    }
  }

  async #deliver(batch: SealedBatch): Promise<DeliveryOutcome> {
    try {
      const outcome = await this.#destination.deliver(batch, this.#stopping.signal);
      this.#health.count(outcome);
      return outcome;
    } catch (error) {
      this.#log.error(
        { err: error, batch: batch.id },
        'a destination threw, which is a bug in the agent',
      );
      return { kind: 'retry', reason: `internal error: ${reasonOf(error)}` };
    }
  }

  #act(batch: SealedBatch, outcome: DeliveryOutcome): void {
    switch (outcome.kind) {
      case 'delivered':
        this.#buffer.acknowledge(this.#destination.id, batch.id);
        this.#order.restore();
        this.#health.succeeded();
        break;
      case 'split':
        this.#health.answered();
        if (this.#buffer.split(this.#destination.id, batch.id) === undefined) {
          this.#reject(batch, outcome);
        }
        break;
      case 'rejected':
        this.#health.answered();
        this.#reject(batch, outcome);
        break;
      case 'aside':
        this.#health.answered();
        this.#setAside(batch, outcome);
        break;
      case 'retry':
      case 'unauthorized':
        this.#order.defer(batch.id);
        this.#fail(withDetail(outcome), waitOf(outcome));
    }
  }

  #setAside(batch: SealedBatch, refusal: Refusal): void {
    if (this.#ageOf(batch.createdAtMs) > ASIDE_AGE_MAX_MS) {
      this.#reject(batch, refusal);
      return;
    }
    this.#order.putAside(batch.id, ASIDE_MS);
    this.#asidePause.start(ASIDE_MS, true);
    this.#health.putAside(batch, refusal);
  }

  #reject(batch: SealedBatch, refusal: Refusal): void {
    this.#buffer.reject(this.#destination.id, batch.id, refusal.reason, refusal);
    this.#health.rejected(batch, refusal);
  }

  #fail(reason: string, { afterMs, isHeld }: Wait = {}): void {
    const isFirst = !this.#pause.isOn;
    this.#health.failed(reason, isFirst);
    if (this.#isStopped || (!isFirst && afterMs === undefined)) return;
    const range = isHeld ? HELD : TRANSIENT;
    const ownMs = backoffMs(range, this.#health.consecutiveFailures, this.#host.random());
    this.#pause.start(afterMs ?? ownMs, isHeld === true);
  }
}

interface Wait {
  readonly afterMs?: number;
  readonly isHeld?: boolean;
}

function waitOf(outcome: DeliveryOutcome & { kind: 'retry' | 'unauthorized' }): Wait {
  return outcome.kind === 'unauthorized' ? { isHeld: true } : outcome;
}
