/** What a syslog data source selects, in words. */
import type { SyslogDataSource } from '../rule/rule.ts';
import { listed } from '../rule/text/show.ts';
import { oneLine } from './listed.ts';

/** From the least urgent on; a message without priority counts as the last. */
const LEVELS: readonly string[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
];

/** `auth and authpriv: warning and above`. */
export function syslogInWords({ facilityNames, logLevels }: SyslogDataSource): string {
  return `${facilities(facilityNames)}: ${levels(logLevels)}`;
}

/** What its lists hold that selects nothing. */
export function syslogNotes({ facilityNames, logLevels }: SyslogDataSource): string[] {
  const names = new Set(facilityNames.map(normal));
  const wanted = new Set(logLevels.map(normal));
  const notes: string[] = [];
  if (names.has('mark')) notes.push("'mark' selects nothing: no message can carry this facility");
  const isKnown = logLevels.every((level) => normal(level) === '*' || isLevel(normal(level)));
  if (names.has('nopri') && isKnown && !wanted.has('*') && !wanted.has('emergency')) {
    notes.push(
      "'nopri' selects nothing: messages without a priority count as emergency, which is not listed",
    );
  }
  return notes;
}

function facilities(written: readonly string[]): string {
  const names = [...new Set(written.map(normal))];
  if (names.includes('*')) return 'all facilities';
  if (names.length === 0) return 'no facility';
  return listed(
    names.map((name) => (name === 'nopri' ? 'nopri (messages without a priority)' : name)),
    'and',
  );
}

function levels(written: readonly string[]): string {
  const wanted = [...new Set(written.map(normal))];
  const known = LEVELS.filter((level) => wanted.includes(level));
  if (wanted.includes('*') || known.length === LEVELS.length) return 'all levels';
  if (wanted.length === 0) return 'no level';
  const isAndAbove = LEVELS.slice(-known.length).every((level) => wanted.includes(level));
  if (known.length < wanted.length || known.length === 0) return listed(wanted, 'and');
  if (known.length === 1) return `${known.join('')} only`;
  return isAndAbove ? `${known[0]} and above` : listed(known, 'and');
}

/** Facilities and levels are compared ignoring case; expressions stay as they are. */
function normal(name: string): string {
  const text = oneLine(name.trim());
  return /^\w+$/.test(text) ? text.toLowerCase() : text;
}

function isLevel(name: string): boolean {
  return LEVELS.includes(name);
}
