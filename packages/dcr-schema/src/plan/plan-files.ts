/** Data sources that are files: each one is a source of its own, wherever else they are read. */
import type { WireDataSource } from '../configuration/agent-configuration.ts';
import { readWireColumns } from '../configuration/wire-columns.ts';
import {
  FIREWALL_PROFILES,
  LOG_FILE_FORMATS,
  publishedSpelling,
  TIMESTAMP_FORMATS,
} from '../rule/known-values.ts';
import { objectOf, stringOf, stringsOf } from '../rule/read-values.ts';
import { isCustomStream } from '../stream/known-streams.ts';
import type {
  LogFilesFlow,
  PlannedFlow,
  PlannedIisLogs,
  PlannedLogFiles,
  PlannedWindowsFirewallLogs,
} from './plan.ts';

export type PlannedFiles = PlannedLogFiles | PlannedIisLogs | PlannedWindowsFirewallLogs;

/** `dataSource`: `<configurationId>/<id>`. A text says why it cannot be read. */
export function planFiles(
  dataSource: string,
  { kind, configuration }: WireDataSource,
  flows: readonly PlannedFlow[],
): PlannedFiles | string {
  switch (kind.toLowerCase()) {
    case 'iislogs': {
      const directories = stringsOf(configuration.logDirectories);
      return { kind: 'iisLogs', key: `iisLogs:${dataSource}`, directories, flows };
    }
    case 'windowsfirewalllogs': {
      const profiles = stringsOf(configuration.profileFilter).map((profile) =>
        publishedSpelling(profile, FIREWALL_PROFILES),
      );
      const key = `windowsFirewallLogs:${dataSource}`;
      return { kind: 'windowsFirewallLogs', key, profiles, flows };
    }
    default:
      return planLogFiles(dataSource, configuration, flows);
  }
}

function planLogFiles(
  dataSource: string,
  configuration: WireDataSource['configuration'],
  flows: readonly PlannedFlow[],
): PlannedLogFiles | string {
  const written = configuration.format ?? 'text';
  const format = publishedSpelling(stringOf(written) ?? '', LOG_FILE_FORMATS);
  if (format !== 'text' && format !== 'json') {
    return `log files of format '${written}' are not supported yet`;
  }
  const standard = flows.find((flow) => !isCustomStream(flow.stream));
  if (standard) return `log files cannot fill the standard stream '${standard.stream}'`;
  const patterns = stringsOf(configuration.filePatterns);
  if (patterns.length === 0) return "'filePatterns' is empty";
  const { recordStartTimestampFormat } = objectOf(objectOf(configuration.settings).text);
  const start = format === 'text' ? stringOf(recordStartTimestampFormat) : undefined;
  const recordStartFormat = start && publishedSpelling(start, TIMESTAMP_FORMATS);
  if (recordStartFormat && !TIMESTAMP_FORMATS.includes(recordStartFormat)) {
    return `the timestamp format '${recordStartFormat}' is not known`;
  }
  return {
    kind: 'logFiles',
    key: `logFiles:${dataSource}`,
    patterns,
    ...(recordStartFormat && { recordStartFormat }),
    flows: flows.map((flow): LogFilesFlow => {
      if (format === 'text') return { ...flow, format };
      const columns = readWireColumns(configuration, flow.stream);
      return { ...flow, format, ...(columns && { columns }) };
    }),
  };
}
