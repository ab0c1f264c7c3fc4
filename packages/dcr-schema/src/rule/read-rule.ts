/** The tree of one document → `Rule`, with everything that is wrong told on the way. */
import { buildRule } from './build-rule.ts';
import { checkColumns } from './check/check-columns.ts';
import { checkDestinations } from './check/check-destinations.ts';
import { checkExpressions } from './check/check-expressions.ts';
import { checkFlows } from './check/check-flows.ts';
import { checkGroups } from './check/check-groups.ts';
import { checkKind } from './check/check-kind.ts';
import { checkLimits } from './check/check-limits.ts';
import { checkNames } from './check/check-names.ts';
import { checkOutputs } from './check/check-outputs.ts';
import { checkQueries } from './check/check-queries.ts';
import { checkSettings } from './check/check-settings.ts';
import { checkSources } from './check/check-sources.ts';
import { checkStreamNames } from './check/check-stream-names.ts';
import { checkStreams } from './check/check-streams.ts';
import { checkVersion } from './check/check-version.ts';
import type { Findings } from './findings.ts';
import { type RuleParts, readParts } from './read-parts.ts';
import { refuseDocument } from './refuse-document.ts';
import type { Rule } from './rule.ts';
import { RuleDocument } from './rule-document.ts';
import { checkSchema } from './schema/check-schema.ts';
import type { JsonNode } from './text/json-tree.ts';

export type RuleCheck = (parts: RuleParts, document: RuleDocument) => void;

export interface ReadRule {
  /** As far as it could be read; `undefined` when the document is no rule. */
  readonly document: RuleDocument | undefined;
  readonly rule: Rule | undefined;
}

/** What an agent has to know before it runs a rule. */
const CHECKS: readonly RuleCheck[] = [
  checkVersion,
  checkKind,
  checkNames,
  checkColumns,
  checkSources,
  checkSettings,
  checkQueries,
  checkStreamNames,
  checkStreams,
  checkFlows,
  checkGroups,
  checkOutputs,
  checkDestinations,
  checkLimits,
];

/** `more`: checks beside those that every reader of rules makes. */
export function readRule(
  root: JsonNode,
  findings: Findings,
  more: readonly RuleCheck[] = [],
): ReadRule {
  const refusal = refuseDocument(root);
  if (refusal !== undefined || root.type !== 'object') {
    const { code, message, hint } = refusal ?? { code: 'DCR_NOT_A_RULE', message: 'not a rule' };
    findings.add(code, { pointer: root.pointer ?? '', offset: root.offset }, message, hint);
    return { document: undefined, rule: undefined };
  }
  const document = new RuleDocument(root, findings);
  checkSchema(document);
  const parts = readParts(document);
  for (const check of [...CHECKS, ...more]) check(parts, document);
  checkExpressions(document);
  return { document, rule: findings.refuseRule ? undefined : buildRule(parts) };
}
