/** `parse column with 'text' Name:type 'text' …`, which makes a column of each name. */

import { didYouMean } from '../rule/did-you-mean.ts';
import { count, nameOf } from '../rule/text/show.ts';
import { checkExpression } from './check-expression.ts';
import type { Checking, FlowColumn, OwnColumns, Part, StageOutcome } from './checking.ts';
import { nameAt } from './named-values.ts';
import { indexOutside, isEmpty, isSymbol, type Range, type TokenTree } from './token-tree.ts';
import { syntaxMistake, type TransformFinding } from './transform-report.ts';
import { isTypeName, typeNamed, typeNames } from './type-names.ts';

/** Source: "Supported KQL features in Azure Monitor transformations", Parse command. */
const PARSED_COLUMNS_MAX = 10;

const FORM = "write parse column with 'text' Name 'text' …";

/** Checks the step; the columns it makes join the others, replacing those of their names. */
export function checkParse(
  checking: Checking,
  { range, unit }: Part,
  columns: OwnColumns,
): StageOutcome {
  const { tree } = checking;
  const start = afterKind(tree, range);
  const at = indexOutside(
    tree,
    { start, end: range.end },
    (t) => t.kind === 'name' && t.text === 'with',
  );
  if (at === -1 || at === start || at + 1 >= range.end) {
    const what = at === start ? 'no column' : "no 'with' and a pattern";
    checking.report(syntaxMistake(unit, `'parse' has ${what} behind it`, FORM));
    return 'broken';
  }
  const { mistake } = checkExpression(checking, { start, end: at }, columns);
  const pattern = mistake ?? readPattern(tree, { start: at + 1, end: range.end });
  if ('code' in pattern) {
    if (mistake === undefined) checking.report(pattern);
    return 'broken';
  }
  if (pattern.length > PARSED_COLUMNS_MAX) {
    const message = `one 'parse' creates ${count(pattern.length, 'column')}; ${PARSED_COLUMNS_MAX} is the limit`;
    const hint = 'parse the rest into a column, and that with a second parse';
    checking.report({ code: 'TRANSFORM_PARSE_COLUMNS', unit, message, hint });
  }
  for (const [name, column] of pattern) columns?.set(name, column);
  return { columns };
}

/** Behind `kind = regex flags = Ui`, where it stands. */
function afterKind(tree: TokenTree, { start }: Range): number {
  let at = start;
  for (const word of ['kind', 'flags']) {
    if (tree.tokens[at]?.text === word && isSymbol(tree, at + 1, '=')) at += 3;
  }
  return at;
}

/** The columns of a pattern: texts, `*`, and names with or without a type. */
function readPattern(tree: TokenTree, range: Range): TransformFinding | [string, FlowColumn][] {
  const columns: [string, FlowColumn][] = [];
  let at = range.start;
  while (!isEmpty({ start: at, end: range.end })) {
    const token = tree.tokens[at];
    if (token === undefined) break;
    if (token.kind === 'string' || token.text === '*') {
      at += 1;
      continue;
    }
    const name = nameAt(tree, at);
    if (name === undefined) {
      const message = `the pattern of 'parse' holds ${nameOf(token.text)}`;
      return syntaxMistake(token.unit, message, 'it holds texts, names and *');
    }
    const typed = typeBehind(tree, { start: name.next, end: range.end });
    if ('code' in typed) return typed;
    columns.push([name.name.name, { type: typed.type, unit: name.name.unit }]);
    at = typed.next;
  }
  return columns;
}

function typeBehind(
  tree: TokenTree,
  { start, end }: Range,
): TransformFinding | { readonly type: FlowColumn['type']; readonly next: number } {
  if (start >= end || !isSymbol(tree, start, ':')) return { type: 'string', next: start };
  const type = start + 1 < end ? tree.tokens[start + 1] : undefined;
  if (type !== undefined && isTypeName(type.text))
    return { type: typeNamed(type.text), next: start + 2 };
  const unit = (type ?? tree.tokens[start])?.unit ?? 0;
  if (type === undefined) return syntaxMistake(unit, 'a colon is followed by no type');
  return syntaxMistake(
    unit,
    `there is no type ${nameOf(type.text)}`,
    didYouMean(type.text, typeNames()),
  );
}
