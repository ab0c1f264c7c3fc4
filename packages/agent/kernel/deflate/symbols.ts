/** The symbols of lengths and distances, RFC 1951 §3.2.5. */
import { LENGTH_SYMBOLS, MATCH_MAX } from './memory';

/**
 * A distance has a symbol for each power of two and a half of it. These are what a floating point
 * number begins with: exponent and first bit behind the point. Making one takes no branch.
 */
// @ts-ignore: decorators are AssemblyScript's
@inline
export function distanceKey(distance: u32): u32 {
  return reinterpret<u32>(<f32>(<i32>(distance - 1))) >> 22;
}

/** No distance has this key. */
export const NO_DISTANCE: u32 = 1;

/** Of the distances 1 and 2, and what is added to all other symbols. */
const FIRST_KEY: u32 = 0;
const SECOND_KEY: u32 = 254;
const KEY_OFFSET: u32 = 254;

export function keyOf(symbol: u32): u32 {
  return symbol == 0 ? FIRST_KEY : symbol == 1 ? SECOND_KEY : symbol + KEY_OFFSET;
}

export function extraBitsOf(distanceSymbol: u32): u32 {
  return distanceSymbol < 2 ? 0 : (distanceSymbol >> 1) - 1;
}

/** What they are never changes. */
export function fillLengthSymbols(): void {
  let symbol: u32 = 257;
  let first: u32 = 3;
  while (first < MATCH_MAX) {
    const group = (symbol - 257) >> 2;
    const extra = group > 1 ? group - 1 : 0;
    for (let length = first; length < first + (1 << extra); length++) {
      store<u32>(LENGTH_SYMBOLS + (length << 2), symbol | (extra << 16) | (first << 24));
    }
    first += 1 << extra;
    symbol++;
  }
  // The longest match has a symbol of its own.
  store<u32>(LENGTH_SYMBOLS + (MATCH_MAX << 2), 285 | ((MATCH_MAX & 0xff) << 24));
}
