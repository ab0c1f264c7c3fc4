/**
 * Times as CEF extensions have them: milliseconds since 1970, `Mar 01 2025 10:11:12.345 UTC` with
 * fraction, zone and year each optional, or ISO 8601.
 * Source: Implementing ArcSight CEF, version 26, "Date Formats". That a time without zone is UTC,
 * and that other names of zones are not understood, is inferred.
 */

const EPOCH_MS = /^\d{12,14}$/;
const EPOCH_SECONDS = /^\d{9,10}$/;
const WORDS =
  /^([A-Z][a-z]{2}) +(\d{1,2})(?: +(\d{4}))? +(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?: +(\S+))?$/;
const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/;
const ZONE = /^(?:UTC|GMT|Z)?(?:([+-])(\d\d):?(\d\d))?$/;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Clocks that run ahead, and zones. */
const FUTURE_MS_MAX = 2 * DAY_MS;
const YEARS_BACK_MAX = 8;

/** Epoch milliseconds; `undefined` for what is no time. `nowMs` decides on a missing year. */
export function cefTimeMs(text: string, nowMs: number): number | undefined {
  if (EPOCH_MS.test(text)) return Number(text);
  if (EPOCH_SECONDS.test(text)) return Number(text) * 1000;
  return isoTimeMs(text) ?? wordTimeMs(text, nowMs);
}

function isoTimeMs(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, day, time, fraction = '', zone = 'Z'] = match;
  const offsetMs = zoneOffsetMs(zone);
  const wallMs = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(wallMs) || offsetMs === undefined) return undefined;
  if (new Date(wallMs).getUTCDate() !== Number(day!.slice(8))) return undefined;
  return wallMs + milliseconds(fraction) - offsetMs;
}

function wordTimeMs(text: string, nowMs: number): number | undefined {
  const match = WORDS.exec(text);
  if (match === null) return undefined;
  const [, monthName, day, year, hour, minute, second, fraction = '', zone = ''] = match;
  const month = MONTHS.indexOf(monthName!) / 3;
  const offsetMs = zoneOffsetMs(zone);
  if (!Number.isInteger(month) || month < 0 || offsetMs === undefined) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const inYear = (y: number): number | undefined => {
    const dayMs = Date.UTC(y, month, Number(day));
    if (new Date(dayMs).getUTCMonth() !== month || Number(day) < 1) return undefined;
    const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
    return dayMs + seconds * 1000 + milliseconds(fraction) - offsetMs;
  };
  if (year !== undefined) return inYear(Number(year));
  const nextYear = new Date(nowMs).getUTCFullYear() + 1;
  for (let y = nextYear; y >= nextYear - YEARS_BACK_MAX; y--) {
    const epochMs = inYear(y);
    if (epochMs !== undefined && epochMs <= nowMs + FUTURE_MS_MAX) return epochMs;
  }
  return undefined;
}

function zoneOffsetMs(zone: string): number | undefined {
  const match = ZONE.exec(zone);
  if (match === null) return undefined;
  const [, sign = '+', hours = '0', minutes = '0'] = match;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

function milliseconds(fraction: string): number {
  return Number(fraction.padEnd(3, '0').slice(0, 3));
}
