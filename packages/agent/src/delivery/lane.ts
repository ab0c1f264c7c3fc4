/**
 * A lane takes one destination's batches out of the durable buffer and gets each of them
 * delivered, split or rejected; `flow-queue.ts` says in which order. Lanes share nothing but the
 * buffer and a number of uploads, and no flow of a lane needs a share of it to move: its first
 * upload is always allowed. What fails is left with that one until something succeeds.
 *
 * A batch stays in the buffer until it was acknowledged or rejected there, so a lane may be
 * stopped at any moment; what was under way is sent again.
 */
import type { DurableBuffer, PendingBatch } from '../buffer/durable-buffer.ts';
import type { Destination } from '../destinations/destination.ts';
import { reasonOf } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { BatchUploads } from './batch-uploads.ts';
import { type LaneFlow, LaneFlows } from './lane-flows.ts';
import { LaneHealth } from './lane-health.ts';
import { type LaneStatus, troubledFlows } from './lane-status.ts';
import { Pause } from './pause.ts';
import type { RetryPolicy } from './retry-policy.ts';
import type { ServiceLimiter } from './service-limit.ts';
import { Trouble } from './trouble.ts';
import type { UploadShares } from './upload-shares.ts';

const CONCURRENCY = 4;

export interface LaneOptions {
  /** Uploads at a time when all is well; each flow may have one in any case. */
  readonly concurrency?: number;
  readonly retries?: RetryPolicy;
}

export interface LaneParts {
  readonly destination: Destination;
  readonly buffer: DurableBuffer;
  readonly host: Host;
  /** The same for all lanes. */
  readonly shares: UploadShares;
  /** The same for all lanes to one rule's endpoint; absent: the service names no limit. */
  readonly limiter?: ServiceLimiter;
  /** Called whenever nothing is pending or under way. */
  readonly onIdle?: () => void;
  readonly options?: LaneOptions;
}

export interface Lane {
  /**
   * Call after batches were sealed; without saying which, the lane looks for itself. Cheap,
   * never throws.
   */
  wake(sealed?: readonly PendingBatch[]): void;
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
  readonly #shares: UploadShares;
  readonly #onIdle: () => void;
  readonly #concurrency: number;
  readonly #health: LaneHealth;
  /** Of the destination as a whole. */
  readonly #trouble: Trouble;
  readonly #flows: LaneFlows;
  readonly #batches: BatchUploads;
  /** Until the first batch that waits on its own account may be tried again. */
  readonly #batchPause: Pause;
  readonly #stopping = new AbortController();
  readonly #uploads = new Set<Promise<void>>();
  readonly #onRest = new Set<() => void>();
  #inFlight = 0;

