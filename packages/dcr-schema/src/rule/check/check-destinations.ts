/** What data flows and destinations say of each other. */
import { nearest } from '../did-you-mean.ts';
import { byLowerCase } from '../letter-case.ts';
import type { RuleParts } from '../read-parts.ts';
import { stringOf, type Text } from '../read-values.ts';
import type { RuleDocument } from '../rule-document.ts';
import { isExpression } from '../template-expression.ts';
import { pointerTo } from '../text/json-tree.ts';
import { nameOf } from '../text/show.ts';

const WORKSPACE_TYPE = 'Microsoft.OperationalInsights/workspaces';
const RESOURCE_ID =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/([^/]+\/[^/]+)\/[^/]+$/i;

export function checkDestinations(parts: RuleParts, document: RuleDocument): void {
  const named = parts.destinations.flatMap((d) => d.name ?? []);
  const names = byLowerCase(named.map((n) => n.text));
  const used = new Set<string>();
  for (const flow of parts.flows) {
    for (const destination of flow.destinations) {
      const meant = checkReference(destination, names, parts, document);
      if (meant !== undefined) used.add(meant.toLowerCase());
    }
  }
  if (parts.flowsKnown) reportUnused(named, used, document);
  checkWorkspaces(parts, document);
}

/** Returns the name of the destination that is meant, as far as it can be told. */
function checkReference(
  { text, pointer }: Text,
  names: ReadonlyMap<string, string>,
  parts: RuleParts,
  document: RuleDocument,
): string | undefined {
  const found = names.get(text.toLowerCase());
  if (found !== undefined && found !== text) {
    const message = `the destination ${nameOf(found)} is referred to as ${nameOf(text)}`;
    document.report('DCR_NAME_CASE', pointer, message);
  }
  if (found !== undefined) return found;
  if (!parts.destinationsKnown || isExpression(text)) return undefined;
  const meant = nearest(text, names.values());
  const hint = meant === undefined ? `the rule has ${firstOf(names)}` : `did you mean '${meant}'?`;
  const message = `the destination ${nameOf(text)} is not among the destinations of the rule`;
  document.report('DCR_DESTINATION_UNKNOWN', pointer, message, hint);
  return meant;
}

function firstOf(names: ReadonlyMap<string, string>): string {
  const first: string[] = [];
  for (const name of names.values()) {
    if (first.length === 5) return `${first.join(', ')} …`;
    first.push(nameOf(name));
  }
  return first.join(', ') || 'none';
}

function reportUnused(
  named: readonly Text[],
  used: ReadonlySet<string>,
  document: RuleDocument,
): void {
  for (const { text, pointer } of named) {
    if (used.has(text.toLowerCase()) || isExpression(text)) continue;
    const message = `no data flow sends to the destination ${nameOf(text)}`;
    document.report('DCR_DESTINATION_UNUSED', pointer, message);
  }
}

function checkWorkspaces(parts: RuleParts, document: RuleDocument): void {
  for (const { family, pointer, members } of parts.destinations) {
    const id = stringOf(members.workspaceResourceId);
    if (family !== 'logAnalytics' || id === undefined || id === '' || isExpression(id)) continue;
    if (RESOURCE_ID.exec(id)?.[1]?.toLowerCase() === WORKSPACE_TYPE.toLowerCase()) continue;
    document.report(
      'DCR_WORKSPACE_ID_FORM',
      pointerTo(pointer, 'workspaceResourceId'),
      `${nameOf(id)} is not the resource id of a Log Analytics workspace`,
      `write /subscriptions/…/resourceGroups/…/providers/${WORKSPACE_TYPE}/…`,
    );
  }
}
