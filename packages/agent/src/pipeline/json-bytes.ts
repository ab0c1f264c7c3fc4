/** JSON as bytes: texts that are ASCII go from where they are stored to where they are sent. */
import { BEYOND_ASCII, ESCAPES, NOT_SHORT, needsEscape } from './json-escapes.ts';
import { type JsonLiteral, jsonContent } from './json-literal.ts';

const BACKSLASH = 0x5c;
/** Bits that two ASCII characters of UTF-16 do not have. */
const NOT_ASCII = 0xff80_ff80 | 0;
const DIGIT_0 = 0x30;
const COLON = 0x3a;
const DOT = 0x2e;
const LETTER_A = 0x61;
const LETTER_X = 0x78;
const LETTER_Z = 0x5a;
/** `06:14:34.007Z` */
const TIME_OF_DAY_BYTES = 13;
const PART_BYTES_MAX = 48;
/** Characters of the longest number. */
const DIGITS_MAX = 20;
/** Characters of the longest escape. */
const ESCAPE_MAX = 6;
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

  /** What was written, whose memory goes with it; begins anew in other memory. */
  handOver(memory: Buffer): Buffer {
    const content = this.content();
    this.#bytes = memory;
    this.#view = new DataView(memory.buffer);
    this.#length = 0;
    return content;
  }

  byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  /** JSON as it is, or a piece of it. */
  bytes(json: Uint8Array): void {
    this.#reserve(json.length);
    this.#bytes.set(json, this.#length);
    this.#length += json.length;
  }

  /** The same of a part of other bytes; short ones without a call into the engine. */
  part(json: Buffer, start: number, end: number): void {
    const size = end - start;
    this.#reserve(size);
    if (size > PART_BYTES_MAX) {
      json.copy(this.#bytes, this.#length, start, end);
    } else {
      const bytes = this.#bytes;
      for (let i = 0, at = this.#length; i < size; i++) bytes[at + i] = json[start + i]!;
    }
    this.#length += size;
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

  /** The same of UTF-8 that is valid, four bytes at a time as long as they stand for themselves. */
  utf8(text: Buffer, start: number, end: number): void {
    this.#reserve(2 * (end - start) + ESCAPE_MAX);
    const view = this.#viewOf(text);
    let from = start;
    for (;;) {
      let at = this.#length;
      const target = this.#view;
      for (const wordsEnd = end - 3; from < wordsEnd; from += 4, at += 4) {
        const word = view.getInt32(from, true);
        if (needsEscape(word)) break;
        target.setInt32(at, word, true);
      }
      this.#length = at;
      if (from === end) return;
      const stop = Math.min(from + 4, end);
      for (; from < stop; from++) this.#utf8Byte(text[from]!, end - from);
      if (from === end) return;
    }
  }

  /**
   * The same of UTF-16, up to a closing NUL. False, having written nothing, for a string that is
   * not printed ASCII.
   */
  utf16(stored: Buffer, start: number, size: number): boolean {
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

  #utf8Byte(byte: number, bytesLeft: number): void {
    const bytes = this.#bytes;
    const short = byte < BEYOND_ASCII ? ESCAPES[byte]! : 0;
    if (short === 0) {
      bytes[this.#length++] = byte;
    } else if (short === NOT_SHORT) {
      this.json(`\\u00${byte < 16 ? 0 : ''}${byte.toString(16)}`);
      this.#reserve(2 * bytesLeft + ESCAPE_MAX);
    } else {
      bytes[this.#length++] = BACKSLASH;
      bytes[this.#length++] = short;
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

  /** `06:14:34.007Z`; the last one in milliseconds of the minute. */
  timeOfDay(hour: number, minute: number, ms: number): void {
    this.#reserve(TIME_OF_DAY_BYTES);
    const second = (ms / 1000) | 0;
    const rest = ms - 1000 * second;
    const at = this.#length;
    const bytes = this.#bytes;
    this.#twoDigits(at, hour);
    bytes[at + 2] = COLON;
    this.#twoDigits(at + 3, minute);
    bytes[at + 5] = COLON;
    this.#twoDigits(at + 6, second);
    bytes[at + 8] = DOT;
    const hundredths = (rest / 10) | 0;
    this.#twoDigits(at + 9, hundredths);
    bytes[at + 11] = DIGIT_0 + rest - 10 * hundredths;
    bytes[at + 12] = LETTER_Z;
    this.#length = at + TIME_OF_DAY_BYTES;
  }

  #twoDigits(at: number, number: number): void {
    const tens = (number / 10) | 0;
    this.#bytes[at] = DIGIT_0 + tens;
    this.#bytes[at + 1] = DIGIT_0 + number - 10 * tens;
  }

  /** `0x3e7`, without leading zeros. */
  hex(low: number, high: number): void {
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

  /** Values mostly come from the same bytes, those of a chunk. */
  #viewOf(stored: Buffer): DataView {
    if (stored !== this.#viewed) {
      this.#viewed = stored;
      this.#storedView = new DataView(stored.buffer, stored.byteOffset, stored.length);
    }
    return this.#storedView;
  }

  #escaped(text: string): void {
    this.json(jsonContent(text));
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.#length + size));
    larger.set(this.content());
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
