/**
 * A JSON value as a column of a stream takes it, by the column's type: the JSON text to send, or
 * that there is none. Inferred: what the reference agent and the service convert is not
 * published. Here a value is taken where it means the same in the column's type, a number or a
 * boolean that is written as text included, and where it does not, the column is null.
 * `test/contract/inferred-facts.test.ts` pins it.
 *
 * | column | takes |
 * |---|---|
 * | string | text; the JSON text of anything else |
 * | int, long | whole numbers in range, also `"42"`, `42.0` and `4.2e1`; digits are kept |
 * | real | numbers, also `"4.2"` |
 * | boolean | true, false, `"True"`, 1, 0 |
 * | datetime | text in ISO 8601 |
 * | dynamic | anything |
 */
import type { ColumnType } from '@dcr-agent/schema';
import type { Member } from './json-object-scan.ts';

/** The bytes of the value; or what else to write; or that it is none of the column's. */
export type ColumnValue = typeof AS_IT_IS | typeof NO_VALUE | { readonly json: string };

export const AS_IT_IS = 'as it is';
export const NO_VALUE = 'no value';

type JsonValue = Pick<Member, 'kind' | 'start' | 'end'>;

const WHOLE = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const TIME =
  /^(\d{4})-(\d\d)-(\d\d)([Tt ]([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)([.,]\d{1,12})?)?\s?([Zz]|[+-]\d\d(:?\d\d)?)?)?$/;
const INT_MAX = 2n ** 31n - 1n;
const LONG_MAX = 2n ** 63n - 1n;
/** Digits of which any whole number is a long, and one fewer of which is an int. */
const SURE_LONG_DIGITS = 18;
const SURE_INT_DIGITS = 9;
/** No number that is a long is longer, leading zeros and exponents apart. */
const NUMBER_LENGTH_MAX = 64;

/** `null` in JSON is no value of any column, and nothing to count. */
export function columnValue(type: ColumnType, bytes: Buffer, value: JsonValue): ColumnValue {
  switch (type) {
    case 'dynamic':
      return AS_IT_IS;
    case 'string':
      return value.kind === 'string' ? AS_IT_IS : { json: JSON.stringify(textOf(bytes, value)) };
    case 'int':
      return wholeNumber(bytes, value, SURE_INT_DIGITS, INT_MAX);
    case 'long':
      return wholeNumber(bytes, value, SURE_LONG_DIGITS, LONG_MAX);
    case 'real':
      return realNumber(bytes, value);
    case 'boolean':
      return truth(bytes, value);
    case 'datetime':
      return value.kind === 'string' && isTime(textOf(bytes, value)) ? AS_IT_IS : NO_VALUE;
  }
}

function wholeNumber(
  bytes: Buffer,
  value: JsonValue,
  sureDigits: number,
  max: bigint,
): ColumnValue {
  const { kind, start, end } = value;
  if (kind === 'number' && end - start <= sureDigits && hasDigitsOnly(bytes, start, end)) {
    return AS_IT_IS;
  }
  if (kind !== 'number' && kind !== 'string') return NO_VALUE;
  const text = textOf(bytes, value).trim();
  if (text.length > NUMBER_LENGTH_MAX) return NO_VALUE;
  const whole = WHOLE.test(text) ? BigInt(text.replace('+', '')) : wholeOf(text);
  if (whole === undefined || whole > max || whole < -max - 1n) return NO_VALUE;
  return { json: String(whole) };
}

function hasDigitsOnly(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at]! ^ 0x30) > 9) return false;
  return true;
}

/** Of `42.0` or `4.2e1`, as far as a double holds it. */
function wholeOf(text: string): bigint | undefined {
  const number = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? BigInt(number) : undefined;
}

function realNumber(bytes: Buffer, value: JsonValue): ColumnValue {
  // Without an exponent, and shorter than the largest double.
  if (value.kind === 'number' && value.end - value.start < 300 && !hasExponent(bytes, value)) {
    return AS_IT_IS;
  }
  if (value.kind !== 'number' && value.kind !== 'string') return NO_VALUE;
  const text = textOf(bytes, value).trim();
  if (!NUMBER.test(text) || !Number.isFinite(Number(text))) return NO_VALUE;
  return value.kind === 'number' ? AS_IT_IS : { json: JSON.stringify(Number(text)) };
}

function hasExponent(bytes: Buffer, { start, end }: JsonValue): boolean {
  for (let at = start; at < end; at++) if ((bytes[at]! | 0x20) === 0x65) return true;
  return false;
}

function truth(bytes: Buffer, value: JsonValue): ColumnValue {
  if (value.kind === 'boolean') return AS_IT_IS;
  if (value.kind !== 'number' && value.kind !== 'string') return NO_VALUE;
  const text = textOf(bytes, value).trim().toLowerCase();
  if (text === 'true' || text === '1') return { json: 'true' };
  return text === 'false' || text === '0' ? { json: 'false' } : NO_VALUE;
}

function isTime(text: string): boolean {
  const parts = TIME.exec(text);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** A string without its quotes and escapes, anything else as it is written. */
function textOf(bytes: Buffer, { kind, start, end }: JsonValue): string {
  const text = bytes.toString('utf8', start, end);
  if (kind !== 'string') return text;
  return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1);
}
