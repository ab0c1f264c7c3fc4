/**
 * The standard tables this project fills. Every table also has the columns of
 * `SERVICE_COLUMNS`, which the receiving side writes.
 * Source: Azure Monitor Logs table reference, read 2026-11.
 */

import { securityEventTable } from './security-event-table.ts';
import { commonSecurityLogTable } from './security-log-table.ts';
import { type TableSchema, tableSchema } from './table.ts';

/** Columns the service fills on every row; a sender cannot set them. */
export const SERVICE_COLUMNS: readonly string[] = [
  'Type',
  'TenantId',
  '_ResourceId',
  '_SubscriptionId',
  '_IsBillable',
  '_BilledSize',
];

const eventTable = tableSchema('Event', {
  int: 'EventCategory EventID EventLevel',
  string: `AzureDeploymentID Computer EventData EventLevelName EventLog ManagementGroupName Message
    ParameterXml RenderedDescription Role Source SourceSystem UserName`,
});

const windowsEventTable = tableSchema('WindowsEvent', {
  int: 'EventID EventLevel SystemProcessId SystemThreadId Task Version',
  dynamic: 'EventData',
  string: `Channel Computer Correlation EventLevelName EventOriginId EventRecordId Keywords
    ManagementGroupName Opcode Provider RawEventData SourceSystem SystemUserId`,
});

const syslogTable = tableSchema('Syslog', {
  datetime: 'EventTime',
  int: 'ProcessID',
  string: `CollectorHostName Computer Facility HostIP HostName ProcessName SeverityLevel
    SourceSystem SyslogMessage`,
});

const heartbeatTable = tableSchema('Heartbeat', {
  boolean: 'IsGatewayInstalled',
  dynamic: 'ComputerPrivateIPs',
  real: 'RemoteIPLatitude RemoteIPLongitude',
  string: `Category Computer ComputerEnvironment ComputerIP ManagementGroupName OSMajorVersion
    OSMinorVersion OSName OSType RemoteIPCountry Resource ResourceGroup ResourceId ResourceProvider
    ResourceType SCAgentChannel Solutions SourceComputerId SourceSystem SubscriptionId Version
    VMUUID`,
});

const operationTable = tableSchema('Operation', {
  string: `Computer CorrelationId Detail ErrorId HelpLink ManagementGroupName OperationCategory
    OperationKey OperationStatus Solution SourceComputerId SourceSystem`,
});

/** `Min` to `BucketEndTime` are for senders that aggregate. */
const perfTable = tableSchema('Perf', {
  datetime: 'BucketEndTime BucketStartTime',
  int: 'SampleCount',
  real: 'CounterValue Max Min StandardDeviation',
  string: 'Computer CounterName CounterPath InstanceName ObjectName SourceSystem',
});

const insightsMetricsTable = tableSchema('InsightsMetrics', {
  real: 'Val',
  string: 'AgentId Computer Name Namespace Origin SourceSystem Tags',
});

/** Of its columns, those that logs of web servers have values for. */
const w3cIisTable = tableSchema('W3CIISLog', {
  int: 'sPort',
  long: 'csBytes scBytes TimeTaken',
  string: `AzureDeploymentID Computer Date FileOffset FileUri ManagementGroupName Role RoleInstance
    SourceSystem StorageAccount Time cIP csCookie csHost csMethod csReferer csUriQuery csUriStem
    csUserAgent csUserName csVersion sComputerName sIP sSiteName scStatus scSubStatus scWin32Status`,
});

/** Of its columns, those that a firewall has values for. */
const networkSessionTable = tableSchema('ASimNetworkSessionLogs', {
  datetime: 'EventEndTime EventStartTime',
  dynamic: 'AdditionalFields',
  int: 'DstPortNumber EventCount NetworkIcmpCode SrcPortNumber',
  long: 'NetworkBytes',
  string: `DstIpAddr Dvc DvcAction DvcHostname EventProduct EventResult EventSchema
    EventSchemaVersion EventType EventVendor NetworkDirection NetworkIcmpType NetworkProtocol
    SourceSystem SrcIpAddr`,
});

const TABLES: ReadonlyMap<string, TableSchema> = new Map(
  [
    eventTable,
    windowsEventTable,
    securityEventTable,
    syslogTable,
    commonSecurityLogTable,
    heartbeatTable,
    operationTable,
    perfTable,
    insightsMetricsTable,
    w3cIisTable,
    networkSessionTable,
  ].map((table) => [table.name, table]),
);

/** A standard table by exact name; `undefined` for one this project does not know. */
export function findTable(name: string): TableSchema | undefined {
  return TABLES.get(name);
}
