/** From the first to the last of some times. */

/** Less is no ground for a day. */
const EXTRAPOLATED_MS_MIN = 60_000;
const DAY_MS = 86_400_000;

export class TimeSpan {
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  /** Epoch milliseconds; `NaN` for a record without a time, which is left out. */
  add(atMs: number): void {
    if (atMs < this.#from) this.#from = atMs;
    if (atMs > this.#to) this.#to = atMs;
  }

  addSpan(other: TimeSpan): void {
    if (other.isEmpty) return;
    this.add(other.#from);
    this.add(other.#to);
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

  /** How much of something there is in a day; `null` where the span is too short to tell. */
  perDay(amount: number): number | null {
    const lengthMs = this.#to - this.#from;
    if (!(lengthMs >= EXTRAPOLATED_MS_MIN)) return null;
    return (amount * DAY_MS) / lengthMs;
  }
}
