/**
 * The comparison rules of event queries once more, over the text of XML, as plainly as they can
 * be written: for checking, not for speed. Nothing here comes from the code it checks; the rules
 * are those of the schema package's `xpath/README.md`.
 */
import type { StringCase } from '@dcr-agent/schema/event-queries';

/** How a constant was written: in quotes, or as a number without. */
export type ConstantKind = 'literal' | 'number';

export function plainComparison(
  value: string,
  operator: string,
  constant: string,
  kind: ConstantKind,
  stringCase: StringCase,
): boolean {
  const time = kind === 'literal' ? plainTime(constant) : null;
  if (time !== null) {
    const ticks = plainInstant(value);
    return ticks !== null && inOrder(ticks, time, operator);
  }
  if (operator === '=') return isEqual(value, constant, kind, stringCase);
  if (operator === '!=') return !isEqual(value, constant, kind, stringCase);
  const [left, right] = [plainNumber(value), plainNumber(constant)];
  return left !== null && right !== null && inOrder(left, right, operator);
}

function isEqual(
  value: string,
  constant: string,
  kind: ConstantKind,
  stringCase: StringCase,
): boolean {
  const [left, right] = [plainNumber(value), plainNumber(constant)];
  const boolean = plainBoolean(value);
  const wanted = plainTruth(constant);
  if (kind === 'number') {
    if (value === constant) return true;
    if (left !== null && right !== null) return isSame(left, right);
    return boolean !== null && boolean === wanted;
  }
  if (stringCase === 'exact' ? value === constant : folded(value) === folded(constant)) return true;
  if (left !== null && right !== null && isPrintedNumber(value)) return isSame(left, right);
  if (boolean !== null && wanted !== null) return boolean === wanted;
  const identity = plainIdentity(constant);
  return identity !== null && plainIdentity(value) === identity;
}

/** Whether a value shares a bit with a mask; both are 64 bits, in two's complement. */
export function plainBand(value: string, mask: string): boolean {
  const [bits, wanted] = [plainBits(value), plainBits(mask)];
  return bits !== null && wanted !== null && (bits & wanted) !== 0n;
}

/** Whole milliseconds from one time to another, rounded down; `null` where one is no time. */
export function plainTimeDifference(from: string, to: string | bigint): bigint | null {
  const start = plainInstant(from);
  const end = typeof to === 'bigint' ? to : plainInstant(to);
  if (start === null || end === null) return null;
  const ticks = end - start;
  const rest = ((ticks % 10_000n) + 10_000n) % 10_000n;
  return (ticks - rest) / 10_000n;
}

export function inOrder(a: number | bigint, b: number | bigint, operator: string): boolean {
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  if (operator === '>') return a > b;
  if (operator === '>=') return a >= b;
  return isSame(a, b) === (operator === '=');
}

/** BigInt for whole numbers, so that 64 bits are exact. */
export function plainNumber(text: string): number | bigint | null {
  const spelled = text.replace(/^[ \t\r\n]+/, '').replace(/[ \t\r\n]+$/, '');
  if (spelled.length > 40) return null;
  if (/^0x[0-9a-f]{1,16}$/i.test(spelled)) return BigInt(spelled);
  if (/^[+-]?\d+$/.test(spelled)) return BigInt(spelled.replace(/^\+/, ''));
  if (/^[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i.test(spelled)) return Number(spelled);
  return null;
}

/** 100 ns since 1970, of a time as it is written. */
function plainTime(text: string): bigint | null {
  const parts =
    /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(
      text,
    );
  if (parts === null) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = ''] = parts;
  const date = `${year}-${month}-${day}`;
  const ms = Date.parse(`${date}T${hour}:${minute}:${second}.000Z`);
  const isDay = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
  if (!isDay || Number(year) < 1601 || hour > '23') return null;
  const zone = /^([+-])(\d\d):?(\d\d)$/.exec(parts[8] ?? '');
  if (zone !== null && (zone[2]! > '23' || zone[3]! > '59')) return null;
  const ahead = zone === null ? 0 : Number(zone[2]) * 60 + Number(zone[3]);
  const utc = ms + (zone?.[1] === '-' ? ahead : -ahead) * 60_000;
  return BigInt(utc) * 10_000n + BigInt(fraction.padEnd(7, '0').slice(0, 7));
}

/** The same of a value, which may be a count of 100 ns since 1601 as well. */
function plainInstant(text: string): bigint | null {
  if (!/^\d{1,20}$/.test(text)) return plainTime(text);
  const count = BigInt(text);
  return count < 1n << 64n ? count - 116_444_736_000_000_000n : null;
}

function plainBits(text: string): bigint | null {
  const number = plainNumber(text);
  const whole =
    typeof number === 'number' && Number.isSafeInteger(number) ? BigInt(number) : number;
  if (typeof whole !== 'bigint' || whole < -(1n << 63n) || whole >= 1n << 64n) return null;
  return BigInt.asUintN(64, whole);
}

/** The boolean a constant spells, or its number comes to; `null` for any other text. */
export function plainTruth(constant: string): boolean | null {
  const number = plainNumber(constant);
  return plainBoolean(constant) ?? (number === null ? null : !(number >= 0 && number <= 0));
}

function plainBoolean(text: string): boolean | null {
  return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : null;
}

/** The form in which Windows prints numbers. */
function isPrintedNumber(text: string): boolean {
  return /^(?:-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?(?:e[+-]\d{2,3})?|0x(?:0|[1-9a-f][0-9a-f]*))$/.test(
    text,
  );
}

function plainIdentity(text: string): string | null {
  if (/^\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i.test(text)) return text.toLowerCase();
  if (!/^S-1-(?:0x[0-9a-f]{1,12}|\d{1,15})(?:-\d{1,10}){0,15}$/i.test(text)) return null;
  const [, ...numbers] = text.split('-');
  return ['S', ...numbers.map((part) => BigInt(part))].join('-');
}

function isSame(a: number | bigint, b: number | bigint): boolean {
  return !(a < b) && !(a > b);
}

/** Each unit by its own upper case, as Windows compares names. */
function folded(text: string): string {
  return text.replace(/[\s\S]/g, (unit) => {
    const upper = unit.toUpperCase();
    const staysOneUnit = upper.length === 1 && unit < '\x80' === upper < '\x80';
    return staysOneUnit ? upper : unit;
  });
}
