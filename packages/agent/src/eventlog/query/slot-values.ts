/** Something kept for each text that occurs in a slot, found again by comparing bytes. */

/** Texts that are told apart: a slot asked here holds a few names, unless it was crafted. */
const TEXTS_MAX = 64;

interface Kept<T> {
  readonly bytes: Buffer;
  readonly value: T;
}

export class SlotValues<T> {
  readonly #kept: Kept<T>[] = [];
  #last: Kept<T> | undefined;

  get(bytes: Buffer, at: number, size: number): T | undefined {
    if (this.#last !== undefined && isSame(this.#last.bytes, bytes, at, size)) {
      return this.#last.value;
    }
    const found = this.#kept.find((kept) => isSame(kept.bytes, bytes, at, size));
    if (found === undefined) return undefined;
    this.#last = found;
    return found.value;
  }

  /** `undefined` when too many are kept already. */
  add(bytes: Buffer, at: number, size: number, make: () => T): T | undefined {
    if (this.#kept.length === TEXTS_MAX) return undefined;
    const kept = { bytes: Buffer.from(bytes.subarray(at, at + size)), value: make() };
    this.#kept.push(kept);
    return kept.value;
  }
}

function isSame(kept: Buffer, bytes: Buffer, at: number, size: number): boolean {
  if (kept.length !== size) return false;
  for (let i = 0; i < size; i++) if (kept[i] !== bytes[at + i]) return false;
  return true;
}
