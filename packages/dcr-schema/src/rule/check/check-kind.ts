/** The kind of a rule against what the rule holds. */
import { didYouMean } from '../did-you-mean.ts';
import { publishedSpelling, RULE_KINDS } from '../known-values.ts';
import { PROPERTIES_POINTER, type RuleParts } from '../read-parts.ts';
import type { RuleDocument } from '../rule-document.ts';
import { sourceKind } from '../source-kinds.ts';
import { isExpression } from '../template-expression.ts';
import { pointerTo } from '../text/json-tree.ts';
import { count, nameOf } from '../text/show.ts';

/** Parts of a rule that a kind makes no use of. */
const UNUSED_PARTS: { readonly [kind: string]: readonly string[] } = {
  AgentSettings: ['streamDeclarations', 'dataSources', 'destinations', 'dataFlows'],
  Direct: ['dataSources'],
  WorkspaceTransforms: ['dataSources'],
};

/** Destinations that only agents of one kind write to. */
const DIRECT_TO_STORE: readonly string[] = [
  'eventHubsDirect',
  'storageBlobsDirect',
  'storageTablesDirect',
];

const COLLECTING: readonly string[] = ['Linux', 'Windows', 'PlatformTelemetry'];

export function checkKind(parts: RuleParts, document: RuleDocument): void {
  const kind = publishedSpelling(parts.kind ?? '', RULE_KINDS);
  if (kind !== '' && !RULE_KINDS.includes(kind) && !isExpression(kind)) {
    const message = `the kind ${nameOf(kind)} is not a published one`;
    const hint = didYouMean(kind, RULE_KINDS) ?? 'leave it out for agents of every kind';
    document.report('DCR_VALUE_UNKNOWN', '/kind', message, hint);
  }
  checkUnusedParts(kind, parts, document);
  if (kind === 'PlatformTelemetry') checkPlatformTelemetry(parts, document);
  if (kind === 'AgentDirectToStore') {
    const message = "rules of kind 'AgentDirectToStore' are not accepted since 31 July 2026";
    document.report('DCR_KIND_RETIRED', '/kind', message, 'send to a Log Analytics workspace');
  }
  if (kind === 'Linux' || kind === 'Windows') checkOperatingSystem(kind, parts, document);
  if (kind === 'WorkspaceTransforms') {
    checkTransformsDestination(parts, document);
    checkTransformsFlows(parts, document);
  }
  if (kind !== 'AgentDirectToStore') checkDirectToStore(parts, document);
  if (COLLECTING.includes(kind)) checkCollects(kind, parts, document);
}

/** Without data sources nothing can come: other kinds, and rules of none, may be sent to. */
function checkCollects(kind: string, parts: RuleParts, document: RuleDocument): void {
  const at = pointerTo(PROPERTIES_POINTER, 'dataSources');
  const isKnown = parts.sourcesKnown && !document.isUnknown(at);
  // Without any member it is told that these are missing.
  if (Object.keys(parts.properties).length === 0) return;
  if (!isKnown || parts.sources.length > 0 || document.isReported(at)) return;
  const message = `a rule of kind '${kind}' without data sources collects nothing`;
  document.report('DCR_COLLECTS_NOTHING', at, message);
}

function checkUnusedParts(kind: string, parts: RuleParts, document: RuleDocument): void {
  for (const name of UNUSED_PARTS[kind] ?? []) {
    const value = parts.properties[name];
    if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) continue;
    // Event hubs are read by the service, so every kind may import from them.
    if (name === 'dataSources' && parts.sources.every((s) => s.array === 'dataImports')) continue;
    const message = `a rule of kind '${kind}' makes no use of '${name}'`;
    document.reportName('DCR_KIND_CONTENT', pointerTo(PROPERTIES_POINTER, name), message);
  }
}

function checkOperatingSystem(
  kind: 'Linux' | 'Windows',
  parts: RuleParts,
  document: RuleDocument,
): void {
  for (const array of new Set(parts.sources.map((s) => s.array))) {
    const { os } = sourceKind(array);
    if (os === undefined || os === kind) continue;
    const at = pointerTo(PROPERTIES_POINTER, 'dataSources', array);
    const message = `'${array}' exists on ${os} only, the rule is of kind '${kind}'`;
    const hint = `set kind to '${os}', or leave it out`;
    document.reportName('DCR_KIND_MISMATCH', at, message, hint);
  }
}

function checkTransformsDestination(parts: RuleParts, document: RuleDocument): void {
  const families = parts.destinations.map((d) => d.family);
  if (!parts.destinationsKnown || (families.length === 1 && families[0] === 'logAnalytics')) return;
  const others = [...new Set(families.filter((f) => f !== 'logAnalytics'))].join(', ');
  const has = families.length === 0 ? 'none' : count(families.length, 'destination');
  const message =
    "a rule of kind 'WorkspaceTransforms' has exactly one Log Analytics destination, " +
    `this one has ${has}${others === '' ? '' : ` (${others})`}`;
  const at = pointerTo(PROPERTIES_POINTER, 'destinations');
  document.report('DCR_KIND_DESTINATIONS', at, message);
}

const TELEMETRY_FAMILIES: readonly string[] = ['logAnalytics', 'storageAccounts', 'eventHubs'];

function checkPlatformTelemetry(parts: RuleParts, document: RuleDocument): void {
  for (const array of new Set(parts.sources.map((s) => s.array))) {
    if (array === 'platformTelemetry') continue;
    const at = pointerTo(PROPERTIES_POINTER, 'dataSources', array);
    const message = `a rule of kind 'PlatformTelemetry' makes no use of '${array}'`;
    document.reportName('DCR_KIND_CONTENT', at, message);
  }
  const families = [...new Set(parts.destinations.map((d) => d.family))];
  const isOne = families.length === 1 && TELEMETRY_FAMILIES.includes(families[0] ?? '');
  if (!parts.destinationsKnown || isOne) return;
  const message = `a rule of kind 'PlatformTelemetry' sends to ${families.map(nameOf).join(', ') || 'nothing'}`;
  const hint = `it may send to one of ${TELEMETRY_FAMILIES.join(', ')}`;
  const at = pointerTo(PROPERTIES_POINTER, 'destinations');
  document.report('DCR_KIND_CONTENT', at, message, hint);
}

/** A workspace has tables already: what comes is a table, and stays in it. */
function checkTransformsFlows(parts: RuleParts, document: RuleDocument): void {
  for (const { streams, outputStream } of parts.flows) {
    for (const { text, pointer } of streams) {
      if (/^Microsoft-Table-./i.test(text) || isExpression(text)) continue;
      const message = `${nameOf(text)} is not the stream of a table`;
      const hint = "a rule of kind 'WorkspaceTransforms' takes Microsoft-Table-…";
      document.report('DCR_KIND_CONTENT', pointer, message, hint);
    }
    if (outputStream === undefined) continue;
    const message = "a rule of kind 'WorkspaceTransforms' has no outputStream";
    document.reportName('DCR_KIND_CONTENT', outputStream.pointer, message);
  }
}

function checkDirectToStore(parts: RuleParts, document: RuleDocument): void {
  for (const family of new Set(parts.destinations.map((d) => d.family))) {
    if (!DIRECT_TO_STORE.includes(family)) continue;
    const at = pointerTo(PROPERTIES_POINTER, 'destinations', family);
    const message = `'${family}' serves rules of kind 'AgentDirectToStore' only`;
    document.reportName('DCR_KIND_CONTENT', at, message);
  }
}
