/**
 * What waits for one destination in one flow. A few batches are known beforehand, so that the
 * buffer is asked once for many of them, and not at all while everything is taken as it comes.
 *
 * The oldest goes first. Only when more wait than are known, after an outage, every other turn is
 * the newest's: what happens now is seen in seconds, however long the past takes, and the past is
 * never held up by more than half.
 */
import type { PendingBatch } from '../buffer/durable-buffer.ts';

/** So many batches, of up to a megabyte, are listed at a time. */
const KNOWN_MAX = 64;
const NEWEST_MAX = 16;
/** Longest wait of a batch that is refused while others are taken. */
const SUSPECT_MS_MAX = 300_000;

/** Lists what lies behind a position, oldest first. May throw. */
export type ListPending = (after: string, limit: number) => readonly PendingBatch[];

interface Refused {
  readonly batch: PendingBatch;
  /** On the monotonic clock. */
  readonly notBefore: number;
}

interface Failures {
  readonly count: number;
  /** How often others had been delivered since the time before. */
  readonly suspicions: number;
  /** Batches that had been delivered by then. */
  readonly delivered: number;
}

export class FlowQueue {
  readonly #list: ListPending;
  readonly #now: () => number;
  /** The next ones, oldest first. */
  #known: PendingBatch[] = [];
  /** Where listing goes on; behind it, others wait if `#hasMore`. */
  #after = '';
  #hasMore = false;
  /** The last ones that were sealed, while they are not among the known. */
  #newest: PendingBatch[] = [];
  #isNewestTurn = false;
  readonly #taken = new Set<string>();
  #refused: Refused[] = [];
  readonly #failures = new Map<string, Failures>();
  #delivered = 0;

  /** `now`: milliseconds that only grow. */
  constructor(list: ListPending, now: () => number) {
    this.#list = list;
    this.#now = now;
  }

  /** Nothing waits and nothing is under way. */
  get isEmpty(): boolean {
    return !this.#hasMore && this.#known.length + this.#refused.length + this.#taken.size === 0;
  }

  /** Milliseconds until a refused batch may be tried again. */
  get dueInMs(): number | undefined {
    if (this.#refused.length === 0) return undefined;
    return Math.max(0, Math.min(...this.#refused.map(({ notBefore }) => notBefore)) - this.#now());
  }

  /** A batch was sealed. */
  add(batch: PendingBatch): void {
    if (this.#has(batch)) return;
    if (!this.#hasMore && this.#known.length < KNOWN_MAX) {
      this.#known.push(batch);
      if (batch.position > this.#after) this.#after = batch.position;
      return;
    }
    this.#hasMore = true;
    this.#newest.push(batch);
    if (this.#newest.length > NEWEST_MAX) this.#newest.shift();
    if (batch.position < this.#after) this.#after = '';
  }

  /** Others may wait than those that were added. */
  relist(): void {
    this.#known = [];
    this.#newest = [];
    this.#after = '';
    this.#hasMore = true;
  }

  /** Would `take` return one? Throws what listing throws. */
  hasNext(): boolean {
    while (this.#known.length === 0 && this.#hasMore) this.#listMore();
    return this.#known.length > 0 || this.#refused.some((each) => this.#isDue(each));
  }

  /** The next one, which is under way until it is `done`, `replaced`, `refused` or `returned`. */
  take(): PendingBatch | undefined {
    if (!this.hasNext()) return undefined;
    const batch = this.#takeNewest() ?? this.#known.shift() ?? this.#takeRefused();
    if (batch !== undefined) this.#taken.add(batch.id);
    return batch;
  }

  /** The buffer has let go of it. */
  done({ id }: PendingBatch): void {
    this.#taken.delete(id);
    this.#failures.delete(id);
  }

  /** The destination has it; it is back to the oldest first, but for those under suspicion. */
  delivered(batch: PendingBatch): void {
    this.done(batch);
    this.#delivered += 1;
    if (this.#refused.length === 0) return;
    const [due, suspect] = [true, false].map((isDue) =>
      this.#refused.filter((each) => this.#isDue(each) === isDue),
    );
    this.#refused = suspect!;
    this.#known.unshift(...due!.map(({ batch: each }) => each).sort(byPosition));
  }

  replaced(batch: PendingBatch, halves: readonly PendingBatch[]): void {
    this.done(batch);
    this.#known.unshift(...halves);
  }

  /** To be tried again first of all. */
  returned(batch: PendingBatch): void {
    this.#taken.delete(batch.id);
    this.#known.unshift(batch);
  }

  /**
   * All others come before it. Where they are delivered while it is refused again and again, the
   * fault may be its own, and it waits longer each time.
   */
  refused(batch: PendingBatch): void {
    const suspicions = this.#fail(batch);
    // Once may be chance: services come and go.
    this.#refuse(batch, suspicions < 2 ? 0 : Math.min(SUSPECT_MS_MAX, 1_000 * 2 ** suspicions));
  }

  /** How often it has failed, this time included. */
  failuresOf({ id }: PendingBatch): number {
    return (this.#failures.get(id)?.count ?? 0) + 1;
  }

  /** Not before so many milliseconds have passed. */
  postponed(batch: PendingBatch, ms: number): void {
    this.#fail(batch);
    this.#refuse(batch, ms);
  }

  #fail(batch: PendingBatch): number {
    const count = this.failuresOf(batch);
    const before = this.#failures.get(batch.id);
    const isSuspect = before !== undefined && this.#delivered > before.delivered;
    const suspicions = (before?.suspicions ?? 0) + (isSuspect ? 1 : 0);
    this.#failures.set(batch.id, { count, suspicions, delivered: this.#delivered });
    return suspicions;
  }

  #refuse(batch: PendingBatch, ms: number): void {
    this.#taken.delete(batch.id);
    this.#refused.push({ batch, notBefore: this.#now() + ms });
  }

  #takeNewest(): PendingBatch | undefined {
    this.#isNewestTurn = !this.#isNewestTurn;
    return this.#hasMore && !this.#isNewestTurn ? this.#newest.pop() : undefined;
  }

  #takeRefused(): PendingBatch | undefined {
    const at = this.#refused.findIndex((each) => this.#isDue(each));
    return at < 0 ? undefined : this.#refused.splice(at, 1)[0]?.batch;
  }

  #isDue({ notBefore }: Refused): boolean {
    return notBefore <= this.#now();
  }

  #listMore(): void {
    const listed = this.#list(this.#after, KNOWN_MAX);
    this.#hasMore = listed.length === KNOWN_MAX;
    this.#after = listed.at(-1)?.position ?? this.#after;
    this.#newest = this.#newest.filter(({ id }) => !listed.some((each) => each.id === id));
    this.#known = listed.filter((batch) => !this.#has(batch));
  }

  #has({ id }: PendingBatch): boolean {
    return (
      this.#taken.has(id) ||
      this.#known.some((each) => each.id === id) ||
      this.#newest.some((each) => each.id === id) ||
      this.#refused.some(({ batch }) => batch.id === id)
    );
  }
}

function byPosition(one: PendingBatch, other: PendingBatch): number {
  return one.position < other.position ? -1 : 1;
}
