/** Whom a rule is for, by its kind. */
import { publishedSpelling, RULE_KINDS } from '../rule/known-values.ts';
import { isExpression } from '../rule/template-expression.ts';
import { oneLine } from './listed.ts';

const SENTENCES: ReadonlyMap<string, string> = new Map([
  ['Linux', 'for the Linux machines it is associated with'],
  ['Windows', 'for the Windows machines it is associated with'],
  [
    'Direct',
    'for programs that send to its Logs Ingestion endpoint; agents collect nothing for it',
  ],
  [
    'WorkspaceTransforms',
    'for a workspace, which transforms what arrives for these tables; agents do nothing for it',
  ],
  ['AgentSettings', 'for agents themselves: settings, nothing is collected'],
  [
    'PlatformTelemetry',
    'for Azure resources, whose telemetry the service exports; agents do nothing for it',
  ],
  [
    'AgentDirectToStore',
    'for agents that write to storage or event hubs themselves, which this agent does not',
  ],
]);

/**
 * `kind` as the rule has it. Without a kind a rule is for every agent, or, if it has no data
 * sources either, for programs as one of kind `Direct` is, which is the older form of these.
 */
export function kindInWords(kind: string | undefined, hasDataSources: boolean): string {
  if (kind === undefined && !hasDataSources) {
    return 'for programs that send to a Logs Ingestion endpoint; agents collect nothing for it';
  }
  if (kind === undefined) return 'for the machines it is associated with, Linux and Windows';
  const known = SENTENCES.get(publishedSpelling(kind, RULE_KINDS));
  if (known !== undefined) return known;
  const why = isExpression(kind) ? 'is not known yet' : 'is not a published one';
  return `for the machines it is associated with; its kind ${oneLine(kind)} ${why}`;
}

/** Are the streams of its flows sent by others than its data sources? */
export function isFedFromOutside(kind: string | undefined): boolean {
  const spelled = publishedSpelling(kind ?? '', RULE_KINDS);
  return spelled === 'Direct' || spelled === 'WorkspaceTransforms';
}
