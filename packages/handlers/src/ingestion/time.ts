/** Instants as senders write them: ISO 8601, up to 100 ns, UTC when no zone is given. */

export interface ParsedTime {
  readonly epochMs: number;
  /** `2025-03-01T10:11:12.3456789Z`: UTC, the digits of the fraction kept, at most seven. */
  readonly text: string;
}

/** The form agents send; kept as it is. */
const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z$/;

const LENIENT =
  /^\s*(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?\s*([Zz]|[+-]\d\d(?::?\d\d)?)?)?\s*$/;

export function parseTime(text: string): ParsedTime | undefined {
  if (CANONICAL.test(text)) {
    const epochMs = Date.parse(text);
    return isOnCalendar(text, epochMs) ? { epochMs, text } : undefined;
  }
  const match = LENIENT.exec(text);
  if (match === null) return undefined;
  const [, day, minute = '00:00', second = '00', fraction = '', zone = 'Z'] = match;
  const wholeMs = Date.parse(`${day}T${minute}:${second}${isoZone(zone)}`);
  const local = `${day}T${minute}:${second}Z`;
  if (Number.isNaN(wholeMs) || !isOnCalendar(local, Date.parse(local))) return undefined;
  const digits = fraction.slice(0, 7);
  const seconds = new Date(wholeMs).toISOString().slice(0, 19);
  return {
    epochMs: wholeMs + Number(digits.padEnd(3, '0').slice(0, 3)),
    text: digits === '' ? `${seconds}Z` : `${seconds}.${digits}Z`,
  };
}

export function formatTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function isoZone(zone: string): string {
  if (zone.toUpperCase() === 'Z') return 'Z';
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** `Date.parse` lets 30 February pass as 2 March. */
function isOnCalendar(text: string, epochMs: number): boolean {
  return !Number.isNaN(epochMs) && new Date(epochMs).getUTCDate() === Number(text.slice(8, 10));
}
