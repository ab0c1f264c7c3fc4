/**
 * Who may upload now. Lanes share a number of slots, which bounds the agent's memory and
 * sockets; but each lane's first upload has a slot of its own, so that lanes whose services
 * hang can never starve the others. A failing lane gets no shared slots.
 */
import PQueue from 'p-queue';

export interface UploadLimits {
  /** Uploads of one lane at a time when all is well. */
  readonly concurrency?: number;
  /** The Logs Ingestion API takes 12,000 a minute per rule. Source: service limits. */
  readonly requestsPerSecond?: number;
}

/** Slots for the uploads of all lanes beyond each lane's first; given in the order asked for. */
export type SharedSlots = PQueue;

export function createSharedSlots(uploads: number): SharedSlots {
  return new PQueue({ concurrency: uploads });
}

export class UploadSlots {
  readonly #shared: SharedSlots;
  readonly #concurrency: number;
  readonly #limiter: PQueue;
  #isOwnTaken = false;
  #taken = 0;

  constructor(shared: SharedSlots, { concurrency = 4, requestsPerSecond = 200 }: UploadLimits) {
    this.#shared = shared;
    this.#concurrency = concurrency;
    this.#limiter = new PQueue({
      interval: 1000,
      intervalCap: requestsPerSecond,
      // With fixed windows the queue lets a lone task wait for the next window to begin.
      strict: true,
    });
  }

  hasFree(isFailing: boolean): boolean {
    return !this.#isOwnTaken || (!isFailing && this.#taken < this.#concurrency);
  }

  /**
   * Runs the task once it has a slot, or never when the signal aborts before. Resolves when the
   * task has ended, even after an abort. The task must not reject.
   */
  async run(task: () => Promise<void>, signal: AbortSignal): Promise<void> {
    const isOwn = !this.#isOwnTaken;
    if (isOwn) this.#isOwnTaken = true;
    this.#taken += 1;
    let running: Promise<void> | undefined;
    const start = (): Promise<void> => {
      running = task();
      return running;
    };
    const limited = (): Promise<void> => this.#limiter.add(start, { signal });
    // The queues reject as soon as the signal aborts; the task itself takes a moment more.
    await (isOwn ? limited() : this.#shared.add(limited, { signal })).catch(() => {});
    await running;
    this.#taken -= 1;
    if (isOwn) this.#isOwnTaken = false;
  }
}
