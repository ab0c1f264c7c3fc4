/**
 * Times written month first, as RFC 3164 §4.1.2 has them, and what devices made of them:
 *
 *     Mar  1 10:11:12                  RFC 3164; no year, no zone
 *     Mar 01 2025 10:11:12             Cisco ASA
 *     Mar  1 10:11:12.345 2025         Juniper with `time-format year millisecond`
 *     *Mar  1 10:11:12.345 UTC:        Cisco IOS; `*` and `.` tell an unsynchronised clock
 *     2025 Mar  1 10:11:12 UTC:        Cisco NX-OS
 *     Mar  1 10:11:12+01:00            Check Point
 */

import { readTimeOfDay } from '../../../time/iso-time.ts';
import { daysInMonth, latestEpochMs, type WallToEpochMs } from '../../../time/local-time.ts';
import { readMonthName } from '../../../time/month-name.ts';
import { COLON, isDigit, type Scanner, SPACE } from '../../../time/scanner.ts';
import { AMBIGUOUS_ZONES, ZONES } from './time-zones.ts';

const ASTERISK = 0x2a;
const DOT = 0x2e;
const PLUS = 0x2b;
const DASH = 0x2d;
const OPENING_BRACKET = 0x5b;
const LETTER_A = 0x41;
const LETTER_Z = 0x5a;
const MINUTE_MS = 60_000;

/** Epoch milliseconds, or `null`. */
export function readBsdTime(scan: Scanner, toEpochMs: WallToEpochMs, nowMs: number): number | null {
  const start = scan.at;
  const epochMs = readTime(scan, toEpochMs, nowMs);
  // What follows must be apart from the time, or this was a word that looked like one.
  if (epochMs !== null && (scan.code === SPACE || scan.code === COLON || scan.isAtEnd)) {
    return epochMs;
  }
  scan.at = start;
  return null;
}

function readTime(scan: Scanner, toEpochMs: WallToEpochMs, nowMs: number): number | null {
  if (scan.code === ASTERISK || scan.code === DOT) scan.at += 1;
  let year = isDigit(scan.code) ? readYearBefore(scan) : -1;
  const month = readMonth(scan);
  const day = month < 0 ? -1 : readDay(scan);
  if (day < 1) return null;
  if (year < 0) year = readYearBefore(scan);
  const timeOfDayMs = readTimeOfDay(scan);
  if (timeOfDayMs === null) return null;
  const offsetMinutes = readZone(scan);
  const inZone: WallToEpochMs =
    offsetMinutes === null ? toEpochMs : (wallMs) => wallMs - offsetMinutes * MINUTE_MS;
  if (year < 0) year = readYearAfter(scan);
  if (year < 0) return latestEpochMs({ month, day, timeOfDayMs }, nowMs, inZone);
  if (day > daysInMonth(year, month)) return null;
  return inZone(Date.UTC(year, month - 1, day) + timeOfDayMs);
}

/** Month from 1, with the space after it, or -1. */
function readMonth(scan: Scanner): number {
  if (!(scan.code >= LETTER_A && scan.code <= LETTER_Z)) return -1;
  if (scan.codeAt(scan.at + 3) !== SPACE) return -1;
  const month = readMonthName(scan);
  if (month > 0) scan.at += 1;
  return month;
}

/** Day of the month, with a space on either side of which the first may be missing, or -1. */
function readDay(scan: Scanner): number {
  scan.take(SPACE);
  const count = isDigit(scan.codeAt(scan.at + 1)) ? 2 : 1;
  const day = scan.digits(count);
  return scan.take(SPACE) ? day : -1;
}

/** `2025 `, or -1. */
function readYearBefore(scan: Scanner): number {
  const start = scan.at;
  const year = scan.digits(4);
  if (year >= 1000 && scan.take(SPACE)) return year;
  scan.at = start;
  return -1;
}

/** ` 2025` when a word ends there, or -1. */
function readYearAfter(scan: Scanner): number {
  const start = scan.at;
  const year = scan.take(SPACE) ? scan.digits(4) : -1;
  // `2001:db8::7` is a host.
  const isApart =
    scan.code === SPACE || (scan.code === COLON && scan.codeAt(scan.at + 1) === SPACE);
  if (year >= 1000 && isApart) return year;
  scan.at = start;
  return -1;
}

/**
 * Minutes ahead of UTC of ` CET`, ` TZ-6` (RFC 3164 §5.4) or `+01:00`, or `null` when there is
 * none that has one meaning.
 */
function readZone(scan: Scanner): number | null {
  if (scan.code === PLUS || scan.code === DASH) return readOffset(scan);
  if (scan.code !== SPACE) return null;
  let end = scan.at + 1;
  while (isZoneCharacter(scan.codeAt(end))) end += 1;
  const next = scan.codeAt(end);
  if (next !== SPACE && next !== COLON) return null;
  const name = scan.word(scan.at + 1, end);
  const offset = ZONES.get(name) ?? numericZone(name);
  if (offset !== null || (AMBIGUOUS_ZONES.has(name) && isBeforeHost(scan, end))) scan.at = end;
  return offset;
}

/** `+01:00` or `-0500`. */
function readOffset(scan: Scanner): number | null {
  const start = scan.at;
  const sign = scan.code === PLUS ? 1 : -1;
  scan.at += 1;
  const hours = scan.digits(2);
  if (hours >= 0) scan.take(COLON);
  const minutes = hours >= 0 ? scan.digits(2) : -1;
  if (minutes >= 0 && minutes < 60 && hours < 24) return sign * (hours * 60 + minutes);
  scan.at = start;
  return null;
}

/** What may be a zone or a host is a zone where a colon follows it, or a word that is no tag. */
function isBeforeHost(scan: Scanner, end: number): boolean {
  if (scan.codeAt(end) === COLON) return true;
  let at = end + 1;
  for (let code = scan.codeAt(at); code !== SPACE; code = scan.codeAt(++at)) {
    if (code < 0 || code === OPENING_BRACKET) return false;
  }
  return at > end + 1 && scan.codeAt(at - 1) !== COLON;
}

function isZoneCharacter(code: number): boolean {
  return (code >= LETTER_A && code <= LETTER_Z) || isDigit(code) || code === PLUS || code === DASH;
}

function numericZone(name: string): number | null {
  if (name.length < 4 || name.length > 5 || !name.startsWith('TZ')) return null;
  const hours = Number(name.slice(2));
  return Number.isInteger(hours) && Math.abs(hours) <= 14 ? hours * 60 : null;
}
