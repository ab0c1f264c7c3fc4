/**
 * Published values of members of a rule. The service may know more: a value outside a list warns.
 * Source: Microsoft.Insights data collection rules API 2024-03-11 and its documentation.
 */
import type { ApiVersion } from './schema/api-versions.ts';

/** Syslog facilities. */
export const FACILITY_NAMES: readonly string[] = [
  '*',
  'auth',
  'authpriv',
  'cron',
  'daemon',
  'kern',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
  'lpr',
  'mail',
  'mark',
  'news',
  'syslog',
  'user',
  'uucp',
  'alert',
  'audit',
  'clock',
  'ftp',
  'nopri',
  'ntp',
];

/** Those that not all API versions have. */
export const FACILITIES_SINCE: Readonly<Record<string, ApiVersion>> = {
  alert: '2023-03-11',
  audit: '2023-03-11',
  clock: '2023-03-11',
  ftp: '2023-03-11',
  nopri: '2023-03-11',
  ntp: '2023-03-11',
};

export const LOG_LEVELS: readonly string[] = [
  '*',
  'Debug',
  'Info',
  'Notice',
  'Warning',
  'Error',
  'Critical',
  'Alert',
  'Emergency',
];

/** `recordStartTimestampFormat` of text logs, verbatim. */
export const TIMESTAMP_FORMATS: readonly string[] = [
  'ISO 8601',
  'YYYY-MM-DD HH:MM:SS',
  'M/D/YYYY HH:MM:SS AM/PM',
  'Mon DD, YYYY HH:MM:SS',
  'yyMMdd HH:mm:ss',
  'ddMMyy HH:mm:ss',
  'MMM d hh:mm:ss',
  'dd/MMM/yyyy:HH:mm:ss zzz',
  'yyyy-MM-ddTHH:mm:ssK',
];

export const FIREWALL_PROFILES: readonly string[] = ['Domain', 'Private', 'Public'];

export const LOG_FILE_FORMATS: readonly string[] = ['text', 'json'];

export const RULE_KINDS: readonly string[] = [
  'Linux',
  'Windows',
  'AgentSettings',
  'Direct',
  'WorkspaceTransforms',
  'PlatformTelemetry',
  'AgentDirectToStore',
];

/** `Otlp…` names: seen in configurations that agents receive. */
export const AGENT_SETTING_NAMES: readonly string[] = [
  'MaxDiskQuotaInMB',
  'UseTimeReceivedForForwardedEvents',
  'Tags',
  'OtlpGrpcLogsTracesPort',
  'OtlpHttpProtobufLogsTracesPort',
];

/** The published spelling of a value, ignoring case; itself when it is not published. */
export function publishedSpelling(value: string, published: readonly string[]): string {
  const wanted = value.toLowerCase();
  return published.find((p) => p.toLowerCase() === wanted) ?? value;
}
