/** Adler-32 (RFC 1950 §9), sixteen bytes at a time. */

const MODULUS: u32 = 65_521;
/** So many bytes can be summed from the largest start before 32 bits overflow. */
const RUN: u32 = 5_552;

export function adler32(start: u32, length: u32): u32 {
  const weightsLow = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const weightsHigh = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  const ones = i16x8.splat(1);
  let low: u32 = 1;
  let high: u32 = 0;
  let at = start;
  const end = start + length;
  while (end - at >= 16) {
    const stop = at + min((end - at) & ~15, RUN & ~15);
    // Every sum so far counts once more for each byte that follows.
    let before: v128 = i32x4.splat(0);
    let sums: v128 = i32x4.splat(0);
    let weighted: v128 = i32x4.splat(0);
    const bytes = stop - at;
    for (; at < stop; at += 16) {
      const values = v128.load(at);
      const first = i16x8.extend_low_i8x16_u(values);
      const second = i16x8.extend_high_i8x16_u(values);
      before = i32x4.add(before, sums);
      sums = i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.add(first, second), ones));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(first, weightsLow));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(second, weightsHigh));
    }
    high = (high + low * bytes + 16 * sumOf(before) + sumOf(weighted)) % MODULUS;
    low = (low + sumOf(sums)) % MODULUS;
  }
  for (; at < end; at++) {
    low = (low + load<u8>(at)) % MODULUS;
    high = (high + low) % MODULUS;
  }
  return (high << 16) | low;
}

function sumOf(lanes: v128): u32 {
  return (
    i32x4.extract_lane(lanes, 0) +
    i32x4.extract_lane(lanes, 1) +
    i32x4.extract_lane(lanes, 2) +
    i32x4.extract_lane(lanes, 3)
  );
}
