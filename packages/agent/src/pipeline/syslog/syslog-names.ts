/**
 * Facilities and severities: their numbers, the names a rule uses and the names rows carry.
 * Source: RFC 5424 §6.2.1 for the numbers; the rule's enumerations for the names.
 */

/** By number. Names of 12–15 follow the rule language (`ntp`, `audit`, `alert`, `clock`). */
const FACILITIES: readonly string[] = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
];

export const FACILITY_MAX: number = FACILITIES.length - 1;

/** By number, as rows carry them. */
const SEVERITIES: readonly string[] = [
  'emerg',
  'alert',
  'crit',
  'err',
  'warning',
  'notice',
  'info',
  'debug',
];

export const SEVERITY_MAX: number = SEVERITIES.length - 1;

/** By number, as rules name them. */
const LEVELS: readonly string[] = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'info',
  'debug',
];

/** Name of a facility; a message without priority is `nopri`. */
export function facilityName(facility: number): string {
  return FACILITIES[facility] ?? 'nopri';
}

export function severityName(severity: number): string {
  return SEVERITIES[effectiveSeverity(severity)] ?? 'emerg';
}

/**
 * A message without priority counts as emergency: rules that want such messages select facility
 * `nopri` with level `Emergency` (inferred from the portal's own CEF set-up).
 */
export function effectiveSeverity(severity: number): number {
  return severity < 0 ? 0 : severity;
}

/**
 * Which facility numbers (-1: none) a rule's `facilityNames` select. Case is ignored. `mark` has
 * no number: 24 is for use inside daemons and no priority can carry it, and their `-- MARK --`
 * is sent as `syslog` with level `info`. Source: rsyslog's immark, syslog-ng's `mark-freq`.
 */
export function selectFacilities(names: readonly string[]): ReadonlySet<number> {
  const wanted = new Set(names.map((name) => name.trim().toLowerCase()));
  const all = wanted.has('*');
  const selected = new Set<number>();
  if (all || wanted.has('nopri')) selected.add(-1);
  FACILITIES.forEach((name, number) => {
    if (all || wanted.has(name)) selected.add(number);
  });
  return selected;
}

/** Which severity numbers `logLevels` selects. A list is a set: there is no "and above". */
export function selectLevels(names: readonly string[]): ReadonlySet<number> {
  const wanted = new Set(names.map((name) => name.trim().toLowerCase()));
  const all = wanted.has('*');
  const selected = new Set<number>();
  LEVELS.forEach((name, number) => {
    if (all || wanted.has(name)) selected.add(number);
  });
  return selected;
}
