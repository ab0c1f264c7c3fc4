/**
 * A sender's value → the JSON text of a column's value, by the column's type. What cannot be
 * converted is null: a wrong value never reaches a table, and never costs its row.
 */
import type { ColumnType, Json } from '@dcr-agent/schema';
import { isDeeperThan } from '../http/json.ts';
import { parseTime } from './time.ts';

const INT_MAX = 2 ** 31 - 1;
const LONG_MAX = 2n ** 63n - 1n;

/** Deeper structures become null: writing them costs the stack. Agents send up to 500 levels. */
const DEPTH_MAX = 512;

export function encodeValue(type: ColumnType, value: Json): string {
  if (value === null) return 'null';
  switch (type) {
    case 'string':
      return encodeText(value);
    case 'int':
      return encodeInt(value);
    case 'long':
      return encodeLong(value);
    case 'real':
      return encodeReal(value);
    case 'boolean':
      return encodeBoolean(value);
    case 'datetime':
      return encodeTime(value);
    case 'dynamic':
      return isDeeperThan(DEPTH_MAX, value) ? 'null' : JSON.stringify(value);
  }
}

function encodeText(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (isDeeperThan(DEPTH_MAX, value)) return 'null';
  return JSON.stringify(JSON.stringify(value));
}

function encodeInt(value: Json): string {
  const number = toNumber(value, /^\s*[+-]?\d+\s*$/);
  if (number === undefined) return 'null';
  const whole = Math.trunc(number);
  return Math.abs(whole) <= INT_MAX || whole === -INT_MAX - 1 ? String(whole + 0) : 'null';
}

/** Numbers beyond 2^53 come here as the text of their digits, and stay text in the row. */
function encodeLong(value: Json): string {
  if (typeof value === 'string' && /^\s*[+-]?\d{1,19}\s*$/.test(value)) {
    const long = BigInt(value.replace(/[\s+]/g, ''));
    if (long > LONG_MAX || long < -LONG_MAX - 1n) return 'null';
    return Number.isSafeInteger(Number(long)) ? String(long) : `"${long}"`;
  }
  if (typeof value !== 'number') return typeof value === 'boolean' ? String(Number(value)) : 'null';
  const whole = Math.trunc(value);
  return Number.isSafeInteger(whole) ? String(whole + 0) : 'null';
}

function encodeReal(value: Json): string {
  const number = toNumber(value, /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i);
  return number === undefined || !Number.isFinite(number) ? 'null' : JSON.stringify(number);
}

function encodeBoolean(value: Json): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return String(value !== 0);
  if (typeof value !== 'string') return 'null';
  const text = value.trim().toLowerCase();
  if (text === 'true' || text === '1') return 'true';
  return text === 'false' || text === '0' ? 'false' : 'null';
}

function encodeTime(value: Json): string {
  const time = typeof value === 'string' ? parseTime(value) : undefined;
  return time === undefined ? 'null' : `"${time.text}"`;
}

function toNumber(value: Json, form: RegExp): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' && form.test(value) ? Number(value) : undefined;
}
