/** Why one version of rules keeps a message of syslog, or a record of a file, and the other not. */
import { clipped } from '../../nearest-miss/clipped.ts';
import {
  facilityName,
  selectFacilities,
  selectLevels,
  severityName,
} from '../../pipeline/syslog/syslog-names.ts';
import type { LineRecord, SyslogRecord } from '../../record.ts';
import type { RuleFlow, RulePlan } from '../rule-plan.ts';
import type { ChangedRecord } from './comparison.ts';

const TEXT_MAX = 200;
const EXAMPLE_BYTES_MAX = 1_000;

export function syslogChange(record: SyslogRecord, old: RulePlan, now: RulePlan): ChangedRecord {
  const { facility, severity, bytes, parts } = record;
  const pair = priorityText(record);
  return {
    selectedBy: () => pair,
    otherwise: ({ stream }, change) => {
      const { rules } = change === 'appears' ? old : now;
      const sources = rules.flatMap(({ rule }) => rule.dataSources);
      const lists = sources.flatMap((each) => (each.kind === 'syslog' ? [each] : []));
      const ofStream = lists.filter(({ streams }) => streams.includes(stream));
      if (ofStream.length === 0) return `no data source collects ${stream}`;
      const ofFacility = ofStream.filter((each) =>
        selectFacilities(each.facilityNames).has(facility),
      );
      if (ofFacility.length === 0) return `no data source names the facility ${pair.split('.')[0]}`;
      const level = Math.max(0, severity);
      const ofBoth = ofFacility.filter((each) => selectLevels(each.logLevels).has(level));
      const names = (of: readonly { name: string }[]): string =>
        of.map(({ name }) => `'${name}'`).join(', ');
      if (ofBoth.length > 0)
        return `${names(ofBoth)} selects it, and no row is made for this table`;
      return `logLevels of ${names(ofFacility)} do not name ${severityName(severity)}`;
    },
    example: () => {
      const end = Math.min(parts.messageEnd, parts.messageStart + EXAMPLE_BYTES_MAX);
      const ident = bytes.toString('utf8', parts.identStart, parts.identEnd);
      const text = bytes.toString('utf8', parts.messageStart, end).trim();
      return clipped(`${pair} ${ident === '' ? '' : `${ident}: `}${text}`, TEXT_MAX);
    },
  };
}

/** `daemon.err`; `nopri` for a message without a priority. */
export function priorityText({ facility, severity }: SyslogRecord): string {
  const name = facilityName(facility);
  return facility < 0 ? name : `${name}.${severityName(severity)}`;
}

/**
 * `old` and `now`: flows of both versions that read the file in the same way. `otherwise` says of a
 * version without one why that is.
 */
export function lineChange(
  record: LineRecord,
  old: readonly RuleFlow[],
  now: readonly RuleFlow[],
  otherwise: string,
): ChangedRecord {
  return {
    selectedBy: (flow) => sourceText(flow),
    otherwise: (_flow, change) => {
      const others = change === 'appears' ? old : now;
      const names = [...new Set(others.map(({ dataSource }) => `'${dataSource.name}'`))];
      if (names.length === 0) return otherwise;
      return `${names.join(', ')} reads it, and makes no row of it`;
    },
    example: () => {
      const { bytes, start, end, filePath } = record;
      const text = bytes.toString('utf8', start, Math.min(end, start + EXAMPLE_BYTES_MAX));
      return `${clipped(text, TEXT_MAX)} in ${filePath}`;
    },
  };
}

function sourceText({ dataSource }: RuleFlow): string {
  const { name } = dataSource;
  if (dataSource.kind !== 'logFiles') return `data source '${name}'`;
  const { filePatterns, recordStartTimestampFormat: format } = dataSource;
  const how = format === undefined ? '' : `, records begin with ${format}`;
  return `data source '${name}' (${filePatterns.join(', ')}${how})`;
}
