/** Facilities and levels that two data sources both select. */
import { FACILITY_NAMES, LOG_LEVELS } from '../rule/known-values.ts';
import type { SyslogDataSource } from '../rule/rule.ts';
import { count } from '../rule/text/show.ts';
import type { Meeting } from './overlap.ts';
import type { WorkLimit } from './work-limit.ts';

/** `mark` is a number for use inside daemons; no message carries it. */
const FACILITIES = FACILITY_NAMES.map(lower).filter((name) => name !== '*' && name !== 'mark');
const LEVELS = LOG_LEVELS.map(lower).filter((name) => name !== '*');
/** What a message without a priority counts as; it has no other level. */
const NO_PRIORITY = { facility: 'nopri', level: 'emergency' };

/** What it costs, in comparisons. */
const COST = 60;

/** One meeting for all messages that both select; its entries are the facilities. */
export function syslogMeetings(
  a: SyslogDataSource,
  b: SyslogDataSource,
  limit: WorkLimit,
): Meeting[] {
  if (!limit.take(COST + a.facilityNames.length + b.facilityNames.length)) return [];
  const facilities = common(a.facilityNames, b.facilityNames, FACILITIES);
  const levels = common(a.logLevels, b.logLevels, LEVELS);
  const priorities = facilities.flatMap((facility) => {
    const possible =
      facility === NO_PRIORITY.facility
        ? levels.filter((level) => level === NO_PRIORITY.level)
        : levels;
    return possible.map((level) => ({ facility, level }));
  });
  const [first] = priorities;
  if (first === undefined) return [];
  const others = priorities.length - 1;
  const more = others === 0 ? '' : ` and ${count(others, 'other priority').replace(/ys$/, 'ies')}`;
  const entries = [entryOf(a, first.facility), entryOf(b, first.facility)] as const;
  return [{ entries, witness: `${first.facility}.${first.level}${more}`, doubt: null }];
}

/** Of these names those that both lists select, the ones that are written out first. */
function common(a: readonly string[], b: readonly string[], names: readonly string[]): string[] {
  const [inA, inB] = [new Set(a.map(lower)), new Set(b.map(lower))];
  const selected = names.filter((name) => selects(inA, name) && selects(inB, name));
  const isWritten = (name: string): number => Number(inA.has(name)) + Number(inB.has(name));
  return selected.sort((x, y) => isWritten(y) - isWritten(x));
}

function selects(list: ReadonlySet<string>, name: string): boolean {
  return list.has('*') || list.has(name);
}

function entryOf({ facilityNames }: SyslogDataSource, facility: string): number {
  const names = facilityNames.map(lower);
  return names.includes(facility) ? names.indexOf(facility) : names.indexOf('*');
}

function lower(name: string): string {
  return name.trim().toLowerCase();
}
