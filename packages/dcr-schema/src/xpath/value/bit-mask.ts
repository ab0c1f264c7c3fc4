/** The 64-bit AND of `band`, on halves of 32 bits so that no event pays for BigInt. */
import { readNumber } from './number-text.ts';

/** 64 bits; both halves are unsigned. */
export interface BitMask {
  readonly high: number;
  readonly low: number;
}

const HEX = /^0x[0-9a-f]{1,16}$/i;
const HALF = 0x1_0000_0000;
const MIN = -(2n ** 63n);
const MAX = 2n ** 64n - 1n;

/**
 * The bits of a whole number, negative ones in two's complement as .NET prints them; `null` for
 * any other text and beyond 64 bits.
 */
export function readMask(text: string): BitMask | null {
  if (HEX.test(text)) {
    // Keywords look like this, and are beyond the safe integers.
    const digits = text.slice(2).padStart(16, '0');
    return {
      high: Number.parseInt(digits.slice(0, 8), 16),
      low: Number.parseInt(digits.slice(8), 16),
    };
  }
  const number = readNumber(text);
  if (number === null) return null;
  if (typeof number === 'number') {
    if (!Number.isSafeInteger(number)) return null;
    return { high: Math.floor(number / HALF) >>> 0, low: number >>> 0 };
  }
  if (number < MIN || number > MAX) return null;
  const bits = BigInt.asUintN(64, number);
  return { high: Number(bits >> 32n), low: Number(bits & 0xffffffffn) };
}

/** Whether a value shares a bit with the mask; a text that is no number has no bits. */
export function hasBitOf(text: string, mask: BitMask): boolean {
  const bits = readMask(text);
  return bits !== null && ((bits.high & mask.high) !== 0 || (bits.low & mask.low) !== 0);
}
