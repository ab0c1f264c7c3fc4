/**
 * Stream groups, which stand for several streams: a rule lists the group or its members. Source:
 * an answer of the service, "Data flows cannot reference stream id 'X' individually since its being
 * configured through stream group …"; the members from the onboarding templates of Container
 * Insights.
 */
import type { RuleParts } from '../read-parts.ts';
import type { RuleDocument } from '../rule-document.ts';
import { nameOf } from '../text/show.ts';

const GROUPS: { readonly [group: string]: readonly string[] } = {
  'microsoft-containerinsights-group-default': [
    'Microsoft-ContainerLog',
    'Microsoft-ContainerLogV2',
    'Microsoft-KubeEvents',
    'Microsoft-KubePodInventory',
    'Microsoft-KubeNodeInventory',
    'Microsoft-KubePVInventory',
    'Microsoft-KubeServices',
    'Microsoft-KubeMonAgentEvents',
    'Microsoft-InsightsMetrics',
    'Microsoft-ContainerInventory',
    'Microsoft-ContainerNodeInventory',
    'Microsoft-Perf',
  ],
};

export function checkGroups({ flows }: RuleParts, document: RuleDocument): void {
  const streams = flows.flatMap((f) => f.streams);
  const groups = new Map<string, string>();
  for (const { text } of streams) {
    const key = text.toLowerCase();
    if (!Object.hasOwn(GROUPS, key)) continue;
    for (const member of GROUPS[key] ?? []) groups.set(member.toLowerCase(), text);
  }
  for (const { text, pointer } of streams) {
    const group = groups.get(text.toLowerCase());
    if (group === undefined) continue;
    const message = `the stream ${nameOf(text)} is in the group ${nameOf(group)}, which a data flow takes`;
    document.report('DCR_STREAM_IN_GROUP', pointer, message, 'list the group or its streams');
  }
}
