/** Data flows by themselves. */
import type { FlowPart, RuleParts } from '../read-parts.ts';
import type { RuleDocument } from '../rule-document.ts';
import { isCustom } from '../stream-index.ts';
import { isExpression } from '../template-expression.ts';
import { pointerTo } from '../text/json-tree.ts';
import { count, nameOf } from '../text/show.ts';
import { isTransformation } from '../transformation.ts';

/** Groups such as `Microsoft-ContainerInsights-Group-Default` stand for several streams. */
const STREAM_GROUP = /^Microsoft-.+-Group-/i;

export function checkFlows(parts: RuleParts, document: RuleDocument): void {
  for (const flow of parts.flows) {
    const transform = flow.transformKql?.text.trim() ?? '';
    if (isExpression(transform)) continue;
    if (isTransformation(transform)) checkTransform(flow, document);
    else checkUntransformed(flow, document);
  }
  const list = parts.properties.dataFlows;
  if (Array.isArray(list) && list.length === 0) {
    const message = 'the rule has no data flows: nothing is sent';
    document.report('DCR_COLLECTS_NOTHING', '/properties/dataFlows', message);
  }
}

function checkTransform(flow: FlowPart, document: RuleDocument): void {
  const at = flow.transformKql?.pointer ?? flow.pointer;
  if (flow.streams.length > 1) {
    const message = `one transformKql for ${count(flow.streams.length, 'stream')}`;
    const hint = 'give each stream a data flow of its own';
    document.report('DCR_TRANSFORM_MANY_STREAMS', at, message, hint);
  }
  const group = flow.streams.find((s) => STREAM_GROUP.test(s.text));
  if (group !== undefined) {
    const message = `the stream group ${nameOf(group.text)} cannot be transformed`;
    const hint = 'list the single streams in place of the group';
    document.report('DCR_TRANSFORM_STREAM_GROUP', at, message, hint);
  }
}

function checkUntransformed(flow: FlowPart, document: RuleDocument): void {
  const customCount = flow.streams.filter((s) => isCustom(s.text)).length;
  if (customCount < 2 || flow.outputStream !== undefined) return;
  const message = `${count(customCount, 'custom stream')} in one data flow without an outputStream`;
  const hint = 'give each stream a data flow of its own';
  document.report('DCR_OUTPUT_STREAM_MISSING', pointerTo(flow.pointer, 'streams'), message, hint);
}
