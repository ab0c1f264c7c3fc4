/** The statements of a query: `let name = …`, and what begins with a table. */
import { didYouMean } from '../rule/did-you-mean.ts';
import { nameOf } from '../rule/text/show.ts';
import { checkExpression, reportUses } from './check-expression.ts';
import { checkStage, operatorWord, reportOperator, withValues } from './check-stage.ts';
import {
  type Checking,
  type Columns,
  type FlowColumn,
  type LetValue,
  mayGoThrough,
  type OwnColumns,
} from './checking.ts';
import { isStageOperator, OTHER_STAGES } from './known-operators.ts';
import type { Token } from './kql-tokens.ts';
import { nameAt, namedValues } from './named-values.ts';
import { readExpression } from './read-expression.ts';
import { indexOutside, isEmpty, isSymbol, type Range, split } from './token-tree.ts';
import { syntaxMistake, type TransformFinding } from './transform-report.ts';
import { typeNamed } from './type-names.ts';

/** What a query makes: its columns, and the word that chose them last. */
export interface TableOutcome {
  readonly columns: Columns;
  readonly unit: number;
}

const NOTHING_IN_SCOPE: Columns = new Map();

/** Checks every statement; the outcome is that of the last table, if it can be followed. */
export function checkStatements(checking: Checking, whole: Range): TableOutcome | undefined {
  let outcome: TableOutcome | 'broken' | undefined;
  for (const range of split(checking.tree, whole, ';')) {
    if (isEmpty(range)) continue;
    if (!isLet(checking, range)) outcome = checkTable(checking, range) ?? 'broken';
    else if (checkLet(checking, range) === 'broken') outcome = 'broken';
  }
  if (outcome === undefined) {
    const unit = checking.tree.tokens[whole.end - 1]?.unit ?? 0;
    checking.report(syntaxMistake(unit, "no statement begins with 'source'", BEGIN));
  }
  return outcome === 'broken' ? undefined : outcome;
}

const BEGIN = 'begin the query with source |';

function isLet({ tree }: Checking, { start, end }: Range): boolean {
  return tree.tokens[start]?.text === 'let' && start + 1 < end && !isSymbol(tree, start + 1, '|');
}

/** `broken` when the query itself is part of the statement, for want of a semicolon. */
function checkLet(checking: Checking, { start, end }: Range): 'broken' | undefined {
  const { tree } = checking;
  const named = nameAt(tree, start + 1);
  const unit = tree.tokens[start]?.unit ?? 0;
  if (named === undefined || named.next >= end || !isSymbol(tree, named.next, '=')) {
    checking.report(syntaxMistake(unit, "'let' is not followed by a name and '='"));
    return undefined;
  }
  const { name } = named.name;
  const range = { start: named.next + 1, end };
  if (isEmpty(range)) {
    checking.report(syntaxMistake(named.name.unit, `${nameOf(name)} is given no value`));
  }
  const query = queryBehind(checking, range);
  if (query !== undefined) {
    const message = `the value of ${nameOf(name)} is followed by 'source'`;
    checking.report(syntaxMistake(query.unit, message, "end 'let' with a semicolon"));
    return 'broken';
  }
  checking.lets.set(
    name,
    isEmpty(range) ? { kind: 'value', type: undefined } : letValue(checking, range),
  );
  return undefined;
}

/** `source` and a pipe behind a value, with nothing between them. */
function queryBehind({ tree }: Checking, range: Range): Token | undefined {
  const isSource = (token: Token): boolean => token.kind === 'name' && token.text === 'source';
  const at = indexOutside(tree, range, isSource);
  const before = tree.tokens[at - 1];
  const isValue = before?.kind !== 'symbol' || ')]}'.includes(before.text);
  const isBehind = at > range.start && isValue && isSymbol(tree, at + 1, '|');
  return isBehind ? tree.tokens[at] : undefined;
}

function letValue(checking: Checking, range: Range): LetValue {
  const { tree } = checking;
  const body = functionBody(checking, range);
  if (body !== undefined) {
    checkBody(checking, body);
    return { kind: 'function' };
  }
  if (isTable(checking, range)) {
    return { kind: 'table', columns: checkTable(checking, range)?.columns };
  }
  const isOpaque = isSymbol(tree, range.start, '{');
  if (isOpaque) return { kind: 'value', type: undefined };
  return { kind: 'value', type: checkExpression(checking, range, NOTHING_IN_SCOPE).type };
}

/** What stands in the braces of `(x:string) { … }`. */
function functionBody({ tree }: Checking, { start, end }: Range): Range | undefined {
  const open = tree.tokens[start]?.text === 'view' ? start + 1 : start;
  const close = isSymbol(tree, open, '(') ? tree.partners.get(open) : undefined;
  if (close === undefined || !isSymbol(tree, close + 1, '{')) return undefined;
  const bodyEnd = tree.partners.get(close + 1) ?? end;
  return bodyEnd === end - 1 ? { start: close + 2, end: bodyEnd } : undefined;
}

/** A body of one expression; what stands in bodies with statements or tables is not looked into. */
function checkBody(checking: Checking, body: Range): void {
  const parts = split(checking.tree, body, ';').filter((part) => !isEmpty(part));
  const [only] = parts;
  if (only === undefined || parts.length > 1 || isTable(checking, only)) return;
  const expression = readExpression(checking.tree, only, () => undefined);
  if (expression.mistake === undefined) reportUses(checking, expression);
  else checking.report(expression.mistake);
}

