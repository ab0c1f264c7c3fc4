/** Characters that headers are made of, and how they are looked for. */

export const SPACE: u32 = 0x20;
export const DASH: u32 = 0x2d;
export const COLON: u32 = 0x3a;
export const ZERO: u32 = 0x30;
export const OPENING_BRACKET: u32 = 0x5b;
export const CLOSING_BRACKET: u32 = 0x5d;
/** Of what is behind the end of a message. */
export const NOTHING: u32 = 0xffff_ffff;

const HOST_CHARACTER: u8 = 1;
const TAG_CHARACTER: u8 = 2;
const ZONE_CHARACTER: u8 = 4;

const CLASSES: StaticArray<u8> = new StaticArray<u8>(256);

for (let code = 0; code < 256; code++) {
  const upper = code >= 0x41 && code <= 0x5a;
  const letter = upper || (code >= 0x61 && code <= 0x7a);
  const digit = code >= 0x30 && code <= 0x39;
  const name = letter || digit || code >= 0x80;
  let classes: u8 = name ? HOST_CHARACTER | TAG_CHARACTER : 0;
  // . _ - :
  if (code == 0x2e || code == 0x5f || code == 0x2d || code == 0x3a) classes |= HOST_CHARACTER;
  // % _ - . / @ + # $
  if (code == 0x25 || code == 0x5f || code == 0x2d || code == 0x2e || code == 0x2f) {
    classes |= TAG_CHARACTER;
  }
  if (code == 0x40 || code == 0x2b || code == 0x23 || code == 0x24) classes |= TAG_CHARACTER;
  if (upper || digit || code == 0x2b || code == 0x2d) classes |= ZONE_CHARACTER;
  CLASSES[code] = classes;
}

// @ts-ignore: decorators are AssemblyScript's
@inline
export function codeAt(at: u32, end: u32): u32 {
  return at < end ? load<u8>(at) : NOTHING;
}

// @ts-ignore: as above
@inline
export function isDigit(code: u32): bool {
  return code - ZERO <= 9;
}

// @ts-ignore: as above
@inline
export function isUpperCase(code: u32): bool {
  return code - 0x41 <= 25;
}

// @ts-ignore: as above
@inline
export function isLowerCase(code: u32): bool {
  return code - 0x61 <= 25;
}

// @ts-ignore: as above
@inline
export function isHostCharacter(code: u32): bool {
  return (unchecked(CLASSES[code]) & HOST_CHARACTER) != 0;
}

// @ts-ignore: as above
@inline
export function isTagCharacter(code: u32): bool {
  return (unchecked(CLASSES[code]) & TAG_CHARACTER) != 0;
}

// @ts-ignore: as above
@inline
export function isZoneCharacter(code: u32): bool {
  return (unchecked(CLASSES[code]) & ZONE_CHARACTER) != 0;
}

/** The next space, or the end. */
export function wordEnd(start: u32, end: u32): u32 {
  const spaces = i8x16.splat(0x20);
  let at = start;
  for (; at < end; at += 16) {
    const hits = i8x16.bitmask(i8x16.eq(v128.load(at), spaces));
    if (hits != 0) return min(at + <u32>ctz(hits), end);
  }
  return end;
}

export function skipSpaces(start: u32, end: u32): u32 {
  let at = start;
  while (at < end && load<u8>(at) == SPACE) at++;
  return at;
}

/** The number that two digits are; above 99 where they are not. */
// @ts-ignore: as above
@inline
export function twoDigits(at: u32): u32 {
  const tens = <u32>load<u8>(at) - ZERO;
  const ones = <u32>load<u8>(at + 1) - ZERO;
  return tens > 9 || ones > 9 ? 100 : 10 * tens + ones;
}
