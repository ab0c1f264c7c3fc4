/** Adler-32 (RFC 1950 §9), sixteen bytes at a time. */

const MODULUS: u32 = 65_521;
/** So many bytes can be summed before 16 bits overflow that sum every sixteenth of them. */
const RUN: u32 = 4_096;

export function adler32(start: u32, length: u32): u32 {
  // The first byte of a pair counts so often, and the second one time less.
  const weights = i16x8(16, 14, 12, 10, 8, 6, 4, 2);
  const ones = i16x8.splat(1);
  let low: u32 = 1;
  let high: u32 = 0;
  let at = start;
  const end = start + length;
  while (end - at >= 16) {
    const stop = at + min((end - at) & ~15, RUN);
    // Every sum so far counts once more for each byte that follows.
    let before: v128 = i32x4.splat(0);
    let sums: v128 = i32x4.splat(0);
    let weighted: v128 = i32x4.splat(0);
    let seconds: v128 = i16x8.splat(0);
    const bytes = stop - at;
    for (; at < stop; at += 16) {
      const values = v128.load(at);
      const pairs = i16x8.extadd_pairwise_i8x16_u(values);
      before = i32x4.add(before, sums);
      sums = i32x4.add(sums, i32x4.dot_i16x8_s(pairs, ones));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(pairs, weights));
      seconds = i16x8.add(seconds, i16x8.shr_u(values, 8));
    }
    const tooMany = sumOf(i32x4.extadd_pairwise_i16x8_u(seconds));
    high = (high + low * bytes + 16 * sumOf(before) + sumOf(weighted) - tooMany) % MODULUS;
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
