/**
 * The set of lanes, one per destination. Rules come and go; what was collected for a rule that
 * is gone is still delivered, by a lane that closes when its backlog is empty.
 */
import { isDeepStrictEqual } from 'node:util';
import type { PlannedDestination } from '@dcr-agent/schema';
import type { DurableBuffer, PendingBatch, SealedNote } from '../buffer/durable-buffer.ts';
import type { Destination } from '../destinations/destination.ts';
import { reasonOf } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { createLane, type Lane, type LaneOptions } from './lane.ts';
import type { LaneStatus } from './lane-status.ts';
import { ServiceLimiter } from './service-limit.ts';
import { UploadShares } from './upload-shares.ts';

export interface DeliveryOptions extends LaneOptions {
  /** Uploads of all lanes at a time, the first of each not counted. */
  readonly sharedUploads?: number;
}

export interface DeliveryParts {
  readonly buffer: DurableBuffer;
  readonly host: Host;
  /** May throw for one destination; the others are not affected. */
  readonly open: (planned: PlannedDestination) => Destination;
  readonly options?: DeliveryOptions;
}

interface DestinationStatus extends LaneStatus {
  /** No rule names it any more; its backlog is still delivered. */
  readonly isRetired: boolean;
}

export interface Delivery {
  /**
   * Opens, keeps or closes lanes so that these destinations and those with a backlog have one.
   * Calls are carried out one after another.
   */
  setDestinations(planned: readonly PlannedDestination[]): Promise<void>;
  status(): readonly DestinationStatus[];
  /** One last attempt for everything sealed, for at most `ms`. Seal open batches before. */
  drain(ms: number): Promise<void>;
  /** Aborts what is under way and resolves when it has ended; nothing is sent afterwards. */
  stop(): Promise<void>;
}

export function createDelivery(parts: DeliveryParts): Delivery {
  return new LaneSet(parts);
}

interface OpenLane {
  readonly planned: PlannedDestination;
  readonly lane: Lane;
  isRetired: boolean;
}

const SHARED_UPLOADS = 16;

class LaneSet implements Delivery {
  readonly #parts: DeliveryParts;
  readonly #shares: UploadShares;
  readonly #lanes = new Map<string, OpenLane>();
  readonly #limiters = new Map<string, ServiceLimiter>();
  #changes: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#shares = new UploadShares(parts.options?.sharedUploads ?? SHARED_UPLOADS);
    parts.buffer.onSealed((sealed) => this.#wake(sealed));
  }

  setDestinations(planned: readonly PlannedDestination[]): Promise<void> {
    const change = this.#changes.then(() => this.#apply(planned));
    this.#changes = change.catch(() => {});
    return change;
  }

  status(): readonly DestinationStatus[] {
    return [...this.#lanes.values()].map(({ lane, isRetired }) => ({
      ...lane.status(),
      isRetired,
    }));
  }

  async drain(ms: number): Promise<void> {
    const deadline = new AbortController();
    const done = new AbortController();
    const timer = this.#parts.host.clock.sleep(ms, done.signal).then(() => deadline.abort());
    await this.#changes;
    await Promise.all([...this.#lanes.values()].map(({ lane }) => lane.drain(deadline.signal)));
    done.abort();
    await timer;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#changes;
    await Promise.all([...this.#lanes.values()].map(({ lane }) => lane.stop()));
  }

  async #apply(planned: readonly PlannedDestination[]): Promise<void> {
    if (this.#isStopped) return;
    const { buffer } = this.#parts;
    buffer.rememberDestinations(planned);
    const active = new Map(planned.map((destination) => [destination.id, destination]));
    const backlog = new Map(buffer.destinationsWithBacklog().map((entry) => [entry.id, entry]));
    const wanted = new Map([...backlog, ...active]);

    await Promise.all(
      [...this.#lanes.values()]
        .filter((open) => !isDeepStrictEqual(open.planned, wanted.get(open.planned.id)))
        .map((open) => this.#close(open)),
    );
    for (const destination of wanted.values()) {
      const open = this.#lanes.get(destination.id) ?? this.#open(destination);
      open.isRetired = !active.has(destination.id);
      // A lane that stayed has heard of every batch, but not that it is to close.
      open.lane.wake([]);
    }
  }

  #open(planned: PlannedDestination): OpenLane {
    const { buffer, host, options = {} } = this.#parts;
    const destination = this.#openDestination(planned);
    const limiter = this.#limiterOf(destination);
    const lane = createLane({
      destination,
      buffer,
      host,
      ...(limiter !== undefined && { limiter }),
      shares: this.#shares,
      options,
      onIdle: () => this.#closeIfDone(planned.id),
    });
    const open = { planned, lane, isRetired: false };
    this.#lanes.set(planned.id, open);
    return open;
  }

  #limiterOf({ limit }: Destination): ServiceLimiter | undefined {
    if (limit === undefined) return undefined;
    const limiter =
      this.#limiters.get(limit.key) ?? new ServiceLimiter(limit, this.#parts.host.clock);
    this.#limiters.set(limit.key, limiter);
    return limiter;
  }

  #openDestination(planned: PlannedDestination): Destination {
    try {
      return this.#parts.open(planned);
    } catch (error) {
      const reason = reasonOf(error);
      const { log } = this.#parts.host;
      log.error(
        { destination: planned.id, reason },
        'a destination cannot be used; the others work on',
      );
      return unusable(planned.id, reason);
    }
  }

  async #close({ planned, lane }: OpenLane): Promise<void> {
    this.#lanes.delete(planned.id);
    await lane.stop();
  }

  /** A retired lane that has nothing left, not even an open batch, has done its work. */
  #closeIfDone(id: string): void {
    const open = this.#lanes.get(id);
    if (open === undefined || !open.isRetired) return;
    try {
      const backlog = this.#parts.buffer.destinationsWithBacklog();
      if (backlog.some((destination) => destination.id === id)) return;
    } catch (error) {
      this.#parts.host.log.warn(
        { destination: id, reason: reasonOf(error) },
        'the backlog of a destination cannot be read',
      );
      return;
    }
    void this.#close(open);
  }

  #wake(sealed?: readonly SealedNote[]): void {
    for (const [id, { lane }] of this.#lanes) {
      if (sealed === undefined) lane.wake();
      else lane.wake(batchesFor(id, sealed));
    }
  }
}

function batchesFor(destination: string, sealed: readonly SealedNote[]): PendingBatch[] {
  return sealed
    .filter(({ destinations }) => destinations.includes(destination))
    .map(({ batch }) => batch);
}

/** Keeps its batches in the buffer and its trouble in `status`. */
function unusable(id: string, reason: string): Destination {
  return {
    id,
    address: '(unusable)',
    deliver: async () => ({ kind: 'retry', reason, isHeld: true }),
  };
}
