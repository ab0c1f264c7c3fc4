/**
 * How a syslog message looks as a row: pieces, one behind the other. What writes rows record by
 * record and what writes many at once are both made of them.
 *
 * Source of the ODS item: the open-source Linux agents; of the columns: the table reference.
 */
import type { Protocol } from '@dcr-agent/schema';
import { jsonContent } from '../json-literal.ts';
import type { RowContext } from '../record-stage.ts';
import { effectiveSeverity, facilityName, severityName } from './syslog-names.ts';

/** All texts are JSON, or pieces of it; parts of the message are contents of strings. */
export type RowPiece =
  | { readonly kind: 'raw'; readonly json: string }
  /** -1 where there is none. */
  | { readonly kind: 'facility'; readonly json: (facility: number) => string }
  /** -1 where there is none. */
  | { readonly kind: 'severity'; readonly json: (severity: number) => string }
  | { readonly kind: 'host'; readonly orElse: string }
  | { readonly kind: 'sender'; readonly orElse: string }
  /** `json` and the process id; where that is no number of up to nine digits, a quote. */
  | { readonly kind: 'processNumber'; readonly json: string }
  | { readonly kind: 'received' | 'eventTime' | 'ident' | 'processId' | 'text' };

export function syslogRow(protocol: Protocol, context: RowContext): readonly RowPiece[] {
  return protocol === 'ods' ? odsItem(context) : tableRow(context);
}

function odsItem(context: RowContext): readonly RowPiece[] {
  return [
    raw('{"ident":"'),
    { kind: 'ident' },
    raw('","Timestamp":"'),
    { kind: 'received' },
    raw('","EventTime":"'),
    { kind: 'eventTime' },
    raw('","Host":"'),
    host(context),
    raw('","HostIP":"'),
    sender(context),
    raw('","ProcessId":"'),
    { kind: 'processId' },
    { kind: 'facility', json: (number) => `","Facility":"${facilityName(number)}"` },
    {
      kind: 'severity',
      json: (number) =>
        `,"Severity":"${severityName(number)}"` +
        `,"SeverityNumber":"${effectiveSeverity(number)}","Message":"`,
    },
    { kind: 'text' },
    raw('"}'),
  ];
}

function tableRow(context: RowContext): readonly RowPiece[] {
  const collector = `","CollectorHostName":"${jsonContent(context.computer)}"`;
  return [
    raw('{"TimeGenerated":"'),
    { kind: 'received' },
    raw('","EventTime":"'),
    { kind: 'eventTime' },
    raw('","Computer":"'),
    host(context),
    raw('","HostName":"'),
    host(context),
    raw('","HostIP":"'),
    sender(context),
    { kind: 'facility', json: (number) => `${collector},"Facility":"${facilityName(number)}"` },
    {
      kind: 'severity',
      json: (number) => `,"SeverityLevel":"${severityName(number)}","ProcessName":"`,
    },
    { kind: 'ident' },
    { kind: 'processNumber', json: '","ProcessID":' },
    raw(',"SyslogMessage":"'),
    { kind: 'text' },
    raw('"}'),
  ];
}

function raw(json: string): RowPiece {
  return { kind: 'raw', json };
}

/** A message that names no host is from this machine. */
function host({ computer }: RowContext): RowPiece {
  return { kind: 'host', orElse: jsonContent(computer) };
}

/** What came by a local socket is from this machine. */
function sender({ hostIp }: RowContext): RowPiece {
  return { kind: 'sender', orElse: jsonContent(hostIp) };
}
