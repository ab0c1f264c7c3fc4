/** The functions, comparisons and names an expression uses. */
import { didYouMean } from '../rule/did-you-mean.ts';
import { nameOf } from '../rule/text/show.ts';
import { checkCall } from './check-call.ts';
import type { Checking, Columns } from './checking.ts';
import type { Expression, Mention, TypeOf } from './expression.ts';
import { insteadOf } from './known-operators.ts';
import { readExpression } from './read-expression.ts';
import { isSystemColumn } from './system-columns.ts';
import type { Range } from './token-tree.ts';

const UNKNOWN = 'TRANSFORM_COLUMN_UNKNOWN' as const;

/** Names of the same list, which its other items cannot use yet. */
type Siblings = ReadonlySet<string>;

/**
 * Reads an expression over these columns and reports what is wrong with it. Of one that cannot be
 * read to its end only that is told.
 */
export function checkExpression(
  checking: Checking,
  range: Range,
  columns: Columns,
  siblings?: Siblings,
): Expression {
  const typeOf: TypeOf = (name) => typeIn(checking, columns, name);
  const expression = readExpression(checking.tree, range, typeOf);
  if (expression.mistake !== undefined) {
    checking.report(expression.mistake);
    return expression;
  }
  reportUses(checking, expression);
  for (const name of expression.names) checkName(checking, name, columns, siblings);
  return expression;
}

/** What can be said without knowing what names stand for. */
export function reportUses(checking: Checking, expression: Expression): void {
  for (const call of expression.calls) checkCall(checking, call);
  for (const { name, unit } of expression.unlisted) {
    const message = `the operator ${nameOf(name)} is not documented for transformations`;
    const hint = insteadOf(name) ?? 'try the rule before relying on it';
    checking.report({ code: 'TRANSFORM_STRING_OPERATOR_UNLISTED', unit, message, hint }, name);
  }
  for (const unit of expression.dynamicUnits) {
    const message = 'a dynamic literal is not documented for transformations';
    const hint = "write parse_json('…')";
    checking.report({ code: 'TRANSFORM_DYNAMIC_LITERAL', unit, message, hint });
  }
}

function typeIn(checking: Checking, columns: Columns, name: string): ReturnType<TypeOf> {
  const column = columns?.get(name);
  if (column !== undefined) return column.type;
  const value = checking.lets.get(name);
  // With columns unknown, one of them may hide the `let`.
  return columns !== undefined && value?.kind === 'value' ? value.type : undefined;
}

/** A name that must be that of a column here. */
export function checkName(
  checking: Checking,
  { name, unit }: Mention,
  columns: Columns,
  siblings?: Siblings,
): void {
  if (columns === undefined || columns.has(name) || checking.lets.has(name)) return;
  if (isSystemColumn(name) || !checking.wants(UNKNOWN, name)) return;
  const message = `there is no ${columns.size === 0 ? 'value' : 'column'} ${nameOf(name)}`;
  const hint = columnHint(checking, name, columns, siblings);
  const finding = { code: UNKNOWN, unit, message } as const;
  checking.report(hint === undefined ? finding : { ...finding, hint }, name);
}

function columnHint(
  checking: Checking,
  name: string,
  columns: ReadonlyMap<string, unknown>,
  siblings: Siblings | undefined,
): string | undefined {
  if (siblings?.has(name) === true) {
    return 'a column can be used in the next step, not in the one that makes it';
  }
  const unquoted = unquotedName(name, columns);
  if (unquoted !== undefined) {
    // Its other words are the same mistake.
    for (const word of unquoted.split(/[^\p{L}\p{N}_]+/u)) {
      if (word !== name) checking.pass(UNKNOWN, word);
    }
    return `quote odd names: ['${unquoted}']`;
  }
  const known = [...columns.keys(), ...checking.lets.keys()];
  const outside = columns.size === 0 ? 'columns are known behind source | only' : undefined;
  return didYouMean(name, known) ?? outside;
}

/** The column of which an unknown name is the first word: `client-ip` is read as a subtraction. */
function unquotedName(name: string, columns: ReadonlyMap<string, unknown>): string | undefined {
  return [...columns.keys()].find((column) => {
    return column.startsWith(name) && /^[^\p{L}\p{N}_]/u.test(column.slice(name.length));
  });
}
