/**
 * The time of a replay. An agent reads a record a moment after it was written; so here it is
 * always as late as the newest record seen so far, unless a moment was given. The wall clock has
 * no part in it: the same input gives the same report.
 */

/** The year of times that carry none, as long as nothing tells of another; a leap year. */
const START_OF_2000 = Date.UTC(2000, 0, 1);
const END_OF_2000 = Date.UTC(2001, 0, 1) - 1;
/** The latest year that two digits stand for from here is 2099, so that 00 is 2000. */
const LATE_IN_THE_CENTURY = Date.UTC(2098, 6, 1);
/** A log that is read in order goes on in the same year, or over the turn of it. */
const HALF_YEAR_MS = 180 * 86_400_000;

export class ReplayClock {
  readonly #fixedMs: number | undefined;
  #newest = Number.NEGATIVE_INFINITY;

  /** `fixedMs`: the moment at which everything is received, epoch milliseconds. */
  constructor(fixedMs: number | undefined) {
    this.#fixedMs = fixedMs;
  }

  /** A record has this time; `NaN` for none. */
  note(atMs: number): void {
    if (atMs > this.#newest) this.#newest = atMs;
  }

  /** When what is read now is received. */
  get nowMs(): number {
    return this.#fixedMs ?? (this.hasTime ? this.#newest : START_OF_2000);
  }

  /** What a time without a year is measured against, to see the time of a record. */
  get yearMs(): number {
    return this.#fixedMs ?? (this.hasTime ? this.#newest + HALF_YEAR_MS : END_OF_2000);
  }

  /** What a year of two digits is measured against: 2000 to 2099 where no moment was given. */
  get centuryMs(): number {
    return this.#fixedMs ?? LATE_IN_THE_CENTURY;
  }

  /** What a record without a time of its own is dated with: the same for all of them. */
  get undatedMs(): number {
    return this.#fixedMs ?? START_OF_2000;
  }

  /** The moment that an event is collected at, which has this time. */
  collectedMs(eventMs: number): number {
    return this.#fixedMs ?? (Number.isNaN(eventMs) ? this.nowMs : eventMs);
  }

  /** Whether anything has told the time. */
  get hasTime(): boolean {
    return this.#fixedMs !== undefined || this.#newest !== Number.NEGATIVE_INFINITY;
  }
}
