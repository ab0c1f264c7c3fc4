/** Rule → what it makes an agent do, in words. */
import { DISK_QUOTA_RANGE, diskQuotaMegabytes, isDiskQuota } from '../rule/agent-settings.ts';
import { stringOf, stringsOf } from '../rule/read-values.ts';
import type { AgentSetting, Rule } from '../rule/rule.ts';
import { isExpression } from '../rule/template-expression.ts';
import { listed } from '../rule/text/show.ts';
import { FlowIndex } from './explain-flows.ts';
import { explainSource, type SourceSurroundings } from './explain-source.ts';
import type {
  DataSourceExplanation,
  Explanation,
  SettingExplanation,
  UnfilledStream,
} from './explanation.ts';
import { isFedFromOutside, kindInWords } from './kind-in-words.ts';
import { oneLine } from './listed.ts';

/** Total: whatever a rule holds, also one whose values a template leaves open. */
export function explainRule(rule: Rule): Explanation {
  const flows = new FlowIndex(rule);
  const openFlows = streamsOf(rule).filter(({ stream }) => isExpression(stream));
  const surroundings: SourceSurroundings = {
    rule,
    flows,
    mayBeTaken: openFlows.length > 0,
    readBy: readersOf(rule),
  };
  const dataSources = rule.dataSources.map((source) => explainSource(source, surroundings));
  const unfilled = unfilledStreams(rule);
  const isReceived = isFedFromOutside(rule.kind) || rule.dataSources.length === 0;
  const received = isReceived ? [...new Set(unfilled.map(({ stream }) => stream))] : [];
  return {
    ...(rule.name !== undefined && { name: rule.name }),
    ...(rule.description !== undefined && { description: rule.description }),
    ...(rule.kind !== undefined && { kind: rule.kind }),
    isFor: kindInWords(rule.kind, rule.dataSources.length > 0),
    dataSources,
    received: received.map((stream) => flows.explain(stream, false)),
    neverCollected: isReceived ? [] : unfilled,
    settings: rule.agentSettings.map(explainSetting),
    notes: [...openNotes(rule, openFlows), ...ownRowsNote(dataSources)],
  };
}

/** The streams of all flows, each once for a flow. */
function streamsOf(rule: Rule): UnfilledStream[] {
  return rule.dataFlows.flatMap(({ streams, destinations }, flow) =>
    [...new Set(streams)].map((stream) => ({ flow, stream, destinations })),
  );
}

/** Streams of flows that no data source produces. */
function unfilledStreams(rule: Rule): UnfilledStream[] {
  const produced = new Set<string>();
  for (const { streams } of rule.dataSources) {
    if (streams.some(isExpression)) return [];
    for (const stream of streams) produced.add(stream.toLowerCase());
  }
  return streamsOf(rule).filter(
    ({ stream }) => !produced.has(stream.toLowerCase()) && !isExpression(stream),
  );
}

function readersOf(rule: Rule): ReadonlyMap<string, string> {
  const readers = new Map<string, string>();
  for (const source of rule.dataSources) {
    if (source.kind !== 'other') continue;
    const name = stringOf(source.members.extensionName) ?? source.name;
    for (const input of stringsOf(source.members.inputDataSources)) {
      readers.set(input.toLowerCase(), oneLine(name));
    }
  }
  return readers;
}

function explainSetting({ name, value }: AgentSetting): SettingExplanation {
  if (!isDiskQuota(name)) return { name, value, means: 'not used by this agent' };
  const megabytes = diskQuotaMegabytes(value);
  const means =
    megabytes !== undefined
      ? `at most ${megabytes} MB of disk for data not yet delivered`
      : isExpression(value)
        ? 'megabytes of disk for data not yet delivered'
        : `not used: the value is not ${DISK_QUOTA_RANGE}`;
  return { name, value, means };
}

/** Why nothing may be said of streams that seem to go nowhere, or to come from nowhere. */
function openNotes(rule: Rule, openFlows: readonly UnfilledStream[]): string[] {
  const notes = openFlows.map(
    ({ flow, stream }) =>
      `data flow ${flow} takes streams that are not known yet: ${oneLine(stream)}`,
  );
  for (const { name, streams } of rule.dataSources) {
    for (const stream of streams.filter(isExpression)) {
      notes.push(
        `data source '${oneLine(name)}' has streams that are not known yet: ${oneLine(stream)}`,
      );
    }
  }
  return notes;
}

/** Whoever is sent anything over ODS gets the agent's own rows too. */
function ownRowsNote(dataSources: readonly DataSourceExplanation[]): string[] {
  const names = new Set(
    dataSources
      .flatMap(({ streams }) => streams.flatMap(({ flows }) => flows))
      .flatMap(({ destinations }) => destinations)
      .flatMap(({ name, via }) => (via === 'ODS' ? [oneLine(name)] : [])),
  );
  if (names.size === 0) return [];
  return [
    `the agent's own rows, in the tables Heartbeat and Operation, go to ${listed([...names], 'and')} too`,
  ];
}
