/** Lists of `Name = expression`, as `extend`, `project` and `print` take them. */
import { nameOf } from '../rule/text/show.ts';
import { checkExpression } from './check-expression.ts';
import type { Checking, Columns, Part } from './checking.ts';
import type { Expression, Mention } from './expression.ts';
import { nothingBehindComma } from './expression-mistakes.ts';
import { stringValue } from './kql-literals.ts';
import type { Token } from './kql-tokens.ts';
import { isEmpty, isSymbol, type Range, split, type TokenTree } from './token-tree.ts';
import { syntaxMistake, type TransformFinding, type ValueType } from './transform-report.ts';

/** One value of a list, as a column. */
export interface NamedValue {
  /** Absent when the name is Kusto's own choice. */
  readonly name: string | undefined;
  readonly type: ValueType | undefined;
  readonly unit: number;
}

/** The items of a list, all of which must be there; `undefined` after a mistake of syntax. */
export function listItems(
  checking: Checking,
  { range, unit }: Part,
  operator: string,
): readonly Range[] | undefined {
  const { tree } = checking;
  if (isEmpty(range)) {
    checking.report(syntaxMistake(unit, `nothing stands behind ${nameOf(operator)}`));
    return undefined;
  }
  const items = split(tree, range, ',');
  const missing = items.findIndex(isEmpty);
  const item = items[missing];
  if (item === undefined) return items;
  // The comma behind a first item that is missing, else the one before it.
  const comma = tree.tokens[missing === 0 ? item.start : item.start - 1];
  if (comma !== undefined) checking.report(commaMistake(comma, missing === 0));
  return undefined;
}

function commaMistake(comma: Token, isFirst: boolean): TransformFinding {
  if (!isFirst) return nothingBehindComma(comma);
  return syntaxMistake(comma.unit, 'nothing stands before a comma', 'remove the comma');
}

/** Reads and checks a list over these columns; `undefined` after a mistake of syntax. */
export function namedValues(
  checking: Checking,
  part: Part,
  operator: string,
  columns: Columns,
): readonly NamedValue[] | undefined {
  const items = listItems(checking, part, operator);
  if (items === undefined) return undefined;
  const assigned = items.map((item) => assignedNames(checking.tree, item));
  const siblings = new Set(assigned.flatMap((names) => names?.list.map(({ name }) => name) ?? []));
  const values: NamedValue[] = [];
  for (const [i, item] of items.entries()) {
    const names = assigned[i];
    const start = names?.next ?? item.start;
    const expression = checkExpression(checking, { start, end: item.end }, columns, siblings);
    if (expression.mistake !== undefined) return undefined;
    for (const value of namesOf(checking.tree, item, names, expression)) values.push(value);
  }
  return values;
}

function namesOf(
  tree: TokenTree,
  item: Range,
  names: AssignedNames | undefined,
  { type, label }: Expression,
): readonly NamedValue[] {
  if (names === undefined) return [{ name: label, type, unit: tree.tokens[item.start]?.unit ?? 0 }];
  const isOne = names.list.length === 1;
  return names.list.map((name) => ({ ...name, type: isOne ? type : undefined }));
}

interface AssignedNames {
  readonly list: readonly Mention[];
  /** The index at which the expression begins. */
  readonly next: number;
}

/** The names before `=`: one, or several in parentheses. */
export function assignedNames(tree: TokenTree, item: Range): AssignedNames | undefined {
  const isList = isSymbol(tree, item.start, '(');
  const close = isList ? (tree.partners.get(item.start) ?? item.end) : undefined;
  if (close !== undefined && isSymbol(tree, close + 1, '=') && close + 1 < item.end) {
    const inner = split(tree, { start: item.start + 1, end: close }, ',');
    const list = inner.flatMap(({ start }) => nameAt(tree, start)?.name ?? []);
    return list.length === inner.length ? { list, next: close + 2 } : undefined;
  }
  const name = nameAt(tree, item.start);
  if (name === undefined || name.next >= item.end || !isSymbol(tree, name.next, '='))
    return undefined;
  return { list: [name.name], next: name.next + 1 };
}

/** A name, plain or `['quoted']`, and the index behind it. */
export function nameAt(
  tree: TokenTree,
  index: number,
): { readonly name: Mention; readonly next: number } | undefined {
  const token = tree.tokens[index];
  if (token?.kind === 'name')
    return { name: { name: token.text, unit: token.unit }, next: index + 1 };
  const quoted = tree.tokens[index + 1];
  if (!isSymbol(tree, index, '[') || quoted?.kind !== 'string') return undefined;
  if (tree.partners.get(index) !== index + 2) return undefined;
  const name = { name: stringValue(quoted.text), unit: token?.unit ?? 0 };
  return { name, next: index + 3 };
}
