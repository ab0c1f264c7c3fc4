/** Times as Windows prints them, exact to the 100 ns tick, always in UTC. */
import { readU16, readU32 } from './bytes.ts';

const TICKS_PER_SECOND = 10_000_000;
/** 2^32 ticks are 429 s and this many ticks. */
const TICKS_BEYOND_429_SECONDS = 4_967_296;
const SECONDS_1601_TO_1970 = 11_644_473_600;
const SECONDS_PER_DAY = 86_400;
/** Upper half of the first tick of the year 10000; later times are printed as the last tick before. */
const YEAR_10000_HIGH = 617_110_110;
const LAST_TICK_TEXT = '9999-12-31T23:59:59.9999999Z';

/** A FILETIME: `2025-06-08T07:12:52.1635583Z`, seven digits. */
export function filetimeText(bytes: Uint8Array, at: number): string {
  const low = readU32(bytes, at);
  const high = readU32(bytes, at + 4);
  if (high > YEAR_10000_HIGH) return LAST_TICK_TEXT;
  // The product stays below 2^53, so every step is exact.
  const ticks = high * TICKS_BEYOND_429_SECONDS + low;
  const carry = Math.floor(ticks / TICKS_PER_SECOND);
  const seconds = high * 429 + carry;
  const day = Math.floor(seconds / SECONDS_PER_DAY);
  if (day > LAST_DAY) return LAST_TICK_TEXT;
  const fraction = String(ticks - carry * TICKS_PER_SECOND).padStart(7, '0');
  return `${dateText(day)}T${timeOfDayText(seconds - day * SECONDS_PER_DAY)}.${fraction}Z`;
}

/** A SYSTEMTIME: year, month, day of week, day, hour, minute, second, millisecond. */
export function systemtimeText(bytes: Uint8Array, at: number): string {
  const field = (index: number, width: number): string =>
    String(readU16(bytes, at + 2 * index)).padStart(width, '0');
  const date = `${field(0, 4)}-${field(1, 2)}-${field(3, 2)}`;
  return `${date}T${field(4, 2)}:${field(5, 2)}:${field(6, 2)}.${field(7, 3)}Z`;
}

/** Days since 1601 of 9999-12-31. */
const LAST_DAY = 3_067_670;

let lastDay = -1;
let lastDayText = '';

/** The date of a day counted from 1601. Events come day by day, so the last answer is kept. */
function dateText(day: number): string {
  if (day !== lastDay) {
    const epochMs = (day * SECONDS_PER_DAY - SECONDS_1601_TO_1970) * 1000;
    lastDayText = new Date(epochMs).toISOString().slice(0, 10);
    lastDay = day;
  }
  return lastDayText;
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));

function timeOfDayText(seconds: number): string {
  const hour = Math.floor(seconds / 3600);
  const minute = Math.floor(seconds / 60) % 60;
  return `${TWO_DIGITS[hour]}:${TWO_DIGITS[minute]}:${TWO_DIGITS[seconds % 60]}`;
}