function isTable({ tree, lets }: Checking, range: Range): boolean {
  const first = tree.tokens[range.start];
  const next = tree.tokens[range.start + 1];
  if (split(tree, range, '|').length > 1) return true;
  if (first?.kind === 'symbol') return tree.piped.has(range.start);
  if (first?.kind !== 'name') return false;
  if (first.text === 'print') return true;
  if (first.text === 'datatable' || first.text === 'materialize') return next?.text === '(';
  const isAlone = range.start + 1 === range.end;
  return isAlone && (first.text === 'source' || lets.get(first.text)?.kind === 'table');
}

/** A table and the steps behind it. */
function checkTable(checking: Checking, range: Range): TableOutcome | undefined {
  const { tree } = checking;
  const [head, ...stages] = split(tree, unwrapped(checking, range), '|');
  if (head === undefined) return undefined;
  const started = checkHead(checking, head, stages[0]);
  if (started === undefined) return undefined;
  if (stages.length === 0)
    return { columns: started.columns, unit: tree.tokens[head.start]?.unit ?? 0 };
  // A copy, since the steps change it, and a `let` or the input may be used again.
  const isFollowed = mayGoThrough(checking, started.columns);
  let columns: OwnColumns = isFollowed ? new Map(started.columns) : undefined;
  let unit = tree.tokens[head.start]?.unit ?? 0;
  for (const stage of stages) {
    if (isEmpty(stage)) {
      const pipe = tree.tokens[stage.start - 1];
      checking.report(syntaxMistake(pipe?.unit ?? unit, 'a pipe is followed by no operator'));
      return undefined;
    }
    const outcome = checkStage(checking, stage, columns);
    if (outcome === 'broken') return undefined;
    if (CHOOSES.test(operatorWord(tree, stage)?.name ?? ''))
      unit = tree.tokens[stage.start]?.unit ?? unit;
    columns = outcome.columns;
  }
  return { columns, unit };
}

/** Steps that leave columns behind. */
const CHOOSES = /^project/;

/** Without the parentheses around the whole of it. */
function unwrapped({ tree }: Checking, range: Range): Range {
  let { start, end } = range;
  while (isSymbol(tree, start, '(') && tree.partners.get(start) === end - 1) {
    start += 1;
    end -= 1;
  }
  return { start, end };
}

function checkHead(
  checking: Checking,
  head: Range,
  next: Range | undefined,
): { readonly columns: Columns } | undefined {
  const { tree, lets } = checking;
  const first = tree.tokens[head.start];
  if (first === undefined || isEmpty(head)) {
    const unit = tree.tokens[next === undefined ? head.start : next.start - 1]?.unit ?? 0;
    checking.report(syntaxMistake(unit, "the query does not begin with 'source'", BEGIN));
    return undefined;
  }
  if (first.text === 'print' && first.kind === 'name') {
    const part = { range: { start: head.start + 1, end: head.end }, unit: first.unit };
    const values = namedValues(checking, part, 'print', NOTHING_IN_SCOPE);
    return values && { columns: withValues(new Map(), values) };
  }
  if (first.text === 'datatable' && isSymbol(tree, head.start + 1, '(')) {
    return { columns: declaredColumns(checking, head) };
  }
  const known = lets.get(first.text);
  if (first.text !== 'source' && known?.kind !== 'table') {
    return checkOtherHead(checking, head, first, known);
  }
  const second = tree.tokens[head.start + 1];
  if (head.start + 1 < head.end && second !== undefined) {
    const message = `${nameOf(first.text)} is followed by ${nameOf(second.text)}`;
    checking.report(syntaxMistake(second.unit, message, 'steps are separated by |'));
    return undefined;
  }
  return { columns: known?.kind === 'table' ? known.columns : checking.input };
}

/** Calls and tables in parentheses are passed over; anything else is not a table there. */
function checkOtherHead(
  checking: Checking,
  head: Range,
  first: Token,
  known: LetValue | undefined,
): { readonly columns: Columns } | undefined {
  const { tree } = checking;
  const isCall = known?.kind === 'function' || ['materialize', 'view'].includes(first.text);
  if (tree.piped.has(head.start) || isCall) return { columns: undefined };
  const word = operatorWord(tree, head)?.name;
  if (word !== undefined && OTHER_STAGES.has(word)) {
    reportOperator(checking, word, first.unit);
    return { columns: undefined };
  }
  checking.report(noSource(first, word));
  return undefined;
}

function noSource(first: Token, word: string | undefined): TransformFinding {
  const isOperator = word !== undefined && isStageOperator(word);
  const hint =
    isOperator || first.kind !== 'name' ? BEGIN : (didYouMean(first.text, ['source']) ?? BEGIN);
  const what = first.kind === 'string' ? 'a string' : nameOf(word ?? first.text);
  return syntaxMistake(first.unit, `the query begins with ${what}, not with 'source'`, hint);
}

/** The columns of `datatable (Name:type, …) […]`. */
function declaredColumns({ tree }: Checking, head: Range): Columns {
  const open = head.start + 1;
  const close = tree.partners.get(open) ?? open;
  const columns = new Map<string, FlowColumn>();
  for (const item of split(tree, { start: open + 1, end: close }, ',')) {
    const named = nameAt(tree, item.start);
    const type = tree.tokens[item.end - 1];
    if (named === undefined || type === undefined || !isSymbol(tree, named.next, ':')) continue;
    columns.set(named.name.name, { type: typeNamed(type.text), unit: named.name.unit });
  }
  return columns;
}
