/** Numbers as Windows prints them. Integers and hexadecimal are exact for all 64 bits. */
import { readU16, readU32 } from './bytes.ts';

const HIGH_UNIT = 0x1_0000_0000;
/** Below this upper half, a 64-bit integer is exact as a number. */
const EXACT_HIGH = 0x20_0000;

export function unsignedText(bytes: Uint8Array, at: number, size: number): string {
  if (size === 1) return String(bytes[at]!);
  if (size === 2) return String(readU16(bytes, at));
  const low = readU32(bytes, at);
  const high = size === 8 ? readU32(bytes, at + 4) : 0;
  if (high < EXACT_HIGH) return String(high * HIGH_UNIT + low);
  return String((BigInt(high) << 32n) | BigInt(low));
}

export function signedText(bytes: Uint8Array, at: number, size: number): string {
  if (size === 1) return String((bytes[at]! << 24) >> 24);
  if (size === 2) return String((readU16(bytes, at) << 16) >> 16);
  if (size === 4) return String(readU32(bytes, at) | 0);
  const high = readU32(bytes, at + 4) | 0;
  const low = readU32(bytes, at);
  if (high >= 0 && high < EXACT_HIGH) return String(high * HIGH_UNIT + low);
  return String((BigInt(high) << 32n) | BigInt(low));
}

/** `0x3e7`: lower case, no leading zeros. */
export function hexNumberText(bytes: Uint8Array, at: number, size: number): string {
  const low = readU32(bytes, at);
  const high = size >= 8 ? readU32(bytes, at + 4) : 0;
  if (high === 0) return `0x${low.toString(16)}`;
  return `0x${high.toString(16)}${low.toString(16).padStart(8, '0')}`;
}

/**
 * A float (6 digits) or double (15 digits) as C's `%g` prints it, infinities and not-a-number as
 * the Microsoft runtime did. Inferred: no Windows export holding floats was at hand.
 */
export function floatText(value: number, digits: number): string {
  if (Number.isNaN(value)) return '-1.#IND';
  if (!Number.isFinite(value)) return value < 0 ? '-1.#INF' : '1.#INF';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', power = ''] = roundedExponential(value, digits).split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= digits) {
    const magnitude = String(Math.abs(exponent)).padStart(2, '0');
    return `${withoutTrailingZeros(mantissa)}e${exponent < 0 ? '-' : '+'}${magnitude}`;
  }
  return withoutTrailingZeros(shiftPoint(mantissa, exponent));
}

/** Like `toExponential`, but a tie goes to the even digit, as in C. */
function roundedExponential(value: number, digits: number): string {
  const exact = value.toExponential(100);
  const cut = exact.indexOf('.') + digits;
  const isTie = /^50*$/.test(exact.slice(cut, exact.indexOf('e')));
  const lastDigit = Number(exact[cut - 1]);
  if (!isTie || lastDigit % 2 === 1) return value.toExponential(digits - 1);
  return exact.slice(0, cut) + exact.slice(exact.indexOf('e'));
}

/** Moves the point of `d.ddd` by an exponent, writing leading zeros where it is negative. */
function shiftPoint(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

function withoutTrailingZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0*$/, '') : text;
}
