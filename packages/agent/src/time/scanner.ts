/**
 * A place in a message's bytes that readers move along. A reader that does not find what it
 * looks for leaves the place where it was, so the next one can try. What headers are made of is
 * ASCII; a byte beyond is a part of some letter.
 */
export class Scanner {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  /** Behind the last byte of the message. */
  end = 0;

  /** Begins another message. */
  reset(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** The byte at the place; -1 at the end. */
  get code(): number {
    return this.codeAt(this.at);
  }

  codeAt(at: number): number {
    return at < this.end ? this.bytes[at]! : -1;
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  take(code: number): boolean {
    if (this.code !== code) return false;
    this.at += 1;
    return true;
  }

  skipSpaces(): void {
    while (this.code === SPACE) this.at += 1;
  }

  /** Index of the end of the word that begins here: a space or the end of the message. */
  wordEnd(): number {
    const { bytes, end } = this;
    let at = this.at;
    while (at < end && bytes[at] !== SPACE) at += 1;
    return at;
  }

  /** Exactly `count` digits as a number, or -1. */
  digits(count: number): number {
    const stop = this.at + count;
    if (stop > this.end) return -1;
    let value = 0;
    for (let at = this.at; at < stop; at++) {
      const digit = this.bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    this.at = stop;
    return value;
  }

  /** Whether these bytes stand at a place. */
  startsWith(expected: Uint8Array, at: number): boolean {
    if (at + expected.length > this.end) return false;
    for (let i = 0; i < expected.length; i++) if (this.bytes[at + i] !== expected[i]) return false;
    return true;
  }

  /** Where these bytes stand first, from the place on; -1 where they do not. */
  indexOf(expected: Uint8Array): number {
    const found = this.bytes.indexOf(expected, this.at);
    return found + expected.length <= this.end ? found : -1;
  }

  /** A short piece of header as text. */
  word(start: number, end: number): string {
    return this.bytes.toString('latin1', start, end);
  }
}

export const SPACE = 0x20;
export const ZERO = 0x30;
export const COLON = 0x3a;

export function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}
