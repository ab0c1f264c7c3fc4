/**
 * Times written year first: RFC 3339 with its common deviations (a space for the `T`, a comma
 * before the fraction, an offset without colon, no offset at all), and the Sophos UTM form.
 */
import { daysInMonth, type WallToEpochMs } from './local-time.ts';
import { COLON, isDigit, type Scanner, SPACE } from './scanner.ts';

const DASH = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
const COMMA = 0x2c;
const LETTER_T = 0x54;
const LOWER = 0x20;
const LETTER_Z = 0x5a;
const MINUTE_MS = 60_000;

/** Epoch milliseconds of `2025-03-01T10:11:12.345678Z` and its like, or `null`. */
export function readIsoTime(scan: Scanner, toEpochMs: WallToEpochMs): number | null {
  const start = scan.at;
  const wallMs = readIsoWallTime(scan);
  const epochMs = wallMs === null ? null : readOffset(scan, wallMs, toEpochMs);
  if (epochMs === null) scan.at = start;
  return epochMs;
}

/** Epoch milliseconds of Sophos UTM's `2025:03:01-10:11:12`, or `null`. */
export function readSophosTime(scan: Scanner, toEpochMs: WallToEpochMs): number | null {
  const start = scan.at;
  const dateMs = readDate(scan, COLON);
  const timeMs = dateMs !== null && scan.take(DASH) ? readTimeOfDay(scan) : null;
  if (dateMs !== null && timeMs !== null) return toEpochMs(dateMs + timeMs);
  scan.at = start;
  return null;
}

/** What the clock shows, in `2025-03-01T10:11:12.345`; the place may have moved for `null`. */
export function readIsoWallTime(scan: Scanner): number | null {
  const dateMs = readDate(scan, DASH);
  if (dateMs === null) return null;
  if ((scan.code | LOWER) !== (LETTER_T | LOWER) && scan.code !== SPACE) return null;
  scan.at += 1;
  const timeMs = readTimeOfDay(scan);
  return timeMs === null ? null : dateMs + timeMs;
}

let knownDay = 0;
let knownDayMs = 0;

/** Messages mostly come from one day. */
function startOfDay(year: number, month: number, day: number): number {
  const key = (year * 100 + month) * 100 + day;
  if (key !== knownDay) {
    knownDayMs = Date.UTC(year, month - 1, day);
    knownDay = key;
  }
  return knownDayMs;
}

function readDate(scan: Scanner, separator: number): number | null {
  const year = scan.digits(4);
  if (year < 1000 || !scan.take(separator)) return null;
  const month = scan.digits(2);
  if (month < 1 || !scan.take(separator)) return null;
  const day = scan.digits(2);
  if (day < 1 || day > daysInMonth(year, month)) return null;
  return startOfDay(year, month, day);
}

/** Milliseconds since midnight of `hh:mm:ss` with an optional fraction; 60 is a leap second. */
export function readTimeOfDay(scan: Scanner, hourDigits: 1 | 2 = 2): number | null {
  const start = scan.at;
  const hour = scan.digits(hourDigits);
  const minute = hour >= 0 && scan.take(COLON) ? scan.digits(2) : -1;
  const second = minute >= 0 && scan.take(COLON) ? scan.digits(2) : -1;
  if (second < 0 || hour > 23 || minute > 59 || second > 60) {
    scan.at = start;
    return null;
  }
  return (hour * 60 + minute) * MINUTE_MS + second * 1000 + readFraction(scan);
}

/** Milliseconds of `.345678`, cut; 0 without a fraction. */
function readFraction(scan: Scanner): number {
  if (scan.code !== DOT && scan.code !== COMMA) return 0;
  if (!isDigit(scan.codeAt(scan.at + 1))) return 0;
  scan.at += 1;
  let milliseconds = 0;
  for (let weight = 100; isDigit(scan.code); weight /= 10) {
    if (weight >= 1) milliseconds += (scan.code - 0x30) * weight;
    scan.at += 1;
  }
  return milliseconds;
}

/**
 * Epoch milliseconds of a wall time with the `Z` or `+01:00` behind it, or as `toEpochMs` says
 * where there is none; `null` for an offset that is none.
 */
export function readOffset(scan: Scanner, wallMs: number, toEpochMs: WallToEpochMs): number | null {
  if ((scan.code | LOWER) === (LETTER_Z | LOWER)) {
    scan.at += 1;
    return wallMs;
  }
  const sign = scan.code === PLUS ? 1 : scan.code === DASH ? -1 : 0;
  if (sign === 0) return toEpochMs(wallMs);
  scan.at += 1;
  const hours = scan.digits(2);
  if (hours < 0 || hours > 23) return null;
  scan.take(COLON);
  const minutes = isDigit(scan.code) ? scan.digits(2) : 0;
  if (minutes < 0 || minutes > 59) return null;
  return wallMs - sign * (hours * 60 + minutes) * MINUTE_MS;
}
