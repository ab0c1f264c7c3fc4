/** How much a rule may hold. */

import { LIMITS, type Limit } from '../limits.ts';
import { PROPERTIES_POINTER, type RuleParts, type SourcePart } from '../read-parts.ts';
import type { Json } from '../rule.ts';
import type { RuleDocument } from '../rule-document.ts';
import { pointerTo } from '../text/json-tree.ts';

export function checkLimits(parts: RuleParts, document: RuleDocument): void {
  const agentSources = parts.sources.filter((s) => !s.isDirect);
  const checkTotal = (limit: Limit, found: number, what: string, ...steps: string[]): void => {
    check(limit, found, what, pointerTo(PROPERTIES_POINTER, ...steps), document);
  };
  const itemsOf = (array: string, list: string): number =>
    agentSources.filter((s) => s.array === array).reduce((n, s) => n + lengthOf(s, list), 0);
  const streams = new Set(agentSources.flatMap((s) => s.streams.map((t) => t.text.toLowerCase())));
  const workspaces = parts.destinations.filter((d) => d.family === 'logAnalytics');
  const extensions = agentSources.filter((s) => s.array === 'extensions');

  // Too many extensions are too many data sources: what is said of them says it all.
  if (extensions.length <= LIMITS.extensions.most)
    checkTotal(LIMITS.dataSources, agentSources.length, 'data sources', 'dataSources');
  checkTotal(LIMITS.extensions, extensions.length, 'extensions', 'dataSources', 'extensions');
  checkTotal(
    LIMITS.counterSpecifiers,
    itemsOf('performanceCounters', 'counterSpecifiers'),
    'counters',
    ...['dataSources', 'performanceCounters'],
  );
  checkTotal(
    LIMITS.facilityNames,
    itemsOf('syslog', 'facilityNames'),
    'facility names',
    ...['dataSources', 'syslog'],
  );
  checkTotal(
    LIMITS.xPathQueries,
    itemsOf('windowsEventLogs', 'xPathQueries'),
    'event queries',
    ...['dataSources', 'windowsEventLogs'],
  );
  checkTotal(LIMITS.agentStreams, streams.size, 'streams of data sources', 'dataSources');
  checkTotal(LIMITS.workspaces, workspaces.length, 'workspaces', 'destinations', 'logAnalytics');
  checkTotal(LIMITS.dataFlows, parts.flows.length, 'data flows', 'dataFlows');
  checkParts(parts, document);
}

/** Limits of single parts. */
function checkParts(parts: RuleParts, document: RuleDocument): void {
  for (const { streams, transformKql, pointer } of parts.flows) {
    const at = pointerTo(pointer, 'streams');
    check(LIMITS.streamsPerFlow, streams.length, 'streams in a data flow', at, document);
    if (transformKql === undefined) continue;
    const { length } = transformKql.text;
    const what = 'characters of transformKql';
    check(LIMITS.transformCharacters, length, what, transformKql.pointer, document);
  }
  for (const { members, pointer } of parts.sources) {
    const { extensionSettings } = members;
    if (extensionSettings === undefined) continue;
    const length = utf8Length(JSON.stringify(extensionSettings satisfies Json));
    const at = pointerTo(pointer, 'extensionSettings');
    const what = 'bytes of extension settings';
    check(LIMITS.extensionSettingsBytes, length, what, at, document);
  }
}

function check(
  limit: Limit,
  found: number,
  what: string,
  pointer: string,
  document: RuleDocument,
): void {
  if (found <= limit.most) return;
  const code = limit.isRefused === true ? 'DCR_LIMIT_EXCEEDED' : 'DCR_LIMIT_ADVISED';
  const isRefused = limit.isRefused === true ? 'the service accepts' : 'the documented limit is';
  document.report(code, pointer, `${found} ${what}, ${isRefused} ${limit.most}`);
}

function lengthOf(source: SourcePart, list: string): number {
  const value = source.members[list];
  return Array.isArray(value) ? value.length : 0;
}

/** Bytes of a text in UTF-8. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
