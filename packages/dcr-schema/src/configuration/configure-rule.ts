/**
 * Rule → what the agent is told. The control plane does this for every associated machine; a
 * machine with only local rule files does it in-process, so there is one way into the agent.
 */
import type { Diagnostic } from '../diagnostic.ts';
import type { DataSource, Json, Rule } from '../rule/rule.ts';
import { findStream } from '../stream/known-streams.ts';
import type { AgentConfiguration, WireDataSource, WireStream } from './agent-configuration.ts';
import type { Resolution } from './resolution.ts';
import { RuleChannels } from './rule-channels.ts';
import { wireColumns } from './wire-columns.ts';

export interface ConfiguredRule {
  readonly configuration: AgentConfiguration;
  /** What could not be resolved; the configuration holds everything else. */
  readonly diagnostics: readonly Diagnostic[];
}

export function configureRule(rule: Rule, resolution: Resolution): ConfiguredRule {
  const head = { configurationId: resolution.configurationId, eTag: resolution.eTag, op: 'added' };
  if (rule.kind?.toLowerCase() === 'agentsettings') {
    const content = { kind: 'AgentSettings' as const, settings: rule.agentSettings };
    return { configuration: { ...head, content }, diagnostics: [] };
  }
  const channels = new RuleChannels(rule, resolution);
  const dataSources = rule.dataSources.flatMap((source) => configureSource(source, rule, channels));
  return {
    configuration: {
      ...head,
      content: { dataSources, channels: channels.list(), extensionConfigurations: {} },
    },
    diagnostics: channels.diagnostics,
  };
}

/**
 * One entry per set of channels: a data source whose streams go to different destinations is
 * sent as several entries with the same id.
 */
function configureSource(source: DataSource, rule: Rule, channels: RuleChannels): WireDataSource[] {
  const bySet = new Map<string, { streams: WireStream[]; channelIds: string[] }>();
  for (const stream of source.streams) {
    const channelIds = channels.ofStream(stream, rule.dataFlows);
    if (channelIds.length === 0) continue;
    const key = channelIds.join('\n');
    const entry = bySet.get(key) ?? { streams: [], channelIds };
    entry.streams.push(wireStream(stream));
    bySet.set(key, entry);
  }
  const { kind, configuration } = wireConfiguration(source, rule);
  return [...bySet.values()].map(({ streams, channelIds }) => ({
    id: source.name,
    kind,
    configuration,
    streams,
    sendToChannels: channelIds,
  }));
}

function wireStream(stream: string): WireStream {
  const known = findStream(stream);
  return known ? { stream: known.blobType, solution: known.solution } : { stream };
}

/** Kinds whose agent-facing form is not published take the name of their array in the rule. */
function wireConfiguration(
  source: DataSource,
  rule: Rule,
): {
  kind: string;
  configuration: { readonly [name: string]: Json };
} {
  switch (source.kind) {
    case 'windowsEventLogs':
      return {
        kind: 'winEventLog',
        configuration: { scheduledTransferPeriod: 'PT1M', xPathQueries: source.xPathQueries },
      };
    case 'syslog':
      return {
        kind: 'syslog',
        configuration: { facilityNames: source.facilityNames, logLevels: source.logLevels },
      };
    case 'logFiles':
      return {
        kind: 'logFiles',
        configuration: {
          filePatterns: source.filePatterns,
          format: source.format,
          ...(source.recordStartTimestampFormat !== undefined && {
            settings: {
              text: { recordStartTimestampFormat: source.recordStartTimestampFormat },
            },
          }),
          ...(source.format === 'json' && wireColumns(source.streams, rule.streamDeclarations)),
        },
      };
    case 'performanceCounters': {
      const { samplingFrequencyInSeconds, counterSpecifiers } = source;
      return {
        kind: 'perfCounter',
        configuration: {
          scheduledTransferPeriod: 'PT1M',
          counters: [{ samplingFrequencyInSeconds, counterSpecifiers }],
        },
      };
    }
    case 'iisLogs':
      return { kind: 'iisLogs', configuration: { logDirectories: source.logDirectories } };
    case 'windowsFirewallLogs':
      return { kind: source.kind, configuration: { profileFilter: source.profileFilter } };
    case 'other':
      return { kind: source.array, configuration: source.members };
  }
}
