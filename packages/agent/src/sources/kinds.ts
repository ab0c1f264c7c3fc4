/** Every kind of data source this agent can read, and how a planned one is opened. */
import type { PlannedSource } from '@dcr-agent/schema';
import type { AgentConfig } from '../config/agent-config.ts';
import type { Host } from '../host/host.ts';
import { openHeartbeat } from './heartbeat/heartbeat.ts';
import { openLogFiles } from './log-files/log-files.ts';
import { openMetrics } from './metrics/metrics.ts';
import { type OperationQueue, openOperation } from './operation/operation.ts';
import { openPerformanceCounters } from './performance-counters/performance-counters.ts';
import type { CommittedCursors, Source } from './source.ts';
import { openSyslog } from './syslog/syslog.ts';
import type { SyslogTap } from './syslog/tap.ts';
import { syslogSettings } from './syslog-settings.ts';
import { firewallPaths, iisPatterns } from './w3c-files.ts';
import { openWindowsEventLogs } from './windows-event-logs/windows-event-logs.ts';

/** What some sources share with the rest of the agent. */
export interface SharedParts {
  /** What the agent has to tell of itself. */
  readonly operations: OperationQueue;
  readonly syslogTap?: SyslogTap;
}

/**
 * The records of a kind are its own; the pipeline of the same planned source takes them.
 * May throw `SOURCE_UNAVAILABLE`.
 */
export function openSource(
  planned: PlannedSource,
  cursors: CommittedCursors,
  config: AgentConfig,
  host: Host,
  { operations, syslogTap }: SharedParts,
): Source<unknown> {
  const { sources, heartbeat } = config;
  const { key } = planned;
  const { startAt } = sources.logFiles;
  switch (planned.kind) {
    case 'windowsEventLogs': {
      const { channel } = planned;
      const paths = filesOfChannel(sources.windowsEventLogs.channels, channel);
      return openWindowsEventLogs({ key, channel, paths }, cursors, host);
    }
    case 'syslog':
      return openSyslog(syslogSettings(sources.syslog), host, syslogTap);
    case 'logFiles': {
      const { patterns, recordStartFormat: startFormat } = planned;
      const records =
        startFormat === undefined ? undefined : ({ kind: 'timed', startFormat } as const);
      const settings = { key, patterns, startAt, ...(records && { records }) };
      return openLogFiles(settings, cursors, host);
    }
    case 'iisLogs': {
      const patterns = iisPatterns(planned.directories);
      return openLogFiles({ key, patterns, startAt, records: { kind: 'w3c' } }, cursors, host);
    }
    case 'windowsFirewallLogs': {
      const patterns = firewallPaths(sources.windowsFirewallLogs.paths, planned.profiles);
      return openLogFiles({ key, patterns, startAt, records: { kind: 'w3c' } }, cursors, host);
    }
    case 'performanceCounters':
      return openPerformanceCounters({ key, groups: planned.groups }, host);
    case 'metrics':
      return openMetrics({ key, groups: planned.groups }, host);
    case 'heartbeat':
      return openHeartbeat(key, heartbeat.intervalSeconds * 1_000, host);
    case 'operation':
      return openOperation(key, operations);
  }
}

/** Channel names are compared ignoring case. Source: MS-EVEN6 §1.8.1. */
function filesOfChannel(
  channels: Readonly<Record<string, readonly string[]>>,
  channel: string,
): readonly string[] {
  const wanted = channel.toLowerCase();
  return Object.entries(channels).flatMap(([name, paths]) =>
    name.toLowerCase() === wanted ? paths : [],
  );
}
