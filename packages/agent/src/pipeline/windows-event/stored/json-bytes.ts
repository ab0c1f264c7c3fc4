/** JSON as bytes: texts that are ASCII go from where they are stored to where they are sent. */
import { readSafeU64, readU16, readU32 } from '../../../eventlog/bytes.ts';
import { scalarText } from '../../../eventlog/value.ts';
import { sidSize, sidText } from '../../../eventlog/value-text.ts';
import { fixedSize, VALUE_TYPE } from '../../../eventlog/value-type.ts';
import { JsonLiteral } from './json-literal.ts';

const BACKSLASH = 0x5c;
const DASH = 0x2d;
const BEYOND_ASCII = 0x80;
/** What stands behind the backslash for each ASCII character; 0 for those without one. */
const ESCAPES = new Uint8Array(BEYOND_ASCII);
const NOT_SHORT = 0xff;
/** Bits that two ASCII characters of UTF-16 do not have. */
const NOT_ASCII = 0xff80_ff80 | 0;
ESCAPES.fill(NOT_SHORT, 0, 0x20);
for (const character of '"\\\b\t\n\f\r') {
  ESCAPES[character.charCodeAt(0)] = JSON.stringify(character).charCodeAt(2);
}
/** Bytes of a SID before its sub-authorities. */
const SID_HEAD = 8;
const SID_START = new JsonLiteral('S-');
const DIGIT_0 = 0x30;
const LETTER_A = 0x61;
const LETTER_X = 0x78;
/** Characters of the longest number. */
const DIGITS_MAX = 20;
const INT_MAX = 0x7fff_ffff;

export class JsonBytes {
  #bytes: Buffer;
  #view: DataView;
  #viewed: Buffer | undefined;
  #storedView: DataView = new DataView(new ArrayBuffer(0));
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** Takes back what was written after a length. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** Puts another byte in the place of one that was written. */
  replace(at: number, byte: number): void {
    this.#bytes[at] = byte;
  }

  /** What was written, good until more is. */
  content(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** JSON as it is. */
  raw({ words, length }: JsonLiteral): void {
    this.#reserve(length + 4);
    const view = this.#view;
    const start = this.#length;
    for (let i = 0; i < words.length; i++) view.setInt32(start + 4 * i, words[i]!, true);
    this.#length = start + length;
  }

  /** The same of text that is not known beforehand. */
  json(json: string): void {
    this.#reserve(3 * json.length);
    this.#length += this.#bytes.write(json, this.#length);
  }

  /** The content of a string, without its quotes. */
  text(text: string): void {
    this.#reserve(2 * text.length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      const short = unit < BEYOND_ASCII ? ESCAPES[unit]! : NOT_SHORT;
      if (short === NOT_SHORT) {
        this.#escaped(text);
        return;
      }
      if (short !== 0) bytes[at++] = BACKSLASH;
      bytes[at++] = short === 0 ? unit : short;
    }
    this.#length = at;
  }

  /** The same of a stored scalar, as `scalarText` prints it. */
  scalar(stored: Buffer, type: number, at: number, size: number): void {
    if (type === VALUE_TYPE.string) {
      if (!this.#utf16(stored, at, size)) this.text(scalarText(stored, type, at, size));
    } else if (type === VALUE_TYPE.sid && size >= SID_HEAD && sidSize(stored, at) <= size) {
      this.#sid(stored, at);
    } else if (size < fixedSize(type) || !this.#number(stored, type, at, size)) {
      this.text(scalarText(stored, type, at, size));
    }
  }

  /** Decimal digits of a whole number below 2^53. */
  digits(number: number): void {
    this.#reserve(DIGITS_MAX);
    if (number > INT_MAX) {
      this.json(String(number));
      return;
    }
    const bytes = this.#bytes;
    let count = 1;
    for (let limit = 10; number >= limit && count < 10; limit *= 10) count++;
    let at = this.#length + count;
    this.#length = at;
    let rest = number | 0;
    do {
      const tenth = (rest / 10) | 0;
      bytes[--at] = DIGIT_0 + rest - 10 * tenth;
      rest = tenth;
    } while (rest > 0);
  }

  /** False, having written nothing, for other types and for numbers beyond 2^53. */
  #number(stored: Buffer, type: number, at: number, size: number): boolean {
    switch (type) {
      case VALUE_TYPE.uint8:
        this.digits(stored[at]!);
        return true;
      case VALUE_TYPE.uint16:
        this.digits(readU16(stored, at));
        return true;
      case VALUE_TYPE.uint32:
        this.digits(readU32(stored, at));
        return true;
      case VALUE_TYPE.uint64: {
        const number = readSafeU64(stored, at);
        if (number === Number.POSITIVE_INFINITY) return false;
        this.digits(number);
        return true;
      }
      case VALUE_TYPE.hex32:
        this.#hex(readU32(stored, at), 0);
        return true;
      case VALUE_TYPE.size:
        if (size !== 4 && size !== 8) return false;
        this.#hex(readU32(stored, at), size === 8 ? readU32(stored, at + 4) : 0);
        return true;
      case VALUE_TYPE.hex64:
        this.#hex(readU32(stored, at), readU32(stored, at + 4));
        return true;
      default:
        return false;
    }
  }

