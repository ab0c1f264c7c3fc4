/**
 * `LINUX_SYSLOGS_BLOB` → Syslog. Items carry the reference agent's names on ODS and may carry
 * column names on the Logs Ingestion path; a column name given wins.
 */
import type { Json } from '@dcr-agent/schema';
import type { Shape } from './shape.ts';

/** Spellings of syslog(3) the table does not use. Inferred: the service writes the short ones. */
const SEVERITIES: ReadonlyMap<Json | undefined, string> = new Map([
  ['error', 'err'],
  ['warn', 'warning'],
  ['panic', 'emerg'],
  ['emergency', 'emerg'],
  ['critical', 'crit'],
]);

export const shapeSyslog: Shape = (item) => {
  const {
    ident,
    Timestamp,
    Host,
    ProcessId,
    Severity,
    SeverityNumber: _,
    Message,
    ...columns
  } = item;
  return {
    ...defined('TimeGenerated', Timestamp),
    ...defined('ProcessName', ident),
    ...defined('Computer', Host),
    ...defined('HostName', Host),
    ...defined('ProcessID', emptyIsNull(ProcessId)),
    ...defined('SeverityLevel', SEVERITIES.get(Severity) ?? Severity),
    ...defined('SyslogMessage', Message),
    ...columns,
  };
};

function defined(name: string, value: Json | undefined): { readonly [name: string]: Json } {
  return value === undefined ? {} : { [name]: value };
}

/** A message without a process id has an empty one on the wire. */
function emptyIsNull(value: Json | undefined): Json | undefined {
  return value === '' || value === '-' ? null : value;
}
