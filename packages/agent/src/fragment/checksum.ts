/**
 * The two checksums of compressed bodies, and how to know the checksum of two pieces put
 * together from the checksums of the pieces. That is what lets a request body be assembled
 * from fragments without reading their content again.
 *
 * Source: RFC 1950 §9 (Adler-32); RFC 1952 §8 (CRC-32); the combination follows zlib's
 * `crc32_combine` (x^8n modulo the polynomial, bits reflected) and `adler32_combine`.
 */

const ADLER_MODULUS = 65_521;
/** So many bytes can be summed from the largest start before an int32 overflows. */
const ADLER_RUN = 3_850;

/** Reflected CRC-32 polynomial. */
const CRC_POLYNOMIAL = 0xedb88320;
const HIGH_BIT = 0x80000000;

export function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(at + ADLER_RUN, bytes.length);
    for (; at < end; at++) {
      low += bytes[at]!;
      high += low;
    }
    low %= ADLER_MODULUS;
    high %= ADLER_MODULUS;
  }
  return ((high << 16) | low) >>> 0;
}

/** Adler-32 of `first` followed by `second`, which has `secondBytes` bytes. */
export function combineAdler32(first: number, second: number, secondBytes: number): number {
  const firstLow = first & 0xffff;
  const low = (firstLow + (second & 0xffff) + ADLER_MODULUS - 1) % ADLER_MODULUS;
  const shifted = (secondBytes % ADLER_MODULUS) * (firstLow + ADLER_MODULUS - 1);
  const high = ((first >>> 16) + (second >>> 16) + shifted) % ADLER_MODULUS;
  return ((high << 16) | low) >>> 0;
}

/** CRC-32 of `first` followed by `second`, which has `secondBytes` bytes. */
export function combineCrc32(first: number, second: number, secondBytes: number): number {
  return (multiply(powerOfX(secondBytes), first) ^ second) >>> 0;
}

/** a · b modulo the polynomial; bit 31 is x^0. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = HIGH_BIT; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= factor;
    factor = factor & 1 ? (factor >>> 1) ^ CRC_POLYNOMIAL : factor >>> 1;
  }
  return product >>> 0;
}

/** `SQUARES[k]` is x^(2^k); from x^(2^32) on they repeat. */
const SQUARES: readonly number[] = squares();

function squares(): number[] {
  const table = [HIGH_BIT >>> 1];
  for (let k = 1; k < 32; k++) table.push(multiply(table[k - 1]!, table[k - 1]!));
  return table;
}

/** x^(8 · bytes) modulo the polynomial. */
function powerOfX(bytes: number): number {
  let power = HIGH_BIT;
  let rest = bytes;
  for (let k = 3; rest > 0; k++) {
    if (rest % 2 === 1) power = multiply(SQUARES[k % 32]!, power);
    rest = Math.floor(rest / 2);
  }
  return power;
}
