/**
 * From what a device's clock on the wall shows to a point in time. RFC 3164 times carry neither
 * zone nor year: they are taken as local time of this machine, in the year that makes sense now.
 * Wall times are written as the epoch milliseconds they would be in UTC.
 */

/** Minutes local time is ahead of UTC at a point in time: 120 for UTC+02:00. */
export type UtcOffsetMinutes = (epochMs: number) => number;

export const systemUtcOffsetMinutes: UtcOffsetMinutes = (epochMs) =>
  -new Date(epochMs).getTimezoneOffset();

/** Epoch milliseconds of a wall time. */
export type WallToEpochMs = (wallMs: number) => number;

const MINUTE_MS = 60_000;
/** Zones shift at whole quarters of an hour, so one look-up serves all times within one. */
const SHIFT_GRID_MS = 15 * MINUTE_MS;
const MEAN_YEAR_MS = 365.2425 * 24 * 60 * MINUTE_MS;
/** Local times of two places differ by up to 26 hours; the rest is for clocks that run ahead. */
const FUTURE_MS_MAX = 48 * 60 * MINUTE_MS;
/** 29 February comes every fourth year but for the likes of 2100; from next year counted. */
const YEARS_BACK_MAX = 9;

/** Of the hour a clock is set back, either reading is returned. */
export function createLocalTime(utcOffsetMinutes: UtcOffsetMinutes): WallToEpochMs {
  let knownGrid = Number.NaN;
  let knownOffsetMs = 0;

  return function epochMs(wallMs: number): number {
    const grid = Math.floor(wallMs / SHIFT_GRID_MS);
    if (grid !== knownGrid) {
      const guessMs = wallMs - utcOffsetMinutes(wallMs) * MINUTE_MS;
      knownOffsetMs = utcOffsetMinutes(guessMs) * MINUTE_MS;
      knownGrid = grid;
    }
    return wallMs - knownOffsetMs;
  };
}

/** A day of the year, months and days counted from 1, and the time since its midnight. */
export interface YearlessTime {
  readonly month: number;
  readonly day: number;
  readonly timeOfDayMs: number;
}

/**
 * The latest year's reading that is not in the future, give or take what clocks and zones
 * differ; `null` when there is no such day.
 */
export function latestEpochMs(
  time: YearlessTime,
  nowMs: number,
  toEpochMs: WallToEpochMs,
): number | null {
  // A day wrong around New Year's Eve at worst, which the margin makes harmless.
  const nextYear = 1971 + Math.floor(nowMs / MEAN_YEAR_MS);
  for (let year = nextYear; year >= nextYear - YEARS_BACK_MAX; year--) {
    if (time.day > daysInMonth(year, time.month)) continue;
    const wallMs = Date.UTC(year, time.month - 1, time.day) + time.timeOfDayMs;
    // Far beyond any zone: saves looking the zone up for a year that is not meant.
    if (wallMs > nowMs + 2 * FUTURE_MS_MAX) continue;
    const epochMs = toEpochMs(wallMs);
    if (epochMs <= nowMs + FUTURE_MS_MAX) return epochMs;
  }
  return null;
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days of a month counted from 1; 0 for a month that does not exist. */
export function daysInMonth(year: number, month: number): number {
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeapYear ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
}
