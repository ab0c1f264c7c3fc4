/**
 * A place in a text that readers move along. A reader that does not find what it looks for
 * leaves the place where it was, so the next one can try.
 */
export class Scanner {
  readonly text: string;
  at: number;

  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
  }

  /** Character code at the place; `NaN` at the end, which equals nothing. */
  get code(): number {
    return this.text.charCodeAt(this.at);
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  take(code: number): boolean {
    if (this.code !== code) return false;
    this.at += 1;
    return true;
  }

  skipSpaces(): void {
    while (this.code === SPACE) this.at += 1;
  }

  /** Index of the end of the word that begins here: a space or the end of the text. */
  wordEnd(): number {
    const end = this.text.indexOf(' ', this.at);
    return end < 0 ? this.text.length : end;
  }

  /** Exactly `count` digits as a number, or -1. */
  digits(count: number): number {
    let value = 0;
    for (let i = this.at; i < this.at + count; i++) {
      const digit = this.text.charCodeAt(i) - ZERO;
      if (!(digit >= 0 && digit <= 9)) return -1;
      value = value * 10 + digit;
    }
    this.at += count;
    return value;
  }

  rest(): string {
    return this.text.slice(this.at);
  }
}

export const SPACE = 0x20;
export const ZERO = 0x30;
export const COLON = 0x3a;

export function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}
