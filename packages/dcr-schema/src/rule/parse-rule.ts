/** Rule text → `Rule`, or everything that is wrong with it. */
import type { Diagnostic } from '../diagnostic.ts';
import { buildRule } from './build-rule.ts';
import { checkColumns } from './check/check-columns.ts';
import { checkDestinations } from './check/check-destinations.ts';
import { checkExpressions } from './check/check-expressions.ts';
import { checkFlows } from './check/check-flows.ts';
import { checkKind } from './check/check-kind.ts';
import { checkLimits } from './check/check-limits.ts';
import { checkNames } from './check/check-names.ts';
import { checkQueries } from './check/check-queries.ts';
import { checkSettings } from './check/check-settings.ts';
import { checkSources } from './check/check-sources.ts';
import { checkStreamNames } from './check/check-stream-names.ts';
import { checkStreams } from './check/check-streams.ts';
import { refuseDocument } from './document-shape.ts';
import { Findings } from './findings.ts';
import { readParts } from './read-parts.ts';
import type { Rule } from './rule.ts';
import { RuleDocument } from './rule-document.ts';
import { checkSchema } from './schema/check-schema.ts';
import { LineIndex } from './text/line-index.ts';
import { parseJsonText } from './text/parse-json-text.ts';

export interface ParseRuleOptions {
  /** The most diagnostics to return; one more tells how many were left out. Default 1000. */
  readonly diagnosticCountMax?: number;
}

export interface ParsedRule {
  /**
   * Present when no error is about more than one event query (`XPATH_…`): a refused query leaves
   * the others of its rule to run.
   */
  readonly rule: Rule | undefined;
  /** Everything found, in the order of the text. Pointers and positions are those of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads one rule: the resource (`{"location", "properties": {…}, …}`) or its properties alone, as
 * JSON with or without comments and byte order mark. Never throws, whatever the text holds.
 */
export function parseRule(text: string, options: ParseRuleOptions = {}): ParsedRule {
  const lines = new LineIndex(text);
  const findings = new Findings(lines);
  const rule = readRule(text, lines, findings);
  const diagnostics = findings.diagnostics(options.diagnosticCountMax ?? 1000);
  return { rule: findings.refuseRule ? undefined : rule, diagnostics };
}

function readRule(text: string, lines: LineIndex, findings: Findings): Rule | undefined {
  const root = parseJsonText(text, lines, findings);
  if (root === undefined) return undefined;
  const refusal = refuseDocument(root);
  if (refusal !== undefined || root.type !== 'object') {
    const { code, message, hint } = refusal ?? { code: 'DCR_NOT_A_RULE', message: 'not a rule' };
    findings.add(code, { pointer: '', offset: root.offset }, message, hint);
    return undefined;
  }
  const document = new RuleDocument(root, findings);
  checkSchema(document);
  const parts = readParts(document);
  for (const check of CHECKS) check(parts, document);
  checkExpressions(document);
  return findings.refuseRule ? undefined : buildRule(parts);
}

const CHECKS = [
  checkKind,
  checkNames,
  checkColumns,
  checkSources,
  checkSettings,
  checkQueries,
  checkStreamNames,
  checkStreams,
  checkFlows,
  checkDestinations,
  checkLimits,
];
