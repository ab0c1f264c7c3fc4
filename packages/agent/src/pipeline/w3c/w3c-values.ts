/** The values of one row in W3C format, where they lie. */

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

  text(index: number): string {
    const text = this.#bytes.toString('utf8', this.#starts[index], this.#ends[index]);
    const isQuoted = text.length > 1 && text.startsWith('"') && text.endsWith('"');
    return isQuoted ? text.slice(1, -1).replaceAll('""', '"') : text;
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
