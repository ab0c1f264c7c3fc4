/**
 * The compiled form of everything a machine was told: which sources to open, what to keep of
 * each, and where it goes. Plain data: it can be printed, compared and stored.
 */

import type { Column } from '../rule/rule.ts';

export interface Plan {
  readonly sources: readonly PlannedSource[];
  readonly destinations: readonly PlannedDestination[];
  /** Absent: no rule says anything about it. */
  readonly diskQuota?: PlannedDiskQuota;
  /** What was asked for and cannot be done here, with the reason. */
  readonly skipped: readonly Skipped[];
}

/** Disk space for data not yet delivered, from the rule of kind `AgentSettings`. */
export interface PlannedDiskQuota {
  readonly configurationId: string;
  readonly megabytes: number;
}

export interface Skipped {
  readonly configurationId: string;
  readonly dataSource: string;
  readonly reason: string;
}

/**
 * Protocols this agent speaks. `ods`: workspace ingestion; `gig`: the Logs Ingestion API; `me`:
 * custom metrics, which only flows of `metrics` sources have.
 */
export type Protocol = 'ods' | 'gig' | 'me';

export interface PlannedDestination {
  /** `<configurationId>/<channelId>`: a channel belongs to one rule, and so does its token. */
  readonly id: string;
  readonly protocol: Protocol;
  /** Base URL for `ods` and `me`; URL with `<STREAM>` for `gig`. */
  readonly endpoint: string;
  /** Absent: requests carry the identity's own token. */
  readonly tokenEndpointUri?: string;
}

/** One thing to open on the machine, with the flows that read it. */
export type PlannedSource =
  | PlannedWindowsEventLog
  | PlannedSyslog
  | PlannedLogFiles
  | PlannedPerformanceCounters
  | PlannedMetrics
  | PlannedIisLogs
  | PlannedWindowsFirewallLogs
  | PlannedHeartbeat
  | PlannedOperation;

interface PlannedSourceBase<Flow> {
  /** Stable over restarts and reloads; cursors are kept under it. */
  readonly key: string;
  readonly flows: readonly Flow[];
}

/** One channel of the Windows event log. Key: `windowsEventLogs:<channel, lower case>`. */
export interface PlannedWindowsEventLog extends PlannedSourceBase<WindowsEventFlow> {
  readonly kind: 'windowsEventLogs';
  /** As first written in a rule; compare ignoring case. */
  readonly channel: string;
}

/** The machine's syslog. Key: `syslog`. */
export interface PlannedSyslog extends PlannedSourceBase<SyslogFlow> {
  readonly kind: 'syslog';
}

/**
 * The files of one data source of one rule. Key: `logFiles:<configurationId>/<data source>`. Two
 * rules over one file each read it: where they stand in it is their own.
 */
export interface PlannedLogFiles extends PlannedSourceBase<LogFilesFlow> {
  readonly kind: 'logFiles';
  /** Absolute; each once. */
  readonly patterns: readonly string[];
  /** A published `recordStartTimestampFormat`; absent: a line is a record. */
  readonly recordStartFormat?: string;
}

/** The logs of web sites in W3C format. Key: `iisLogs:<configurationId>/<data source>`. */
export interface PlannedIisLogs extends PlannedSourceBase<PlannedFlow> {
  readonly kind: 'iisLogs';
  /** Empty: the web server's own. */
  readonly directories: readonly string[];
}

/** Key: `windowsFirewallLogs:<configurationId>/<data source>`. */
export interface PlannedWindowsFirewallLogs extends PlannedSourceBase<PlannedFlow> {
  readonly kind: 'windowsFirewallLogs';
  /** `Domain`, `Private`, `Public`; empty: all of them. */
  readonly profiles: readonly string[];
}

/**
 * The performance counters of one data source of one rule. Key:
 * `performanceCounters:<configurationId>/<data source>`. Each flow receives all of them.
 */
export interface PlannedPerformanceCounters extends PlannedSourceBase<PlannedFlow> {
  readonly kind: 'performanceCounters';
  /** Each period once. */
  readonly groups: readonly CounterGroup[];
}

/**
 * The same counters for destinations that take metrics: aggregated by the minute. Key:
 * `metrics:<configurationId>/<data source>`.
 */
export interface PlannedMetrics extends PlannedSourceBase<PlannedFlow> {
  readonly kind: 'metrics';
  readonly groups: readonly CounterGroup[];
}

/** Counters that are sampled together. */
export interface CounterGroup {
  /** A whole number, 1 to 86,400. */
  readonly everySeconds: number;
  /** As the rule spells them, each once. */
  readonly specifiers: readonly string[];
}

/** The agent's own sign of life, one flow per workspace. Key: `heartbeat`. */
export interface PlannedHeartbeat extends PlannedSourceBase<PlannedFlow> {
  readonly kind: 'heartbeat';
}

/** What an operator should know of the agent itself, one flow per workspace. Key: `operation`. */
export interface PlannedOperation extends PlannedSourceBase<PlannedFlow> {
  readonly kind: 'operation';
}

export interface PlannedFlow {
  /** `<configurationId>/<data source>/<stream>`; the name of the flow in the ledger. */
  readonly id: string;
  /** Agent-facing stream: a blob type or `Custom-…`. */
  readonly stream: string;
  /** `IPName` on ODS. */
  readonly solution?: string;
  /** Ids of planned destinations, at least one. */
  readonly destinations: readonly string[];
}

export interface WindowsEventFlow extends PlannedFlow {
  /** XPath texts without the channel; an event is kept when any of them selects it. */
  readonly queries: readonly string[];
}

export interface SyslogFlow extends PlannedFlow {
  readonly facilityNames: readonly string[];
  readonly logLevels: readonly string[];
}

/** Text: a row has the record as it is. JSON: a row has the members of a line's object. */
export type LogFilesFlow = TextFlow | JsonFlow;

export interface TextFlow extends PlannedFlow {
  readonly format: 'text';
}

export interface JsonFlow extends PlannedFlow {
  readonly format: 'json';
  /** Those of the stream; absent: not known, every member is kept. */
  readonly columns?: readonly Column[];
}