  constructor({ destination, buffer, host, limiter, options = {}, ...parts }: LaneParts) {
    const onDue = (): void => this.#advance();
    const { id, address } = destination;
    const log = host.log.child({ destination: id, address });
    this.#destination = destination;
    this.#shares = parts.shares;
    this.#onIdle = parts.onIdle ?? (() => {});
    this.#concurrency = options.concurrency ?? CONCURRENCY;
    this.#health = new LaneHealth(host.clock, log);
    this.#trouble = new Trouble(host, log, onDue);
    this.#batchPause = new Pause(host.clock, onDue);
    this.#flows = new LaneFlows({ destination: id, buffer, host, log, onDue });
    this.#batches = new BatchUploads({
      destination,
      buffer,
      host,
      log,
      limiter,
      retries: options.retries ?? 'keep until delivered',
      health: this.#health,
      trouble: this.#trouble,
      signal: this.#stopping.signal,
    });
  }

  wake(sealed?: readonly PendingBatch[]): void {
    if (sealed === undefined) this.#flows.relist();
    else this.#flows.add(sealed);
    this.#advance();
  }

  status(): LaneStatus {
    const { id, address } = this.#destination;
    const health = this.#health;
    const { reason, isHeld } = this.#trouble;
    const flows = this.#flows.all();
    const troubles = [this.#trouble, ...flows.map(({ trouble }) => trouble)];
    const ends = troubles.map(({ pause }) => pause.endsAtMs).filter((end) => end !== null);
    const next = this.#trouble.pause.endsAtMs ?? (ends.length > 0 ? Math.min(...ends) : null);
    return {
      destination: id,
      address,
      state: this.#state(troubles),
      inFlight: this.#inFlight,
      lastSuccessAtMs: health.lastSuccessAtMs,
      lastFailure: health.lastFailure,
      trouble: reason === undefined ? null : { reason, isHeld },
      nextAttemptAtMs: next ?? this.#batchPause.endsAtMs,
      consecutiveFailures: Math.max(...troubles.map(({ failures }) => failures)),
      troubledFlows: troubledFlows(flows),
      requests: health.requests,
    };
  }

  async drain(signal: AbortSignal): Promise<void> {
    if (this.#isStopped || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onRest.add(resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    this.#endPauses();
    this.#advance();
    await promise;
    this.#onRest.delete(resolve);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#endPauses();
    await Promise.all(this.#uploads);
    this.#shares.leave(this);
    this.#rest();
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #endPauses(): void {
    this.#trouble.pause.cancel();
    this.#batchPause.cancel();
    for (const { trouble } of this.#flows.all()) trouble.pause.cancel();
  }

  #state([lane, ...flows]: readonly Trouble[]): LaneStatus['state'] {
    if (lane!.pause.isOn) return lane!.pause.isHeld ? 'held' : 'waiting';
    if (this.#inFlight > 0) return 'delivering';
    if (flows.some(({ pause }) => pause.isHeld)) return 'held';
    return this.#batchPause.isOn || flows.some(({ pause }) => pause.isOn) ? 'waiting' : 'idle';
  }

  /** Starts what may be started. Everything that could change the answer ends up here. */
  #advance(): void {
    if (this.#isStopped) return;
    try {
      for (let hasStarted = true; hasStarted; ) hasStarted = this.#start();
    } catch (error) {
      this.#flows.relist();
      const reason = `the buffer cannot be read: ${reasonOf(error)}`;
      this.#health.failed(reason);
      this.#trouble.failed(reason);
    }
    if (!this.#trouble.pause.isOn) this.#waitForBatches();
    if (this.#inFlight > 0) return;
    this.#shares.leave(this);
    this.#rest();
    if (!this.#trouble.pause.isOn) this.#onIdle();
  }

  #rest(): void {
    for (const resolve of this.#onRest) resolve();
  }

  /** Wakes when the first of the batches that wait on their own account may be tried again. */
  #waitForBatches(): void {
    const dues = this.#flows
      .all()
      .filter(({ trouble }) => !trouble.pause.isOn)
      .flatMap(({ queue }) => queue.dueInMs ?? []);
    this.#batchPause.cancel();
    if (dues.length > 0) this.#batchPause.start(Math.min(...dues), false);
  }

  /** Starts one upload, or tells that none may be. */
  #start(): boolean {
    if (this.#trouble.pause.isOn || (this.#trouble.isOn && this.#inFlight > 0)) return false;
    const flow = this.#flows.next(({ underWay }) => underWay === 0) ?? this.#nextOfMany();
    const batch = flow?.queue.take();
    if (flow === undefined || batch === undefined) return false;
    // What fails has one upload at a time, and needs no share.
    if (this.#trouble.isOn || flow.trouble.isOn) this.#shares.leave(this);
    else this.#shares.join(this);
    flow.underWay += 1;
    this.#inFlight += 1;
    const upload = this.#batches.upload(flow, batch).then(() => {
      this.#uploads.delete(upload);
      flow.underWay -= 1;
      this.#inFlight -= 1;
      this.#flows.release(flow);
      this.#advance();
    });
    this.#uploads.add(upload);
    return true;
  }

  /** A flow that may have several uploads, if one more is allowed. */
  #nextOfMany(): LaneFlow | undefined {
    if (this.#inFlight >= Math.min(this.#concurrency, 1 + this.#shares.each)) return undefined;
    return this.#flows.next(({ trouble }) => !trouble.isOn);
  }
}
