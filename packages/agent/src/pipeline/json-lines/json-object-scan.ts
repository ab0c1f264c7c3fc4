/**
 * One line of JSON, looked at in its bytes: whether it is an object as RFC 8259 has it, and where
 * the names and values of its own members stand. Nothing is copied or converted, so no digit of a
 * number is lost. Objects and arrays inside a member are checked and passed over.
 */

/** What a value is, by the byte it begins with. */
export type ValueKind = 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array';

/** Stable words; they stand in the ledger. */
export const NOT_JSON = 'not JSON';
export const NO_OBJECT = 'JSON that is no object';
export const BEHIND_OBJECT = 'JSON with something behind the object';
export const SPREAD = 'JSON over several lines or in an array, not an object per line';
export const TOO_DEEP = 'JSON nested too deeply';
export const EMPTY = 'empty line';

export interface Member {
  /** The name between its quotes. */
  nameStart: number;
  nameEnd: number;
  nameHasEscape: boolean;
  kind: ValueKind;
  /** The value, quotes and brackets included. */
  start: number;
  end: number;
}

const DEPTH_MAX = 500;
/** Of an object with more members the others are not kept for the next one. */
const MEMBERS_KEPT = 1_000;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const LETTER_E = 0x65;
const LETTER_U = 0x75;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const LOWER = 0x20;
const ESCAPED = new Set(Buffer.from('"\\/bfnrt'));
const WORDS: ReadonlyMap<number, { readonly bytes: Buffer; readonly kind: ValueKind }> = new Map(
  (['true', 'false', 'null'] as const).map((word) => [
    word.charCodeAt(0),
    { bytes: Buffer.from(word), kind: word === 'null' ? 'null' : 'boolean' },
  ]),
);

/** Used again and again: what it tells is good until the next line. */
export class JsonObjectScan {
  /** The first `count` are those of the line. */
  readonly members: Member[] = [];
  count = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;

  /** Why `bytes[start..end)` is no object; `undefined` when it is one. */
  scan(bytes: Buffer, start: number, end: number): string | undefined {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.count = 0;
    if (this.members.length > MEMBERS_KEPT) this.members.length = MEMBERS_KEPT;
    const first = this.#next();
    if (first < 0) return EMPTY;
    if (first !== OPEN_OBJECT) return this.#otherThanObject();
    this.#at += 1;
    const problem = this.#members();
    if (problem !== undefined) return problem;
    if (this.#next() < 0) return undefined;
    return this.#isSpread() ? SPREAD : BEHIND_OBJECT;
  }

  #members(): string | undefined {
    if (this.#next() === CLOSE_OBJECT) {
      this.#at += 1;
      return undefined;
    }
    for (;;) {
      const problem = this.#member();
      if (problem !== undefined) return problem;
      const code = this.#next();
      this.#at += 1;
      if (code === CLOSE_OBJECT) return undefined;
      if (code !== COMMA) return NOT_JSON;
    }
  }

  #member(): string | undefined {
    const code = this.#next();
    // An object that is opened here is closed on another line.
    if (code < 0) return this.count === 0 ? SPREAD : NOT_JSON;
    const nameStart = this.#at + 1;
    if (code !== QUOTE || !this.#string()) return NOT_JSON;
    const nameEnd = this.#at - 1;
    if (this.#next() !== COLON) return NOT_JSON;
    this.#at += 1;
    const first = this.#next();
    const start = this.#at;
    const kind = this.#scalar(first) ?? this.#nested(first);
    if (kind === NOT_JSON || kind === TOO_DEEP) return kind;
    const member = this.#slot();
    member.nameStart = nameStart;
    member.nameEnd = nameEnd;
    member.nameHasEscape = this.#hasBackslash(nameStart, nameEnd);
    member.kind = kind;
    member.start = start;
    member.end = this.#at;
    return undefined;
  }

  #slot(): Member {
    const at = this.count++;
    this.members[at] ??= {
      ...{ nameStart: 0, nameEnd: 0, nameHasEscape: false },
      ...{ kind: 'null', start: 0, end: 0 },
    };
    return this.members[at];
  }

