/** What data flows may send where, by the documentation of the service. */
import { nearest } from '../did-you-mean.ts';
import type { DestinationPart, FlowPart, RuleParts } from '../read-parts.ts';
import { stringOf, type Text, textAt } from '../read-values.ts';
import type { RuleDocument } from '../rule-document.ts';
import { ownerOfStream } from '../source-kinds.ts';
import { isExpression } from '../template-expression.ts';
import { pointerTo } from '../text/json-tree.ts';
import { count, nameOf } from '../text/show.ts';

const METRICS_STREAM = 'microsoft-insightsmetrics';

/** Their streams go to Log Analytics, or to storage of one's own. */
const LOG_SOURCES: readonly string[] = ['windowsEventLogs', 'syslog'];

/**
 * Families of destinations that take these streams only. Source: "Structure of a data collection
 * rule" and "Send virtual machine data to Event Hubs and Storage".
 */
const STREAMS_OF_FAMILY: { readonly [family: string]: (stream: string) => boolean } = {
  azureMonitorMetrics: (stream) => stream === METRICS_STREAM,
  // Of events and messages it is documented that they are no metrics; what else is one is not.
  monitoringAccounts: (stream) => !LOG_SOURCES.includes(ownerOfStream(stream) ?? ''),
  eventHubs: (stream) => !stream.startsWith('microsoft-') || stream.includes(':'),
  storageAccounts: (stream) => !stream.startsWith('microsoft-') || stream.includes(':'),
};

export function checkOutputs(parts: RuleParts, document: RuleDocument): void {
  const byName = Map.groupBy(parts.destinations, (d) => d.name?.text.toLowerCase());
  for (const flow of parts.flows) {
    checkOutputDestinations(flow, document);
    checkTransformTwice(flow, document);
    // What a workspace's own rule sends is checked for its kind.
    if (parts.kind?.toLowerCase() === 'workspacetransforms') continue;
    for (const { text, pointer } of flow.destinations) {
      const [destination, ...others] = byName.get(text.toLowerCase()) ?? [];
      // Of two with one name nobody knows which is meant.
      if (destination !== undefined && others.length === 0)
        checkFamily(flow, destination, pointer, document);
    }
  }
  checkTransformNames(parts, document);
}

function checkOutputDestinations(flow: FlowPart, document: RuleDocument): void {
  if (flow.outputStream === undefined || flow.destinations.length < 2) return;
  const at = pointerTo(flow.pointer, 'destinations');
  const message = `a data flow with an outputStream has ${count(flow.destinations.length, 'destination')}`;
  const hint = 'the documentation allows one: give each destination a data flow of its own';
  document.report('DCR_OUTPUT_MANY_DESTINATIONS', at, message, hint);
}

function checkTransformTwice(flow: FlowPart, document: RuleDocument): void {
  const transform = textAt(flow.members, 'transform', flow.pointer);
  if (transform === undefined || flow.transformKql === undefined) return;
  const message = "a data flow has both 'transform' and 'transformKql'";
  document.reportName('DCR_TRANSFORM_TWICE', transform.pointer, message, 'keep one of them');
}

function checkFamily(
  flow: FlowPart,
  { family }: DestinationPart,
  pointer: string,
  document: RuleDocument,
): void {
  const takes = Object.hasOwn(STREAMS_OF_FAMILY, family) ? STREAMS_OF_FAMILY[family] : undefined;
  const sent = flow.outputStream === undefined ? flow.streams : [flow.outputStream];
  const wrong = sent.find(
    ({ text }) => !isExpression(text) && takes?.(text.toLowerCase()) === false,
  );
  if (wrong === undefined) return;
  const message = `a destination of '${family}' does not take the stream ${nameOf(wrong.text)}`;
  document.report('DCR_DESTINATION_STREAM', pointer, message, familyHint(family, wrong.text));
}

function familyHint(family: string, stream: string): string {
  if (family === 'monitoringAccounts') return 'it takes metrics';
  if (family !== 'azureMonitorMetrics') return 'it takes platform telemetry and custom streams';
  return stream.toLowerCase() === 'microsoft-perf'
    ? 'add "outputStream": "Microsoft-InsightsMetrics" to the flow'
    : 'it takes Microsoft-InsightsMetrics';
}

/** Names of `transformations`, referred to by data flows and data sources. */
function checkTransformNames(parts: RuleParts, document: RuleDocument): void {
  const { transformations } = parts.properties;
  if (transformations !== undefined && !Array.isArray(transformations)) return;
  const names = (transformations ?? []).flatMap((each) =>
    typeof each === 'object' && each !== null && 'name' in each ? (stringOf(each.name) ?? []) : [],
  );
  for (const { members, pointer } of [...parts.flows, ...parts.sources]) {
    const transform = textAt(members, 'transform', pointer);
    if (transform !== undefined) checkTransformName(transform, names, document);
  }
}

function checkTransformName(
  { text, pointer }: Text,
  names: readonly string[],
  document: RuleDocument,
): void {
  if (names.includes(text) || isExpression(text) || names.some(isExpression)) return;
  const meant = nearest(text, names);
  const message = `the transformation ${nameOf(text)} is not among the transformations of the rule`;
  const hint = meant === undefined ? 'define it there' : `did you mean '${meant}'?`;
  document.report('DCR_TRANSFORMATION_UNKNOWN', pointer, message, hint);
}
