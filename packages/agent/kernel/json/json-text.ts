/** The content of a JSON string. The twin is `JsonBytes.utf8`. */

const BACKSLASH: u8 = 0x5c;
const LETTER_U: u8 = 0x75;
const DIGIT_0: u8 = 0x30;
const LETTER_A: u8 = 0x61;
/** In the place of an escape's letter, for those that have none. */
const NO_LETTER: u8 = 0xff;

/** What stands behind the backslash; 0 for characters that stand for themselves. */
const LETTERS: StaticArray<u8> = new StaticArray<u8>(256);
for (let code = 0; code < 0x20; code++) LETTERS[code] = NO_LETTER;
LETTERS[0x08] = 0x62;
LETTERS[0x09] = 0x74;
LETTERS[0x0a] = 0x6e;
LETTERS[0x0c] = 0x66;
LETTERS[0x0d] = 0x72;
LETTERS[0x22] = 0x22;
LETTERS[0x5c] = 0x5c;

/**
 * Writes UTF-8 that is valid; returns where it ends. It takes six bytes for one at most; sixteen
 * bytes behind either end may be read or written.
 */
export function writeText(target: u32, start: u32, end: u32): u32 {
  let out = target;
  let at = start;
  const spaces = i8x16.splat(0x20);
  const quotes = i8x16.splat(0x22);
  const backslashes = i8x16.splat(0x5c);
  while (at < end) {
    const bytes = v128.load(at);
    v128.store(out, bytes);
    const special = v128.or(
      i8x16.lt_u(bytes, spaces),
      v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes)),
    );
    const hits = <u32>i8x16.bitmask(special);
    const plain: u32 = hits == 0 ? 16 : <u32>ctz(hits);
    if (plain >= end - at) return out + (end - at);
    at += plain;
    out += plain;
    if (hits != 0) out = writeEscape(out, load<u8>(at++));
  }
  return out;
}

function writeEscape(out: u32, code: u8): u32 {
  const letter = unchecked(LETTERS[code]);
  store<u8>(out, BACKSLASH);
  if (letter != NO_LETTER) {
    store<u8>(out + 1, letter);
    return out + 2;
  }
  store<u8>(out + 1, LETTER_U);
  store<u8>(out + 2, DIGIT_0);
  store<u8>(out + 3, DIGIT_0);
  store<u8>(out + 4, DIGIT_0 + (code >> 4));
  const low = code & 15;
  store<u8>(out + 5, low < 10 ? DIGIT_0 + low : LETTER_A + low - 10);
  return out + 6;
}

/** Copies what is JSON already; sixteen bytes behind either end may be read or written. */
// @ts-ignore: decorators are AssemblyScript's
@inline
export function writeRaw(target: u32, start: u32, length: u32): u32 {
  for (let i: u32 = 0; i < length; i += 16) v128.store(target + i, v128.load(start + i));
  return target + length;
}
