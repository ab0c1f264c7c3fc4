/**
 * Blanks: empty default values. A default of `""`, `{}` or `[]`, or none where null will do, mostly stands
 * for a value that has to be given where it is used, so a mistake that comes of it says nothing
 * about the template.
 */
import type { Value } from './value.ts';

const BLANKS = new WeakSet<Value>();

/** Remembers that the value is an empty default value, or was made with one. */
export function markBlank(value: Value): void {
  BLANKS.add(value);
}

/** Is the value known to be one? */
export function isBlank(value: Value): boolean {
  return BLANKS.has(value);
}

/** Is it one of the values that begin a form: an empty text, list or object? */
export function isEmpty(value: Value): boolean {
  if (value.type === 'scalar') return value.value === '';
  if (value.type === 'list') return value.items.length === 0;
  return value.type === 'object' && value.members.length === 0;
}

/** Which parts of expressions took a blank. Parts stand inside one another. */
export class BlankReads {
  #count = 0;
  /** Infinity: outside of all expressions. */
  #countBefore = Infinity;

  /** A part of an expression begins; what is returned is handed back at its end. */
  begin(): number {
    const around = this.#countBefore;
    this.#countBefore = this.#count;
    return around;
  }

  /** It ends with a value. True: the value was made with a blank. */
  end(around: number, value: Value): boolean {
    this.take(value);
    const isMadeWithOne = this.hasRead;
    this.#countBefore = around;
    return isMadeWithOne;
  }

  /** A value is read in the part that is evaluated. */
  take(value: Value): void {
    if (isBlank(value)) this.#count += 1;
  }

  /** Did the part that is evaluated take one? */
  get hasRead(): boolean {
    return this.#count > this.#countBefore;
  }
}
