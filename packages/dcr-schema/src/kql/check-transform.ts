/** Checks the text of a transformation by its tokens, without running it. */
import type { Column } from '../rule/rule.ts';
import { isExpression } from '../rule/template-expression.ts';
import { checkOutput } from './check-output.ts';
import { checkStatements, type TableOutcome } from './check-statement.ts';
import { type Checking, type Columns, createFindings } from './checking.ts';
import { tokenize } from './kql-tokens.ts';
import { pairBrackets } from './token-tree.ts';
import type { TransformInput, TransformReport } from './transform-report.ts';

/**
 * UTF-16 units of a text that is looked into; the service documents 15,360 characters, and real
 * texts were seen to have 23,358. Own choice.
 */
const TEXT_UNITS_MAX = 262_144;

/** What Bicep and Terraform replace before they deploy; no query holds it outside its strings. */
const INTERPOLATION = /\$\{/;

/**
 * Says what is wrong with a `transformKql`, and what columns it gives. A mistake of syntax ends
 * the checks of its statement, one of strings or brackets those of the text. Blank text means
 * `source`. A text with template expressions or placeholders, or far beyond the limits of the
 * service, is not looked into.
 */
export function checkTransform(text: string, input: TransformInput): TransformReport {
  if (text.length > TEXT_UNITS_MAX || isExpression(text) || INTERPOLATION.test(text))
    return { findings: [], output: undefined };
  const findings = createFindings();
  const { list, report } = findings;
  const { tokens, mistakes, isWhole } = tokenize(text);
  for (const mistake of mistakes) report(mistake);
  if (!isWhole) return { findings: list, output: undefined };
  const brackets = pairBrackets(tokens);
  if ('mistake' in brackets) {
    report(brackets.mistake);
    return { findings: list, output: undefined };
  }
  const { tree } = brackets;
  const checking: Checking = {
    ...findings,
    tree,
    input: columnsOf(input.columns),
    lets: new Map(),
    effort: { columnCount: 0 },
  };
  const outcome: TableOutcome | undefined =
    text.trim() === ''
      ? { columns: checking.input, unit: 0 }
      : checkStatements(checking, { start: 0, end: tokens.length });
  if (outcome !== undefined) checkOutput(checking, outcome, input.table);
  list.sort((a, b) => a.unit - b.unit);
  return { findings: list, output: outputOf(outcome?.columns) };
}

function columnsOf(columns: readonly Column[] | undefined): Columns {
  return columns && new Map(columns.map(({ name, type }) => [name, { type }]));
}

function outputOf(columns: Columns): TransformReport['output'] {
  return columns && [...columns].map(([name, { type }]) => ({ name, type }));
}
