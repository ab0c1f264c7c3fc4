/** Texts of an event → values that columns take. */

const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;

/** A value for an `int` column from decimal or `0x…`; `undefined` for what does not fit one. */
export function integer(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:-?\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text)) return undefined;
  const number = Number(text);
  return number >= INT_MIN && number <= INT_MAX ? number : undefined;
}

const TIME =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?Z$/;

/**
 * The event's time as a row carries it: seven fraction digits, as the service keeps 100 ns. A
 * time that is no time is left out, so that the receiving side fills in that of arrival.
 */
export function timeGenerated(systemTime: string | undefined): string | undefined {
  const [, seconds, fraction = ''] = TIME.exec(systemTime ?? '') ?? [];
  return seconds === undefined ? undefined : `${seconds}.${fraction.padEnd(7, '0').slice(0, 7)}Z`;
}

/** Names of levels. Source: winmeta.xml; that 0 reads as Information is inferred. */
const LEVEL_NAMES = ['Information', 'Critical', 'Error', 'Warning', 'Information', 'Verbose'];

/** A level of the provider's own reads as its number. */
export function levelName(level: number | undefined): string | undefined {
  return level === undefined ? undefined : (LEVEL_NAMES[level] ?? String(level));
}
