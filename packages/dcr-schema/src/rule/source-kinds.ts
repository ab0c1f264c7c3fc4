/**
 * What each array of `dataSources` may produce and where it runs.
 * Source: API 2024-03-11 and its documentation; that the service checks streams against such lists
 * is known from its answers ("must be a custom stream or one of"), the lists themselves only in
 * part, so a `Microsoft-…` stream that is on none of them warns.
 */

export interface SourceKind {
  /** The only operating system it runs on; absent: both. */
  readonly os?: 'Linux' | 'Windows';
  /** Streams it produces beside custom ones; absent: any. */
  readonly streams?: readonly string[];
}

const SOURCE_KINDS: { readonly [array: string]: SourceKind } = {
  performanceCounters: { streams: ['Microsoft-Perf', 'Microsoft-InsightsMetrics'] },
  performanceCountersOTel: { streams: ['Microsoft-OtelPerfMetrics'] },
  windowsEventLogs: {
    os: 'Windows',
    streams: [
      'Microsoft-Event',
      'Microsoft-WindowsEvent',
      'Microsoft-SecurityEvent',
      // In the built-in policies of Defender for Cloud.
      'Microsoft-RomeDetectionEvent',
    ],
  },
  syslog: {
    os: 'Linux',
    streams: ['Microsoft-Syslog', 'Microsoft-CommonSecurityLog', 'Microsoft-CiscoAsa'],
  },
  logFiles: { streams: [] },
  iisLogs: { os: 'Windows', streams: ['Microsoft-W3CIISLog'] },
  windowsFirewallLogs: {
    os: 'Windows',
    streams: ['Microsoft-ASimNetworkSessionLogs-WindowsFirewall'],
  },
  prometheusForwarder: { streams: ['Microsoft-PrometheusMetrics'] },
  etwProviders: { os: 'Windows' },
};

const STREAM_OWNERS: ReadonlyMap<string, string> = new Map(
  Object.entries(SOURCE_KINDS).flatMap(([array, { streams = [] }]) =>
    streams.map((stream) => [stream.toLowerCase(), array] as const),
  ),
);

export function sourceKind(array: string): SourceKind {
  return Object.hasOwn(SOURCE_KINDS, array) ? (SOURCE_KINDS[array] ?? {}) : {};
}

/** The array of `dataSources` that a stream belongs to, where it belongs to one. */
export function ownerOfStream(stream: string): string | undefined {
  return STREAM_OWNERS.get(stream.toLowerCase());
}
