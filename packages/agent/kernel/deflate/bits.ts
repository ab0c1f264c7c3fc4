/** The output: bits are put into a word, lowest first, and whole bytes of it are stored. */
import { OUTPUT } from './memory';

export let pendingBits: u64 = 0;
export let pendingCount: u64 = 0;
export let outputEnd: u32 = OUTPUT;

export function beginOutput(): void {
  resumeOutput(0, 0, OUTPUT);
}

/** After bits were put by someone who kept them in locals. */
export function resumeOutput(bits: u64, bitCount: u64, end: u32): void {
  pendingBits = bits;
  pendingCount = bitCount;
  outputEnd = end;
}

/** At most 57 bits, and nothing above them. Fewer than eight are pending before and after it. */
export function put(value: u64, width: u64): void {
  const bits = pendingBits | (value << pendingCount);
  const bitCount = pendingCount + width;
  store<u64>(outputEnd, bits);
  outputEnd += <u32>(bitCount >> 3);
  pendingBits = bits >> (bitCount & ~7);
  pendingCount = bitCount & 7;
}

// @ts-ignore: decorators are AssemblyScript's
@inline
export function putCode(codes: u32, symbol: u32): void {
  const code = load<u32>(codes + (symbol << 2));
  put(code >> 8, code & 0xff);
}

/** An empty stored block ends on a byte boundary, RFC 1951 §3.2.4. */
export function flush(): void {
  put(0, 3);
  put(0, (8 - pendingCount) & 7);
  put(0xffff_0000, 32);
}
