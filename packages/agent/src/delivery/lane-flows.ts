/**
 * The flows of one lane. A flow that is refused or slow keeps no other from being delivered: each
 * has a queue and a back-off of its own, and they take turns.
 */
import type { DurableBuffer, PendingBatch } from '../buffer/durable-buffer.ts';
import type { Host } from '../host/host.ts';
import type { Log } from '../host/log.ts';
import { FlowQueue } from './flow-queue.ts';
import { Trouble } from './trouble.ts';

export interface LaneFlow {
  readonly id: string;
  readonly queue: FlowQueue;
  readonly trouble: Trouble;
  /** Uploads. */
  underWay: number;
}

export interface LaneFlowsParts {
  readonly destination: string;
  readonly buffer: DurableBuffer;
  readonly host: Host;
  readonly log: Log;
  /** Called when a flow may be tried again. */
  readonly onDue: () => void;
}

export class LaneFlows {
  readonly #parts: LaneFlowsParts;
  /** In the order of their turns. */
  readonly #flows = new Map<string, LaneFlow>();
  #isListed = false;

  constructor(parts: LaneFlowsParts) {
    this.#parts = parts;
  }

  all(): readonly LaneFlow[] {
    return [...this.#flows.values()];
  }

  /** Batches were sealed. */
  add(batches: readonly PendingBatch[]): void {
    for (const batch of batches) this.#flow(batch.flow).queue.add(batch);
  }

  /** Others may wait than those that were added. */
  relist(): void {
    this.#isListed = false;
  }

  /** The flow whose turn it is among those with something to send. Throws what the buffer does. */
  next(isWanted: (flow: LaneFlow) => boolean): LaneFlow | undefined {
    if (!this.#isListed) this.#list();
    for (const flow of this.#flows.values()) {
      if (flow.trouble.pause.isOn || !isWanted(flow) || !flow.queue.hasNext()) continue;
      this.#flows.delete(flow.id);
      this.#flows.set(flow.id, flow);
      return flow;
    }
    return undefined;
  }

  /** Forgets a flow that has nothing left to remember. */
  release(flow: LaneFlow): void {
    if (flow.underWay > 0 || flow.trouble.isOn || !flow.queue.isEmpty) return;
    if (this.#flows.get(flow.id) === flow) this.#flows.delete(flow.id);
  }

  #list(): void {
    const { buffer, destination } = this.#parts;
    for (const id of buffer.pendingFlows(destination)) this.#flow(id).queue.relist();
    this.#isListed = true;
  }

  #flow(id: string): LaneFlow {
    const known = this.#flows.get(id);
    if (known !== undefined) return known;
    const { buffer, destination, host, log, onDue } = this.#parts;
    const flow: LaneFlow = {
      id,
      queue: new FlowQueue(
        (after, limit) => buffer.pending(destination, limit, { flow: id, after }),
        () => host.clock.monotonic(),
      ),
      trouble: new Trouble(host, log.child({ flow: id }), onDue),
      underWay: 0,
    };
    this.#flows.set(id, flow);
    return flow;
  }
}
