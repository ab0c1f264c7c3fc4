/**
 * AgentConfiguration[] → Plan. Event channels and syslog are read once, however many rules ask
 * for them; log files and performance counters are read by each data source on its own.
 *
 * Nothing here fails: what cannot be done is listed in `skipped`, and the rest is planned.
 */
import type {
  AgentConfiguration,
  ConfigurationContent,
  WireChannel,
  WireDataSource,
} from '../configuration/agent-configuration.ts';
import { stringsOf } from '../rule/read-values.ts';
import { readCounterGroups } from './counter-groups.ts';
import type { Plan, PlannedDestination, PlannedFlow, Protocol, Skipped } from './plan.ts';
import { planFiles } from './plan-files.ts';
import { planDiskQuota } from './plan-settings.ts';
import { SourceMerge } from './source-merge.ts';

/** The agent-facing streams of the agent's own data, which no rule asks for. */
const OWN_STREAMS = { heartbeat: 'HEALTH_ASSESSMENT_BLOB', operation: 'OPERATION_BLOB' };

export function compilePlan(configurations: readonly AgentConfiguration[]): Plan {
  const destinations: PlannedDestination[] = [];
  const skipped: Skipped[] = [];
  const merge = new SourceMerge();
  for (const { configurationId, content } of configurations) {
    if (content.kind !== undefined) continue;
    const planned = planDestinations(configurationId, content, skipped);
    destinations.push(...planned.values());
    for (const source of content.dataSources) {
      const flows = planFlows(configurationId, source, planned, skipped);
      const problems = [
        flows.rows.length > 0 && addSource(merge, configurationId, source, flows.rows),
        flows.metrics.length > 0 && addMetrics(merge, configurationId, source, flows.metrics),
      ];
      for (const reason of new Set(problems)) {
        if (reason) skipped.push({ configurationId, dataSource: source.id, reason });
      }
    }
  }
  for (const kind of ['heartbeat', 'operation'] as const) {
    merge.own(kind, ownFlows(kind, destinations));
  }
  const diskQuota = planDiskQuota(configurations, skipped);
  const sources = merge.sources();
  return { sources, destinations, ...(diskQuota && { diskQuota }), skipped };
}

function planDestinations(
  configurationId: string,
  content: ConfigurationContent,
  skipped: Skipped[],
): Map<string, PlannedDestination> {
  const planned = new Map<string, PlannedDestination>();
  for (const channel of content.channels) {
    const destination = planDestination(configurationId, channel);
    if (destination) planned.set(channel.id, destination);
    else {
      const reason = `channel '${channel.id}' speaks '${channel.protocol}', which is not supported yet`;
      skipped.push({ configurationId, dataSource: '', reason });
    }
  }
  return planned;
}

function planDestination(
  configurationId: string,
  channel: WireChannel,
): PlannedDestination | undefined {
  const protocol = channel.protocol.toLowerCase();
  const endpoint = protocol === 'gig' ? channel.endpointUriTemplate : channel.endpoint;
  if (!isSpoken(protocol) || endpoint === undefined) return undefined;
  return {
    id: `${configurationId}/${channel.id}`,
    protocol,
    endpoint,
    ...(channel.tokenEndpointUri !== undefined && { tokenEndpointUri: channel.tokenEndpointUri }),
  };
}

function isSpoken(protocol: string): protocol is Protocol {
  return protocol === 'ods' || protocol === 'gig' || protocol === 'me';
}

/** Flows of rows, and flows of metrics, which are made in another way. */
interface SourceFlows {
  readonly rows: readonly PlannedFlow[];
  readonly metrics: readonly PlannedFlow[];
}

function planFlows(
  configurationId: string,
  source: WireDataSource,
  planned: ReadonlyMap<string, PlannedDestination>,
  skipped: Skipped[],
): SourceFlows {
  const destinations = source.sendToChannels.flatMap((id) => planned.get(id) ?? []);
  if (destinations.length === 0) {
    const reason = 'none of its channels can be used';
    skipped.push({ configurationId, dataSource: source.id, reason });
  }
  const flowsTo = (wanted: readonly PlannedDestination[]): PlannedFlow[] => {
    if (wanted.length === 0) return [];
    return source.streams.map(({ stream, solution }) => ({
      id: `${configurationId}/${source.id}/${stream}`,
      stream,
      destinations: wanted.map(({ id }) => id),
      ...(solution !== undefined && { solution }),
    }));
  };
  return {
    rows: flowsTo(destinations.filter(({ protocol }) => protocol !== 'me')),
    metrics: flowsTo(destinations.filter(({ protocol }) => protocol === 'me')),
  };
}

/** The same of what goes to metrics. */
function addMetrics(
  merge: SourceMerge,
  configurationId: string,
  source: WireDataSource,
  flows: readonly PlannedFlow[],
): string | undefined {
  if (!COUNTER_KINDS.has(source.kind.toLowerCase())) {
    return `data sources of kind '${source.kind}' hold no metrics`;
  }
  const { groups, problem } = readCounterGroups(source.configuration);
  if (groups.length > 0)
    merge.counters('metrics', `${configurationId}/${source.id}`, groups, flows);
  return problem;
}

const COUNTER_KINDS: ReadonlySet<string> = new Set(['perfcounter', 'performancecounters']);

/** Adds the source's flows to what is read anyway; returns why it cannot. */
function addSource(
  merge: SourceMerge,
  configurationId: string,
  source: WireDataSource,
  flows: readonly PlannedFlow[],
): string | undefined {
  const configuration = source.configuration;
  switch (source.kind.toLowerCase()) {
    case 'wineventlog':
    case 'windowseventlogs': {
      const queries = stringsOf(configuration.xPathQueries);
      if (queries.length === 0) return "'xPathQueries' is empty";
      const refused = queries.filter((query) => !merge.windowsEvents(query, flows));
      if (refused.length === 0) return undefined;
      return `these queries name no channel: ${refused.map((q) => `'${q}'`).join(', ')}`;
    }
    case 'syslog':
      merge.syslog(
        flows,
        stringsOf(configuration.facilityNames),
        stringsOf(configuration.logLevels),
      );
      return undefined;
    case 'perfcounter':
    case 'performancecounters': {
      const { groups, problem } = readCounterGroups(configuration);
      const dataSource = `${configurationId}/${source.id}`;
      if (groups.length > 0) merge.counters('performanceCounters', dataSource, groups, flows);
      return problem;
    }
    case 'logfiles':
    case 'logfile':
    case 'iislogs':
    case 'windowsfirewalllogs': {
      const planned = planFiles(`${configurationId}/${source.id}`, source, flows);
      if (typeof planned === 'string') return planned;
      merge.files(planned);
      return undefined;
    }
    default:
      return `data sources of kind '${source.kind}' are not supported yet`;
  }
}

/** One flow per workspace, whatever the number of rules that send to it. */
function ownFlows(
  kind: keyof typeof OWN_STREAMS,
  destinations: readonly PlannedDestination[],
): PlannedFlow[] {
  const byEndpoint = new Map<string, PlannedFlow>();
  for (const { id, protocol, endpoint } of destinations) {
    if (protocol !== 'ods' || byEndpoint.has(endpoint)) continue;
    byEndpoint.set(endpoint, {
      id: `${id}/${kind}`,
      stream: OWN_STREAMS[kind],
      solution: 'LogManagement',
      destinations: [id],
    });
  }
  return [...byEndpoint.values()];
}
