/** From the first to the last of some times, and where nearly all of them lie. */

/** Less is no ground for a day. */
const EXTRAPOLATED_MS_MIN = 60_000;
const DAY_MS = 86_400_000;
const BIN_MS = 60_000;
/** Of more times than these hold, bins are made twice as wide. */
const BINS_MAX = 4_096;
/** So many of the times within so little of the span are the bulk of them; others are strays. */
const BULK_SHARE = 0.99;
const BULK_PART = 0.01;

export interface TimeRange {
  /** Epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
}

interface Bin {
  count: number;
  fromMs: number;
  toMs: number;
}

export class TimeSpan {
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;
  #count = 0;
  #binMs = BIN_MS;
  /** By time in widths of a bin; only those that hold a time, so that strays do not widen any. */
  #bins = new Map<number, Bin>();

  /** Epoch milliseconds; `NaN` for a record without a time, which is left out. */
  add(atMs: number): void {
    if (Number.isNaN(atMs)) return;
    this.#addBin({ count: 1, fromMs: atMs, toMs: atMs });
  }

  addSpan(other: TimeSpan): void {
    for (const bin of other.#bins.values()) this.#addBin(bin);
  }

  get isEmpty(): boolean {
    return this.#to < this.#from;
  }

  get fromMs(): number {
    return this.#from;
  }

  get toMs(): number {
    return this.#to;
  }

  /** Where nearly all times lie, if the span is much longer because of a few; `null`: it is not. */
  get bulk(): TimeRange | null {
    const bins = [...this.#bins.values()].sort((a, b) => a.fromMs - b.fromMs);
    const enough = this.#count * BULK_SHARE;
    let bulk: TimeRange | null = null;
    let bulkMs = (this.#to - this.#from) * BULK_PART;
    let held = 0;
    let first = 0;
    for (const bin of bins) {
      held += bin.count;
      while (held - bins[first]!.count >= enough) held -= bins[first++]!.count;
      const { fromMs } = bins[first]!;
      const lengthMs = bin.toMs - fromMs;
      if (held < enough || lengthMs >= bulkMs) continue;
      bulk = { fromMs, toMs: bin.toMs };
      bulkMs = lengthMs;
    }
    return bulk;
  }

  /**
   * How much of something there is in a day, by the time that the bulk covers where there is one;
   * `null` where that is too short to tell.
   */
  perDay(amount: number): number | null {
    const { fromMs, toMs } = this.bulk ?? { fromMs: this.#from, toMs: this.#to };
    const lengthMs = toMs - fromMs;
    if (!(lengthMs >= EXTRAPOLATED_MS_MIN)) return null;
    return (amount * DAY_MS) / lengthMs;
  }

  #addBin({ count, fromMs, toMs }: Readonly<Bin>): void {
    if (fromMs < this.#from) this.#from = fromMs;
    if (toMs > this.#to) this.#to = toMs;
    this.#count += count;
    const place = Math.floor(fromMs / this.#binMs);
    const bin = this.#bins.get(place);
    if (bin === undefined) {
      this.#bins.set(place, { count, fromMs, toMs });
      if (this.#bins.size > BINS_MAX) this.#widen();
      return;
    }
    bin.count += count;
    if (fromMs < bin.fromMs) bin.fromMs = fromMs;
    if (toMs > bin.toMs) bin.toMs = toMs;
  }

  /** Until there is room again. */
  #widen(): void {
    while (this.#bins.size > BINS_MAX / 2) {
      this.#binMs *= 2;
      const wider = new Map<number, Bin>();
      for (const bin of this.#bins.values()) {
        const place = Math.floor(bin.fromMs / this.#binMs);
        const known = wider.get(place);
        if (known === undefined) wider.set(place, bin);
        else {
          known.count += bin.count;
          known.fromMs = Math.min(known.fromMs, bin.fromMs);
          known.toMs = Math.max(known.toMs, bin.toMs);
        }
      }
      this.#bins = wider;
    }
  }
}
