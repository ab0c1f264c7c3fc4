/** Which characters of a JSON string need a backslash. */

/** Behind the first character that is not ASCII. */
export const BEYOND_ASCII = 0x80;
/** For control characters that have no escape of two characters. */
export const NOT_SHORT = 0xff;
/** What stands behind the backslash for each ASCII character; 0 for those without one. */
export const ESCAPES: Uint8Array = new Uint8Array(BEYOND_ASCII);
ESCAPES.fill(NOT_SHORT, 0, 0x20);
for (const character of '"\\\b\t\n\f\r') {
  ESCAPES[character.charCodeAt(0)] = JSON.stringify(character).charCodeAt(2);
}

/** The same byte four times over. */
const ONES = 0x0101_0101;
const SPACES = 0x2020_2020;
const QUOTES = 0x2222_2222;
const BACKSLASHES = 0x5c5c_5c5c;
const HIGH_BITS = 0x8080_8080 | 0;

/**
 * Whether any of four bytes is a control character, a quote or a backslash. Source: "Bit
 * Twiddling Hacks" by S. E. Anderson, `hasless` and `haszero`.
 */
export function needsEscape(word: number): boolean {
  const quotes = word ^ QUOTES;
  const backslashes = word ^ BACKSLASHES;
  const hits =
    ((word - SPACES) & ~word) | ((quotes - ONES) & ~quotes) | ((backslashes - ONES) & ~backslashes);
  return (hits & HIGH_BITS) !== 0;
}
