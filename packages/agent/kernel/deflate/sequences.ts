/** Writes what was noted, with few branches: half of those would be guessed wrong. */
import { outputEnd, pendingBits, pendingCount, resumeOutput } from './bits';
import {
  ABSENT, DISTANCE_CODES, DISTANCE_PUTS, DISTANCES, LENGTH_PUTS, LENGTH_SYMBOLS, LITERAL_BYTES,
  LITERAL_CODES, MATCH_MAX, SEQUENCES,
} from './memory';
import { extraBitsOf, keyOf } from './symbols';

/** For a run of 0 to 4: which of four literals are no part of it, u16 each. */
const ABSENCES = memory.data<u64>([
  0x0200_0200_0200_0200, 0x0200_0200_0200_0000, 0x0200_0200_0000_0000, 0x0200_0000_0000_0000, 0,
]);

/** Up to this end. Where the bits go is kept in locals: here is a third of the time. */
export function putSequences(end: u32): void {
  prepareLengths();
  prepareDistances();
  let pending = pendingBits;
  let width = pendingCount;
  let output = outputEnd;
  let literals = LITERAL_BYTES;
  for (let at = SEQUENCES; at < end; at += 8) {
    let run = <i32>load<u16>(at);
    while (run > 0) {
      // Four at once, whatever they are; those that are absent have no bits.
      const taken = min(run, 4);
      const bytes = i16x8.extend_low_i8x16_u(v128.load32_zero(literals));
      const four = i64x2.extract_lane(bytes, 0) | load<u64>(ABSENCES + (taken << 3));
      const first = (<u32>four & 0xffff) << 2;
      const second = (<u32>four >> 16) << 2;
      const third = (<u32>(four >> 32) & 0xffff) << 2;
      const fourth = <u32>(four >> 48) << 2;
      const low = codeAt(first) | (codeAt(second) << widthAt(first));
      const lowWidth = widthAt(first) + widthAt(second);
      const high = codeAt(third) | (codeAt(fourth) << widthAt(third));
      pending |= (low | (high << lowWidth)) << width;
      width += lowWidth + widthAt(third) + widthAt(fourth);
      literals += taken;
      store<u64>(output, pending);
      output += <u32>(width >> 3);
      pending >>= width & ~7;
      width &= 7;
      run -= 4;
    }
    const length = <u32>load<u16>(at, 2) << 2;
    const key = <u32>load<u16>(at, 6) << 3;
    pending |= (<u64>load<u32>(length, LENGTH_PUTS) & 0xff_ffff) << width;
    width += <u64>load<u8>(length, LENGTH_PUTS + 3);
    const distance = <u64>load<u16>(key, DISTANCE_PUTS);
    const extra = <u64>load<u16>(at, 4) & <u64>load<u16>(key, DISTANCE_PUTS + 4);
    pending |= (distance | (extra << <u64>load<u8>(key, DISTANCE_PUTS + 2))) << width;
    width += <u64>load<u8>(key, DISTANCE_PUTS + 3);
    store<u64>(output, pending);
    output += <u32>(width >> 3);
    pending >>= width & ~7;
    width &= 7;
  }
  resumeOutput(pending, width, output);
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function codeAt(literal: u32): u64 {
  return <u64>load<u16>(literal, LITERAL_CODES + 1);
}

// @ts-ignore: as above
@inline
function widthAt(literal: u32): u64 {
  return <u64>load<u8>(literal, LITERAL_CODES);
}

function prepareLengths(): void {
  for (let length: u32 = 3; length <= MATCH_MAX; length++) {
    const symbol = load<u32>(LENGTH_SYMBOLS + (length << 2));
    const code = load<u32>(LITERAL_CODES + ((symbol & 0xffff) << 2));
    const width = code & 0xff;
    const extra = (length - (symbol >> 24)) & 0xff;
    const value = (code >> 8) | (extra << width);
    store<u32>(LENGTH_PUTS + (length << 2), value | ((width + ((symbol >> 16) & 0xff)) << 24));
  }
}

function prepareDistances(): void {
  for (let symbol: u32 = 0; symbol < DISTANCES; symbol++) {
    const code = load<u32>(DISTANCE_CODES + (symbol << 2));
    const width = code & 0xff;
    const extra = extraBitsOf(symbol);
    const place = DISTANCE_PUTS + (keyOf(symbol) << 3);
    store<u32>(place, (code >> 8) | (width << 16) | ((width + extra) << 24));
    store<u32>(place + 4, (1 << extra) - 1);
  }
}