  /** `0x3e7`, without leading zeros. */
  #hex(low: number, high: number): void {
    this.#reserve(DIGITS_MAX);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = DIGIT_0;
    bytes[at++] = LETTER_X;
    let hasDigit = false;
    for (let shift = 60; shift >= 0; shift -= 4) {
      const digit = ((shift >= 32 ? high : low) >>> (shift & 31)) & 15;
      if (digit === 0 && !hasDigit && shift > 0) continue;
      hasDigit = true;
      bytes[at++] = digit < 10 ? DIGIT_0 + digit : LETTER_A + digit - 10;
    }
    this.#length = at;
  }

  /** `S-1-5-18`, as `sidText` prints it. */
  #sid(stored: Buffer, at: number): void {
    // An authority beyond one byte is rare, and is printed in another way when it is large.
    if (stored.readUIntBE(at + 2, 5) !== 0) {
      this.json(sidText(stored, at));
      return;
    }
    this.raw(SID_START);
    this.digits(stored[at]!);
    this.#dashed(stored[at + 7]!);
    const end = at + sidSize(stored, at);
    for (let part = at + SID_HEAD; part < end; part += 4) this.#dashed(readU32(stored, part));
  }

  #dashed(number: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = DASH;
    this.digits(number);
  }

  /** False, having written nothing, for a string that is not printed ASCII. */
  #utf16(stored: Buffer, start: number, size: number): boolean {
    if ((size & 1) !== 0) return false;
    let end = start + size;
    // The terminator is no part of a string; one that holds another NUL is rare.
    if (size >= 2 && stored[end - 1] === 0 && stored[end - 2] === 0) end -= 2;
    this.#reserve(size);
    const view = this.#viewOf(stored);
    const bytes = this.#bytes;
    let at = this.#length;
    let unit = start;
    // Two characters at a time, as long as both stand for themselves.
    for (const pairsEnd = end - 3; unit < pairsEnd; unit += 4) {
      const pair = view.getInt32(unit, true);
      if ((pair & NOT_ASCII) !== 0 || ESCAPES[pair & 0x7f] !== 0 || ESCAPES[pair >> 16] !== 0)
        break;
      bytes[at] = pair;
      bytes[at + 1] = pair >> 16;
      at += 2;
    }
    for (; unit < end; unit += 2) {
      const low = stored[unit]!;
      if (stored[unit + 1] !== 0 || low >= BEYOND_ASCII) return false;
      const short = ESCAPES[low]!;
      if (short === NOT_SHORT) return false;
      if (short !== 0) bytes[at++] = BACKSLASH;
      bytes[at++] = short === 0 ? low : short;
    }
    this.#length = at;
    return true;
  }

  /** Values mostly come from the same bytes, those of a chunk. */
  #viewOf(stored: Buffer): DataView {
    if (stored !== this.#viewed) {
      this.#viewed = stored;
      this.#storedView = new DataView(stored.buffer, stored.byteOffset, stored.length);
    }
    return this.#storedView;
  }

  #escaped(text: string): void {
    this.json(JSON.stringify(text).slice(1, -1));
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.#length + size));
    larger.set(this.content());
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
