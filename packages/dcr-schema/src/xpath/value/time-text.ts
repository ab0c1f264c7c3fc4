/** Times as event values and constants spell them, to the 100 ns Windows counts in. */

/** A point in time: `epochMs` whole milliseconds since 1970 and 0 to 9999 ticks of 100 ns. */
export interface Instant {
  readonly epochMs: number;
  readonly ticks: number;
}

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const ZONE = /^(?:Z|([+-])([01][0-9]|2[0-3]):?([0-5][0-9]))?$/;

const TICK_COUNT = /^[0-9]{1,20}$/;
const TICKS_PER_MS = 10_000n;
const TICKS_MAX = 2n ** 64n - 1n;
/** 1601-01-01, where FILETIME counts from. */
const FILETIME_EPOCH_MS = -11_644_473_600_000;

/**
 * A time written as `YYYY-MM-DD[Thh:mm[:ss[.f…]][Z|±hh:mm]]`, in UTC if it does not say otherwise.
 * Of 1 to 9 digits of a fraction, those beyond the seventh are below a tick and cut.
 */
export function readTime(text: string): Instant | null {
  // By character, not by pattern: this runs for every event a time is asked of.
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return null;
  const day = dayMs(digitsAt(text, 0, 4), digitsAt(text, 5, 2), digitsAt(text, 8, 2));
  if (day === null) return null;
  if (text.length === 10) return { epochMs: day, ticks: 0 };
  const hour = digitsAt(text, 11, 2);
  const minute = digitsAt(text, 14, 2);
  if (text.charCodeAt(10) !== LETTER_T || text.charCodeAt(13) !== COLON) return null;
  if (!(hour <= 23) || !(minute <= 59)) return null;
  const minuteMs = day + (hour * 60 + minute) * 60_000;
  if (text.charCodeAt(16) !== COLON) return inZone(minuteMs, 0, text.slice(16));
  const second = digitsAt(text, 17, 2);
  return second <= 59 ? withFraction(minuteMs + second * 1000, text) : null;
}

const DASH = 0x2d;
const COLON = 0x3a;
const POINT = 0x2e;
const LETTER_T = 0x54;

function withFraction(secondMs: number, text: string): Instant | null {
  if (text.charCodeAt(19) !== POINT) return inZone(secondMs, 0, text.slice(19));
  let end = 20;
  let fraction = 0;
  for (; end <= 29 && isDigit(text.charCodeAt(end)); end++) {
    if (end < 27) fraction = fraction * 10 + digitsAt(text, end, 1);
  }
  if (end === 20 || end > 29) return null;
  for (let place = end; place < 27; place++) fraction *= 10;
  const milliseconds = Math.floor(fraction / 10_000);
  return inZone(secondMs + milliseconds, fraction % 10_000, text.slice(end));
}

function inZone(localMs: number, ticks: number, zone: string): Instant | null {
  if (zone === 'Z' || zone === '') return { epochMs: localMs, ticks };
  const parts = ZONE.exec(zone);
  if (parts === null) return null;
  const offsetMs = (Number(parts[2]) * 60 + Number(parts[3])) * 60_000;
  return { epochMs: localMs + (parts[1] === '-' ? offsetMs : -offsetMs), ticks };
}

/** Midnight UTC; `null` for a day that is none, or lies before FILETIME begins. */
function dayMs(year: number, month: number, day: number): number | null {
  if (!(year >= 1601) || !(month >= 1 && month <= 12) || !(day >= 1)) return null;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && !isLeap ? 28 : (DAYS_IN_MONTH[month - 1] ?? 0);
  return day > days ? null : Date.UTC(year, month - 1, day);
}

/** The number the next `count` characters spell; NaN if one of them is no digit. */
function digitsAt(text: string, at: number, count: number): number {
  let number = 0;
  for (let i = at; i < at + count; i++) {
    const unit = text.charCodeAt(i);
    if (!isDigit(unit)) return Number.NaN;
    number = number * 10 + unit - 0x30;
  }
  return number;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** A time, or a FILETIME: the count of 100 ns since 1601, in decimal digits. */
export function readInstant(text: string): Instant | null {
  if (text.charCodeAt(4) === DASH || !TICK_COUNT.test(text)) return readTime(text);
  const count = BigInt(text);
  if (count > TICKS_MAX) return null;
  return {
    epochMs: Number(count / TICKS_PER_MS) + FILETIME_EPOCH_MS,
    ticks: Number(count % TICKS_PER_MS),
  };
}

/** Negative, zero or positive as `a` is before, at or after `b`. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.epochMs - b.epochMs || a.ticks - b.ticks;
}

/** Whole milliseconds from one time to another, rounded down; positive when `to` is later. */
export function millisecondsBetween(from: Instant, to: Instant): number {
  return to.epochMs - from.epochMs - (to.ticks < from.ticks ? 1 : 0);
}

/** The FILETIME of a time: 100 ns since 1601. */
export function ticksSince1601({ epochMs, ticks }: Instant): bigint {
  return BigInt(epochMs - FILETIME_EPOCH_MS) * TICKS_PER_MS + BigInt(ticks);
}
