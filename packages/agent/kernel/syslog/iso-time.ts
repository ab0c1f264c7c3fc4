/** Times as RFC 3339 writes them: `2025-03-01T10:11:12.345678+01:00`. */
import { COLON, DASH, isDigit, SPACE, twoDigits, ZERO } from './characters';

/** Up to the second. */
const LENGTH: u32 = 19;
const DAY_MS: f64 = 86_400_000;
const MINUTE_MS: i32 = 60_000;
const YEAR_MAX: i32 = 9998;

/** Behind the time that was read last. */
export let timeEnd: u32 = 0;

/** Messages mostly come from one day: the text of it, and where it begins. */
let knownHigh: u64 = 0;
let knownLow: u16 = 0;
let knownDayMs: f64 = 0;

/** Epoch milliseconds; NaN for what is anything else, or has no offset. `at + 32` may be read. */
export function readIsoTime(at: u32, end: u32): f64 {
  if (end - at < LENGTH + 1 || end < at) return NaN;
  const high = load<u64>(at);
  const low = load<u16>(at + 8);
  if (high != knownHigh || low != knownLow) {
    const dayMs = readDay(at);
    if (isNaN(dayMs)) return NaN;
    knownHigh = high;
    knownLow = low;
    knownDayMs = dayMs;
  }
  const separator = load<u8>(at + 10) | 0x20;
  // The bit makes a space of a space, and a small letter of a capital.
  if (separator != 0x74 && load<u8>(at + 10) != SPACE) return NaN;
  const hour = twoDigits(at + 11);
  const minute = twoDigits(at + 14);
  const second = twoDigits(at + 17);
  if (load<u8>(at + 13) != COLON || load<u8>(at + 16) != COLON) return NaN;
  if (hour > 23 || minute > 59 || second > 60) return NaN;
  const ms = <i32>((hour * 60 + minute) * 60 + second) * 1000 + readFraction(at + LENGTH, end);
  return readOffset(timeEnd, end, ms);
}

/** Where the day begins, or NaN. */
function readDay(at: u32): f64 {
  const century = twoDigits(at);
  const rest = twoDigits(at + 2);
  const month = twoDigits(at + 5);
  const day = twoDigits(at + 8);
  if (load<u8>(at + 4) != DASH || load<u8>(at + 7) != DASH) return NaN;
  if (century > 99 || rest > 99) return NaN;
  const year = <i32>(century * 100 + rest);
  if (year < 1001 || year > YEAR_MAX || month < 1 || month > 12) return NaN;
  if (day < 1 || day > daysInMonth(year, month)) return NaN;
  return <f64>daysFrom(year, month, day) * DAY_MS;
}

function daysInMonth(year: i32, month: u32): u32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return 30 + ((month + (month >> 3)) & 1);
}

/**
 * Days since 1970-01-01. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
 */
function daysFrom(year: i32, month: u32, day: u32): i32 {
  const shifted = month <= 2 ? year - 1 : year;
  const era = shifted / 400;
  const yearOfEra = shifted - era * 400;
  const dayOfYear = (153 * <i32>(month > 2 ? month - 3 : month + 9) + 2) / 5 + <i32>day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Milliseconds of `.345678`, cut. */
function readFraction(start: u32, end: u32): i32 {
  let at = start;
  timeEnd = start;
  const mark = load<u8>(at);
  if (mark != 0x2e && mark != 0x2c) return 0;
  at++;
  if (at >= end || !isDigit(load<u8>(at))) return 0;
  let weight: i32 = 100;
  let ms: i32 = 0;
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - ZERO;
    if (digit > 9) break;
    ms += weight * <i32>digit;
    weight /= 10;
  }
  timeEnd = at;
  return ms;
}

function readOffset(start: u32, end: u32, ms: i32): f64 {
  if (start >= end) return NaN;
  const mark = load<u8>(start);
  if ((mark | 0x20) == 0x7a) {
    timeEnd = start + 1;
    return knownDayMs + <f64>ms;
  }
  // What is not `+hh:mm` in full is left to the twin.
  if ((mark != 0x2b && mark != DASH) || end - start < 6) return NaN;
  const hours = twoDigits(start + 1);
  const minutes = twoDigits(start + 4);
  if (load<u8>(start + 3) != COLON || hours > 23 || minutes > 59) return NaN;
  timeEnd = start + 6;
  const offset = <i32>(hours * 60 + minutes) * MINUTE_MS;
  return knownDayMs + <f64>(mark == DASH ? ms + offset : ms - offset);
}
