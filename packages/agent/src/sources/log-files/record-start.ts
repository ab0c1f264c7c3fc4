/**
 * The times that records of text logs begin with, by `recordStartTimestampFormat`. The formats'
 * names come from several languages and are read as what logs of that kind write: `d`, `D` and
 * `M` without a leading zero or with one, `HH` and `hh` as hours of the day except before AM or PM.
 * A fraction of a second may follow. Source of the names: Microsoft.Insights data collection rules
 * API 2024-03-11. How the reference agent reads them is not published.
 */
import { readIsoTime, readIsoWallTime, readOffset, readTimeOfDay } from '../../time/iso-time.ts';
import { daysInMonth, latestEpochMs, type WallToEpochMs } from '../../time/local-time.ts';
import { readMonthName } from '../../time/month-name.ts';
import { COLON, isDigit, Scanner, SPACE } from '../../time/scanner.ts';

/**
 * The time that `bytes[start..end)` begins with, epoch milliseconds, or `null`. `nowMs` says which
 * year is meant where none is written.
 */
export type RecordStart = (
  bytes: Buffer,
  start: number,
  end: number,
  nowMs: number,
) => number | null;

type ReadTime = (scan: Scanner, toEpochMs: WallToEpochMs, nowMs: number) => number | null;

const COMMA = 0x2c;
const DASH = 0x2d;
const SLASH = 0x2f;
const PLUS = 0x2b;
const LETTER_T = 0x54;
const LOWER = 0x20;
const LETTER_A = 0x61;
const LETTER_M = 0x6d;
const LETTER_P = 0x70;
const DATE_LENGTH = '2025-03-01'.length;
const HOUR_MS = 3_600_000;
const HALF_DAY_MS = 12 * HOUR_MS;
const MEAN_YEAR_MS = 365.2425 * 2 * HALF_DAY_MS;

const FORMATS: Readonly<Record<string, ReadTime>> = {
  'ISO 8601': readIsoTime,
  'YYYY-MM-DD HH:MM:SS': readPlain,
  'M/D/YYYY HH:MM:SS AM/PM': readAmerican,
  'Mon DD, YYYY HH:MM:SS': readMonthFirst,
  'yyMMdd HH:mm:ss': (scan, toEpochMs, nowMs) => readSixDigits(scan, toEpochMs, nowMs, true),
  'ddMMyy HH:mm:ss': (scan, toEpochMs, nowMs) => readSixDigits(scan, toEpochMs, nowMs, false),
  'MMM d hh:mm:ss': readYearless,
  'dd/MMM/yyyy:HH:mm:ss zzz': readCommonLog,
  'yyyy-MM-ddTHH:mm:ssK': readWithT,
};

/** `undefined` for a format that is not known. */
export function recordStartOf(format: string, toEpochMs: WallToEpochMs): RecordStart | undefined {
  const read = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (read === undefined) return undefined;
  const scan = new Scanner();
  return (bytes, start, end, nowMs) => {
    scan.reset(bytes, start, end);
    const epochMs = read(scan, toEpochMs, nowMs);
    // A time that goes on as a number was none.
    return epochMs === null || isDigit(scan.code) ? null : epochMs;
  };
}

function readPlain(scan: Scanner, toEpochMs: WallToEpochMs): number | null {
  if (scan.codeAt(scan.at + DATE_LENGTH) !== SPACE) return null;
  const wallMs = readIsoWallTime(scan);
  return wallMs === null ? null : toEpochMs(wallMs);
}

function readWithT(scan: Scanner, toEpochMs: WallToEpochMs): number | null {
  return scan.codeAt(scan.at + DATE_LENGTH) === LETTER_T ? readIsoTime(scan, toEpochMs) : null;
}

/** `3/1/2025 9:11:12 PM` */
function readAmerican(scan: Scanner, toEpochMs: WallToEpochMs): number | null {
  const month = upToTwoDigits(scan);
  const day = scan.take(SLASH) ? upToTwoDigits(scan) : -1;
  const year = scan.take(SLASH) ? scan.digits(4) : -1;
  const timeMs = scan.take(SPACE) ? readHalfDay(scan) : null;
  return wallTime(year, month, day, timeMs, toEpochMs);
}

