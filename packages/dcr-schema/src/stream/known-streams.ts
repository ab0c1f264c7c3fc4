/**
 * Streams with a public name: what a rule calls them, what the agent-facing configuration calls
 * them, which table they fill and which solution (`IPName`) an ODS post names.
 *
 * Which blob type belongs to which stream is confirmed by public sources; the solutions marked
 * below are inferred. `test/contract/inferred-facts.test.ts` pins them, so a correction is one
 * edit here and one there.
 */

export interface KnownStream {
  /** Name in a rule, `Microsoft-…`. */
  readonly stream: string;
  /** Name in the agent's configuration and in `DataType` on ODS. */
  readonly blobType: string;
  readonly table: string;
  readonly solution: string;
}

export const KNOWN_STREAMS: readonly KnownStream[] = [
  known('Microsoft-Syslog', 'LINUX_SYSLOGS_BLOB', 'Syslog', 'LogManagement'),
  known(
    'Microsoft-CommonSecurityLog',
    'SECURITY_CEF_BLOB',
    'CommonSecurityLog',
    'SecurityInsights',
  ),
  // Inferred: the stream's name in a rule.
  known('Microsoft-CiscoAsa', 'SECURITY_CISCO_ASA_BLOB', 'CommonSecurityLog', 'SecurityInsights'),
  known('Microsoft-Event', 'GENERIC_EVENT_BLOB', 'Event', 'LogManagement'),
  // Inferred: the solution of the next two.
  known('Microsoft-SecurityEvent', 'SECURITY_EVENT_BLOB', 'SecurityEvent', 'SecurityInsights'),
  known('Microsoft-WindowsEvent', 'SECURITY_WEF_EVENT_BLOB', 'WindowsEvent', 'SecurityInsights'),
  known('Microsoft-Perf', 'GENERIC_PERF_BLOB', 'Perf', 'LogManagement'),
  known('Microsoft-InsightsMetrics', 'INSIGHTS_METRICS_BLOB', 'InsightsMetrics', 'VMInsights'),
  known('Microsoft-Heartbeat', 'HEALTH_ASSESSMENT_BLOB', 'Heartbeat', 'LogManagement'),
  known('Microsoft-Operation', 'OPERATION_BLOB', 'Operation', 'LogManagement'),
  // Inferred: the solution.
  known('Microsoft-W3CIISLog', 'ONPREM_IIS_BLOB_V2', 'W3CIISLog', 'LogManagement'),
  // Inferred: which of the blob types seen is this stream's, and the solution.
  known(
    'Microsoft-ASimNetworkSessionLogs-WindowsFirewall',
    'SENTINEL_NETWORK_SESSION_WINDOWS_FIREWALL_AMA',
    'ASimNetworkSessionLogs',
    'SecurityInsights',
  ),
];

function known(stream: string, blobType: string, table: string, solution: string): KnownStream {
  return { stream, blobType, table, solution };
}

/** Stream names of a rule are compared ignoring case, as ARM names are. */
export function findStream(stream: string): KnownStream | undefined {
  const wanted = stream.toLowerCase();
  return KNOWN_STREAMS.find((k) => k.stream.toLowerCase() === wanted);
}

/** `LINUX_PERF_BLOB` is what Linux agents call the Perf stream. */
export function findBlobType(blobType: string): KnownStream | undefined {
  const wanted = blobType === 'LINUX_PERF_BLOB' ? 'GENERIC_PERF_BLOB' : blobType;
  return KNOWN_STREAMS.find((k) => k.blobType === wanted);
}

/** Is it a stream that the author of a rule declares? */
export function isCustomStream(stream: string): boolean {
  return stream.startsWith('Custom-');
}

/**
 * The table a stream lands in when no `outputStream` says otherwise: `Custom-App_CL` → `App_CL`,
 * `Microsoft-Table-Syslog` → `Syslog`, otherwise by the list above, else by the prefix rule.
 */
export function tableOfStream(stream: string): string {
  const knownStream = findStream(stream) ?? findBlobType(stream);
  if (knownStream) return knownStream.table;
  return stream.replace(/^(Custom-|Microsoft-Table-|Microsoft-)/, '');
}
