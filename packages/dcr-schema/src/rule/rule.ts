/**
 * A Data Collection Rule as the rest of the project sees it: the ARM resource body with its
 * per-kind arrays flattened, defaults filled and read-only members kept where they are useful.
 * Source: Microsoft.Insights/dataCollectionRules, API versions 2019-11-01-preview to 2024-03-11.
 */

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

export interface Rule {
  /** ARM resource id, when the document carries one. */
  readonly id?: string;
  readonly name?: string;
  readonly location?: string;
  /** Trimmed; absent means every kind of agent. */
  readonly kind?: string;
  /** `dcr-` and 32 hex digits; given by the control plane. */
  readonly immutableId?: string;
  readonly description?: string;
  readonly dataCollectionEndpointId?: string;
  readonly streamDeclarations: readonly StreamDeclaration[];
  readonly dataSources: readonly DataSource[];
  readonly destinations: readonly RuleDestination[];
  readonly dataFlows: readonly DataFlow[];
  readonly agentSettings: readonly AgentSetting[];
}

export interface AgentSetting {
  readonly name: string;
  readonly value: string;
}

export interface StreamDeclaration {
  /** `Custom-…`, exactly as written. */
  readonly stream: string;
  readonly columns: readonly Column[];
}

export type ColumnType = 'string' | 'int' | 'long' | 'real' | 'boolean' | 'datetime' | 'dynamic';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

interface DataSourceBase {
  readonly name: string;
  readonly streams: readonly string[];
  /** Deprecated per-source transformation; kept, not evaluated by the agent. */
  readonly transformKql?: string;
}

export interface WindowsEventLogsDataSource extends DataSourceBase {
  readonly kind: 'windowsEventLogs';
  readonly xPathQueries: readonly string[];
}

export interface SyslogDataSource extends DataSourceBase {
  readonly kind: 'syslog';
  readonly facilityNames: readonly string[];
  readonly logLevels: readonly string[];
}

export interface LogFilesDataSource extends DataSourceBase {
  readonly kind: 'logFiles';
  readonly filePatterns: readonly string[];
  readonly format: string;
  readonly recordStartTimestampFormat?: string;
}

export interface PerformanceCountersDataSource extends DataSourceBase {
  readonly kind: 'performanceCounters';
  readonly samplingFrequencyInSeconds: number;
  /** `Object(instance)\Counter`, with or without a backslash in front. */
  readonly counterSpecifiers: readonly string[];
}

export interface IisLogsDataSource extends DataSourceBase {
  readonly kind: 'iisLogs';
  /** Empty: those of the web server. */
  readonly logDirectories: readonly string[];
}

export interface WindowsFirewallLogsDataSource extends DataSourceBase {
  readonly kind: 'windowsFirewallLogs';
  /** `Domain`, `Private`, `Public`; empty: all of them. */
  readonly profileFilter: readonly string[];
}

/** Any other array of `dataSources`: its members are carried through unread. */
export interface OtherDataSource extends DataSourceBase {
  readonly kind: 'other';
  /** The name of the ARM array. */
  readonly array: string;
  readonly members: { readonly [name: string]: Json };
}

export type DataSource =
  | WindowsEventLogsDataSource
  | SyslogDataSource
  | LogFilesDataSource
  | PerformanceCountersDataSource
  | IisLogsDataSource
  | WindowsFirewallLogsDataSource
  | OtherDataSource;

export interface LogAnalyticsDestination {
  readonly family: 'logAnalytics';
  readonly name: string;
  readonly workspaceResourceId: string;
}

/** The metrics of the machine that the rule is associated with. */
export interface AzureMonitorMetricsDestination {
  readonly family: 'azureMonitorMetrics';
  readonly name: string;
}

/** Any other family of `destinations` (`eventHubs`, `storageBlobs` …), carried unread. */
export interface OtherDestination {
  readonly family: 'other';
  readonly name: string;
  /** The ARM member name, such as `eventHubs`. */
  readonly member: string;
  readonly members: { readonly [name: string]: Json };
}

export type RuleDestination =
  | LogAnalyticsDestination
  | AzureMonitorMetricsDestination
  | OtherDestination;

export interface DataFlow {
  readonly streams: readonly string[];
  /** Names of destinations. */
  readonly destinations: readonly string[];
  readonly transformKql?: string;
  readonly outputStream?: string;
  /** Name of a transformation that the service knows; kept, not evaluated. */
  readonly builtInTransform?: string;
  /** Name of an entry of `transformations` (API 2025-05-11); kept, not evaluated. */
  readonly transform?: string;
  /** Members of a record that its stream does not declare are kept in a column of their own. */
  readonly captureOverflow?: boolean;
}
