/** A document without errors as a `Rule`: lists flattened, names in one spelling, gaps filled. */
import {
  FACILITY_NAMES,
  FIREWALL_PROFILES,
  LOG_FILE_FORMATS,
  LOG_LEVELS,
  publishedSpelling,
  RULE_KINDS,
} from './known-values.ts';
import { byLowerCase } from './letter-case.ts';
import type {
  DeclarationPart,
  DestinationPart,
  FlowPart,
  RuleParts,
  SourcePart,
} from './read-parts.ts';
import { objectOf, stringOf, stringsOf } from './read-values.ts';
import type {
  AgentSetting,
  DataFlow,
  DataSource,
  Json,
  Rule,
  RuleDestination,
  StreamDeclaration,
} from './rule.ts';
import { indexStreams, type StreamIndex } from './stream-index.ts';
import type { JsonObject } from './text/json-tree.ts';
import { typedColumns } from './typed-columns.ts';

export function buildRule(parts: RuleParts): Rule {
  const { envelope, properties } = parts;
  const index = indexStreams(parts);
  const names = byLowerCase(parts.destinations.flatMap((d) => d.name?.text ?? []));
  const agentSources = parts.sources.filter((s) => !s.isDirect);
  return {
    ...textMembers(envelope, ['id', 'name', 'location']),
    ...(parts.kind !== undefined && { kind: publishedSpelling(parts.kind, RULE_KINDS) }),
    ...textMembers(properties, ['immutableId', 'description', 'dataCollectionEndpointId']),
    streamDeclarations: parts.declarations.map(buildDeclaration),
    dataSources: agentSources.map((source) => buildSource(source, index)),
    destinations: parts.destinations.flatMap(buildDestination),
    dataFlows: parts.flows.map((flow) => buildFlow(flow, names, index)),
    agentSettings: buildSettings(properties),
  };
}

/** The members of this name that are texts. */
function textMembers<Name extends string>(
  holder: JsonObject,
  names: readonly Name[],
): { [N in Name]?: string } {
  const texts: { [N in Name]?: string } = {};
  for (const name of names) {
    const value = stringOf(holder[name]);
    if (value !== undefined) texts[name] = value;
  }
  return texts;
}

function buildDeclaration(declaration: DeclarationPart): StreamDeclaration {
  return { stream: declaration.stream, columns: typedColumns(declaration) };
}

function buildSource(source: SourcePart, index: StreamIndex): DataSource {
  const { members, array } = source;
  const head = {
    name: source.name?.text ?? '',
    streams: source.streams.map((s) => index.spelling(s.text)),
    ...textMembers(members, ['transformKql']),
  };
  switch (array) {
    case 'windowsEventLogs':
      return { ...head, kind: array, xPathQueries: stringsOf(members.xPathQueries) };
    case 'syslog':
      return {
        ...head,
        kind: array,
        facilityNames: spelled(members.facilityNames, FACILITY_NAMES),
        logLevels: spelled(members.logLevels, LOG_LEVELS),
      };
    case 'logFiles':
      return {
        ...head,
        kind: array,
        filePatterns: stringsOf(members.filePatterns),
        format: publishedSpelling(stringOf(members.format) ?? '', LOG_FILE_FORMATS),
        ...textMembers(objectOf(objectOf(members.settings).text), ['recordStartTimestampFormat']),
      };
    case 'performanceCounters':
      return {
        ...head,
        kind: array,
        samplingFrequencyInSeconds: samplingSeconds(members.samplingFrequencyInSeconds),
        counterSpecifiers: stringsOf(members.counterSpecifiers),
      };
    case 'iisLogs':
      return { ...head, kind: array, logDirectories: stringsOf(members.logDirectories) };
    case 'windowsFirewallLogs':
      return {
        ...head,
        kind: array,
        profileFilter: spelled(members.profileFilter, FIREWALL_PROFILES),
      };
    default:
      return { ...head, kind: 'other', array, members: without(members, OWN_SOURCE_MEMBERS) };
  }
}

/** What a data source that says nothing gets; the service publishes no default. */
const SAMPLING_SECONDS = 60;

function samplingSeconds(value: Json | undefined): number {
  return typeof value === 'number' ? value : SAMPLING_SECONDS;
}

const OWN_SOURCE_MEMBERS: readonly string[] = ['name', 'streams', 'stream', 'transformKql'];

function spelled(list: Json | undefined, published: readonly string[]): readonly string[] {
  return stringsOf(list).map((value) => publishedSpelling(value, published));
}

function buildDestination({ family, name, members }: DestinationPart): RuleDestination[] {
  if (name === undefined) return [];
  if (family === 'azureMonitorMetrics') return [{ family, name: name.text }];
  if (family !== 'logAnalytics') {
    return [
      { family: 'other', name: name.text, member: family, members: without(members, ['name']) },
    ];
  }
  const workspaceResourceId = stringOf(members.workspaceResourceId) ?? '';
  return [{ family, name: name.text, workspaceResourceId }];
}

function buildFlow(
  flow: FlowPart,
  names: ReadonlyMap<string, string>,
  index: StreamIndex,
): DataFlow {
  const { captureOverflow } = flow.members;
  return {
    streams: flow.streams.map((s) => index.spelling(s.text)),
    destinations: flow.destinations.map(({ text }) => names.get(text.toLowerCase()) ?? text),
    ...textMembers(flow.members, ['transformKql', 'outputStream', 'builtInTransform', 'transform']),
    ...(typeof captureOverflow === 'boolean' && { captureOverflow }),
  };
}

function buildSettings(properties: JsonObject): AgentSetting[] {
  const { logs } = objectOf(properties.agentSettings);
  const items: readonly Json[] = Array.isArray(logs) ? logs : [];
  return items.map((item) => {
    const { name, value } = objectOf(item);
    return { name: stringOf(name) ?? '', value: stringOf(value) ?? '' };
  });
}

function without(members: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
