/** Texts of a message as values of columns, by the column's type. */
import type { ColumnType } from '../rule/rule.ts';
import { cefTimeMs } from './cef-time.ts';

export type CellValue = string | number;

const INT_MAX = 2 ** 31 - 1;
const LONG_MAX = 2n ** 63n - 1n;
const WHOLE = /^[+-]?\d{1,19}$/;
const REAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/**
 * `undefined` for a text that is no value of the type. A time without a year is of the one that
 * makes sense at `nowMs`. A `long` beyond 2^53 stays text: as a number it would lose digits.
 */
export function typedValue(type: ColumnType, text: string, nowMs: number): CellValue | undefined {
  switch (type) {
    case 'int':
    case 'long':
      return wholeNumber(text, type);
    case 'real': {
      const number = REAL.test(text) ? Number(text) : Number.NaN;
      return Number.isFinite(number) ? number : undefined;
    }
    case 'datetime': {
      const epochMs = cefTimeMs(text, nowMs);
      return epochMs === undefined ? undefined : new Date(epochMs).toISOString();
    }
    default:
      return text;
  }
}

function wholeNumber(text: string, type: 'int' | 'long'): CellValue | undefined {
  if (!WHOLE.test(text)) return undefined;
  const number = Number(text);
  if (type === 'int') return number > INT_MAX || number < -INT_MAX - 1 ? undefined : number;
  if (Number.isSafeInteger(number)) return number;
  const long = BigInt(text.replace('+', ''));
  return long > LONG_MAX || long < -LONG_MAX - 1n ? undefined : String(long);
}