/** Milliseconds since midnight of `9:11:12 PM`. */
function readHalfDay(scan: Scanner): number | null {
  const timeMs = readTimeOfDay(scan, isDigit(scan.codeAt(scan.at + 1)) ? 2 : 1);
  if (timeMs === null || timeMs < HOUR_MS || timeMs >= HALF_DAY_MS + HOUR_MS) return null;
  const half = scan.take(SPACE) ? scan.code | LOWER : -1;
  if (half !== LETTER_A && half !== LETTER_P) return null;
  scan.at += 1;
  if ((scan.code | LOWER) !== LETTER_M) return null;
  scan.at += 1;
  return (timeMs % HALF_DAY_MS) + (half === LETTER_P ? HALF_DAY_MS : 0);
}

/** `Mar 01, 2025 10:11:12` */
function readMonthFirst(scan: Scanner, toEpochMs: WallToEpochMs): number | null {
  const month = readMonthName(scan);
  const day = scan.take(SPACE) ? paddedDay(scan) : -1;
  const year = scan.take(COMMA) && scan.take(SPACE) ? scan.digits(4) : -1;
  const timeMs = scan.take(SPACE) ? readTimeOfDay(scan) : null;
  return wallTime(year, month, day, timeMs, toEpochMs);
}

/** `250301 10:11:12`, or the day first; the hour of a young day may be padded with a blank. */
function readSixDigits(
  scan: Scanner,
  toEpochMs: WallToEpochMs,
  nowMs: number,
  isYearFirst: boolean,
): number | null {
  const [first, month, last] = [scan.digits(2), scan.digits(2), scan.digits(2)];
  const year = withCentury(isYearFirst ? first : last, nowMs);
  if (!scan.take(SPACE)) return null;
  const timeMs = readTimeOfDay(scan, scan.take(SPACE) ? 1 : 2);
  return wallTime(year, month, isYearFirst ? last : first, timeMs, toEpochMs);
}

/** The latest century in which the year is not in the future, a year's leeway given. */
function withCentury(year: number, nowMs: number): number {
  if (year < 0) return -1;
  const next = 1971 + Math.floor(nowMs / MEAN_YEAR_MS);
  return next - ((((next - year) % 100) + 100) % 100);
}

/** `Mar  1 10:11:12` */
function readYearless(scan: Scanner, toEpochMs: WallToEpochMs, nowMs: number): number | null {
  const month = readMonthName(scan);
  const day = scan.take(SPACE) ? paddedDay(scan) : -1;
  const timeOfDayMs = scan.take(SPACE) ? readTimeOfDay(scan) : null;
  if (month < 1 || day < 1 || timeOfDayMs === null) return null;
  return latestEpochMs({ month, day, timeOfDayMs }, nowMs, toEpochMs);
}

/** `01/Mar/2025:10:11:12 +0100` */
function readCommonLog(scan: Scanner, toEpochMs: WallToEpochMs): number | null {
  const day = scan.digits(2);
  const month = scan.take(SLASH) ? readMonthName(scan) : -1;
  const year = scan.take(SLASH) ? scan.digits(4) : -1;
  const timeMs = scan.take(COLON) ? readTimeOfDay(scan) : null;
  const wallMs = wallTime(year, month, day, timeMs, (ms) => ms);
  if (wallMs === null || !scan.take(SPACE)) return null;
  if (scan.code !== PLUS && scan.code !== DASH) return null;
  return readOffset(scan, wallMs, toEpochMs);
}

function wallTime(
  year: number,
  month: number,
  day: number,
  timeOfDayMs: number | null,
  toEpochMs: WallToEpochMs,
): number | null {
  if (timeOfDayMs === null || year < 1000 || month < 1 || day < 1) return null;
  if (day > daysInMonth(year, month)) return null;
  return toEpochMs(Date.UTC(year, month - 1, day) + timeOfDayMs);
}

function upToTwoDigits(scan: Scanner): number {
  return scan.digits(isDigit(scan.codeAt(scan.at + 1)) ? 2 : 1);
}

/** `1`, `01` or a blank and `1`. */
function paddedDay(scan: Scanner): number {
  scan.take(SPACE);
  return upToTwoDigits(scan);
}
