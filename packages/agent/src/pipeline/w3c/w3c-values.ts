/** The values of one row in W3C format, where they lie. */
import type { JsonBytes } from '../json-bytes.ts';

const SPACE = 0x20;
const TAB = 0x09;
const QUOTE = 0x22;
const DASH = 0x2d;

/** Used again and again: what it tells is good until the next row. */
export class W3cValues {
  count = 0;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #bytes: Buffer = Buffer.alloc(0);

  /**
   * Values stand between blanks. One in quotes may hold blanks, and quotes that are doubled; a
   * quote that is not closed in front of a blank is a letter like others.
   */
  split(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes;
    this.count = 0;
    let at = start;
    for (;;) {
      while (at < end && isBlank(bytes[at]!)) at += 1;
      if (at >= end) return;
      const closed = bytes[at] === QUOTE ? closingQuote(bytes, at, end) : -1;
      const from = at;
      if (closed >= 0) at = closed + 1;
      else while (at < end && !isBlank(bytes[at]!)) at += 1;
      this.#starts[this.count] = from;
      this.#ends[this.count++] = at;
    }
  }

  /** Whether the row says that it has none: `-`, or nothing in quotes. */
  isNone(index: number): boolean {
    const [start, end] = [this.#starts[index]!, this.#ends[index]!];
    if (end - start === 1) return this.#bytes[start] === DASH;
    return end - start === 2 && this.#bytes[start] === QUOTE && this.#bytes[start + 1] === QUOTE;
  }

  isQuoted(index: number): boolean {
    const [start, end] = [this.#starts[index]!, this.#ends[index]!];
    const isOpen = this.#bytes[start] === QUOTE;
    return isOpen && end - start > 1 && this.#bytes[end - 1] === QUOTE;
  }

  /** Whether a value is the same as `bytes`. */
  isAt(index: number, bytes: Buffer): boolean {
    const start = this.#starts[index]!;
    if (this.#ends[index]! - start !== bytes.length) return false;
    for (let i = 0; i < bytes.length; i++) if (this.#bytes[start + i] !== bytes[i]) return false;
    return true;
  }

  copy(index: number): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#starts[index], this.#ends[index]));
  }

  /** Writes a value that is not in quotes as the content of a JSON string. */
  writeTo(out: JsonBytes, index: number): void {
    out.utf8(this.#bytes, this.#starts[index]!, this.#ends[index]!);
  }

  text(index: number): string {
    const text = this.#bytes.toString('utf8', this.#starts[index], this.#ends[index]);
    return this.isQuoted(index) ? text.slice(1, -1).replaceAll('""', '"') : text;
  }
}

/** The quote that closes the one at `open`, or -1. */
function closingQuote(bytes: Buffer, open: number, end: number): number {
  for (let at = open + 1; at < end; at++) {
    if (bytes[at] !== QUOTE) continue;
    if (at + 1 === end || isBlank(bytes[at + 1]!)) return at;
    if (bytes[at + 1] !== QUOTE) return -1;
    at += 1;
  }
  return -1;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
