/**
 * The record identifiers seen in one reading of a log. Identifiers come in long runs, so they
 * are kept as ranges: a log of any size takes a few. Against crafted files the number of ranges
 * is bounded; beyond it the lowest is forgotten.
 */

const RANGES_MAX = 65_536;

export class RecordIdSet {
  /** First and last identifier of each range, ascending, never touching each other. */
  readonly #firsts: number[] = [];
  readonly #lasts: number[] = [];
  #current = -1;

  /** Adds an identifier; false when it was there. */
  add(id: number): boolean {
    if (this.#lasts[this.#current] === id - 1) return this.#extend(this.#current, id);
    const at = this.#findRange(id);
    if (at >= 0 && id <= this.#lasts[at]!) return false;
    if (at >= 0 && this.#lasts[at] === id - 1) return this.#extend(at, id);
    this.#insert(at + 1, id);
    return true;
  }

  /** Index of the last range that begins at or below `id`; -1 when none does. */
  #findRange(id: number): number {
    let low = 0;
    let high = this.#firsts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#firsts[middle]! <= id) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #extend(at: number, id: number): boolean {
    this.#lasts[at] = id;
    this.#current = at;
    if (this.#firsts[at + 1] === id + 1) {
      this.#lasts[at] = this.#lasts[at + 1]!;
      this.#firsts.splice(at + 1, 1);
      this.#lasts.splice(at + 1, 1);
    }
    return true;
  }

  #insert(at: number, id: number): void {
    if (this.#firsts[at] === id + 1) {
      this.#firsts[at] = id;
    } else {
      this.#firsts.splice(at, 0, id);
      this.#lasts.splice(at, 0, id);
    }
    this.#current = at;
    if (this.#firsts.length > RANGES_MAX) {
      this.#firsts.shift();
      this.#lasts.shift();
      this.#current = -1;
    }
  }
}