  /** `undefined` for an object or an array, which is not entered. */
  #scalar(first: number): ValueKind | typeof NOT_JSON | undefined {
    if (first === QUOTE) return this.#string() ? 'string' : NOT_JSON;
    if (first === MINUS || isDigit(first)) return this.#number() ? 'number' : NOT_JSON;
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) return undefined;
    const word = WORDS.get(first);
    if (word === undefined || !this.#word(word.bytes)) return NOT_JSON;
    return word.kind;
  }

  /** Passes over an object or an array, whatever is inside. */
  #nested(first: number): 'object' | 'array' | typeof NOT_JSON | typeof TOO_DEEP {
    const open: number[] = [first];
    this.#at += 1;
    let mayClose = true;
    for (;;) {
      const inside = open.at(-1);
      const code = this.#next();
      if (mayClose && code === (inside === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        open.pop();
        this.#at += 1;
        if (open.length === 0) break;
      } else {
        if (inside === OPEN_OBJECT && !this.#name(code)) return NOT_JSON;
        const value = this.#next();
        const kind = this.#scalar(value);
        if (kind === NOT_JSON) return kind;
        if (kind === undefined) {
          if (open.push(value) > DEPTH_MAX) return TOO_DEEP;
          this.#at += 1;
          mayClose = true;
          continue;
        }
      }
      mayClose = this.#closesNext(open);
      if (!mayClose && !this.#take(COMMA)) return NOT_JSON;
    }
    return first === OPEN_OBJECT ? 'object' : 'array';
  }

  /** Whether what is open is closed by what comes next. */
  #closesNext(open: readonly number[]): boolean {
    const code = this.#next();
    return code === (open.at(-1) === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY);
  }

  #name(code: number): boolean {
    return code === QUOTE && this.#string() && this.#next() === COLON && this.#take(COLON);
  }

  /** From its first quote to behind its last. */
  #string(): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = this.#at + 1;
    for (; at < end; at++) {
      const code = bytes[at]!;
      if (code === QUOTE) {
        this.#at = at + 1;
        return true;
      }
      if (code < 0x20) return false;
      if (code !== BACKSLASH) continue;
      at += 1;
      const escaped = at < end ? bytes[at]! : -1;
      if (escaped === LETTER_U) {
        for (let digit = 1; digit <= 4; digit++) if (!isHex(bytes[at + digit]!)) return false;
        at += 4;
      } else if (!ESCAPED.has(escaped)) return false;
    }
    return false;
  }

  #number(): boolean {
    this.#take(MINUS);
    if (!this.#take(ZERO) && !this.#digits()) return false;
    if (this.#take(DOT) && !this.#digits()) return false;
    if ((this.#code() | LOWER) !== LETTER_E) return true;
    this.#at += 1;
    if (!this.#take(PLUS)) this.#take(MINUS);
    return this.#digits();
  }

  #digits(): boolean {
    const start = this.#at;
    while (isDigit(this.#code())) this.#at += 1;
    return this.#at > start;
  }

  #word(expected: Buffer): boolean {
    const start = this.#at;
    this.#at += expected.length;
    if (this.#at > this.#end) return false;
    return expected.every((byte, i) => this.#bytes[start + i] === byte);
  }

  #take(code: number): boolean {
    if (this.#code() !== code) return false;
    this.#at += 1;
    return true;
  }

  #code(): number {
    return this.#at < this.#end ? this.#bytes[this.#at]! : -1;
  }

  /** The next byte that is no white space, -1 at the end. */
  #next(): number {
    let code = this.#code();
    while (code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a) {
      this.#at += 1;
      code = this.#code();
    }
    return code;
  }

  #hasBackslash(start: number, end: number): boolean {
    for (let at = start; at < end; at++) if (this.#bytes[at] === BACKSLASH) return true;
    return false;
  }

  /** A line of an array or of an object that takes several, or else a value of another kind. */
  #otherThanObject(): string {
    const code = this.#next();
    if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) return SPREAD;
    const kind = this.#scalar(code) ?? this.#nested(code);
    const isWhole = kind !== NOT_JSON && kind !== TOO_DEEP;
    const behind = this.#next();
    // `[`, and `"name": …` and `"item",` of something that takes several lines.
    if (!isWhole) return code === OPEN_ARRAY && behind < 0 ? SPREAD : NOT_JSON;
    if (behind === COLON && kind === 'string') return SPREAD;
    if (behind < 0) return NO_OBJECT;
    return this.#isSpread() ? SPREAD : NOT_JSON;
  }

  /** Whether a single comma, or the end of an array, is all that is left. */
  #isSpread(): boolean {
    this.#take(COMMA);
    this.#next();
    this.#take(CLOSE_ARRAY);
    return this.#next() < 0;
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function isHex(code: number): boolean {
  return isDigit(code) || ((code | LOWER) >= 0x61 && (code | LOWER) <= 0x66);
}
