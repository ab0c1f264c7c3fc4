/** Rule text → `Rule`, or everything that is wrong with it. */
import type { Diagnostic } from '../diagnostic.ts';
import { Findings } from './findings.ts';
import { readRule } from './read-rule.ts';
import type { Rule } from './rule.ts';
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
  const root = parseJsonText(text, lines, findings);
  const rule = root === undefined ? undefined : readRule(root, findings).rule;
  const diagnostics = findings.diagnostics(options.diagnosticCountMax ?? 1000);
  return { rule, diagnostics };
}
