/** One step of a query behind a pipe, and what it makes of the columns. */
import { didYouMean } from '../rule/did-you-mean.ts';
import { nameOf } from '../rule/text/show.ts';
import { checkExpression } from './check-expression.ts';
import { checkParse } from './check-parse.ts';
import { checkProjectAway, checkProjectRename } from './check-project-columns.ts';
import type { Checking, FlowColumn, OwnColumns, Part, StageOutcome } from './checking.ts';
import { unconnected } from './expression-mistakes.ts';
import {
  isStageOperator,
  OTHER_STAGES,
  STAGE_OPERATORS,
  type StageOperator,
} from './known-operators.ts';
import { endOf } from './kql-tokens.ts';
import { assignedNames, type NamedValue, namedValues } from './named-values.ts';
import { isEmpty, type Range, type TokenTree } from './token-tree.ts';
import { syntaxMistake } from './transform-report.ts';

type StageCheck = (checking: Checking, part: Part, columns: OwnColumns) => StageOutcome;

const CHECKS: Readonly<Record<StageOperator, StageCheck>> = {
  where: checkWhere,
  extend: checkExtend,
  project: checkProject,
  'project-away': checkProjectAway,
  'project-rename': checkProjectRename,
  parse: checkParse,
};

/** Checks a step, which is not empty. */
export function checkStage(checking: Checking, range: Range, columns: OwnColumns): StageOutcome {
  const { tree } = checking;
  const unit = tree.tokens[range.start]?.unit ?? 0;
  const word = operatorWord(tree, range);
  if (word === undefined) {
    const message = 'a pipe is followed by no operator';
    checking.report(syntaxMistake(unit, message, `operators are ${STAGE_OPERATORS.join(', ')}`));
    return 'broken';
  }
  const { name, next } = word;
  if (isStageOperator(name)) {
    return CHECKS[name](checking, { range: { start: next, end: range.end }, unit }, columns);
  }
  if (name === 'print' || name === 'datatable') {
    const message = `${nameOf(name)} stands behind a pipe; it can only begin a query`;
    checking.report(syntaxMistake(unit, message));
    return 'broken';
  }
  reportOperator(checking, name, unit);
  return { columns: undefined };
}

/** Tells of an operator that transformations do not have, or nobody has. */
export function reportOperator(checking: Checking, name: string, unit: number): void {
  const code = 'TRANSFORM_OPERATOR_UNSUPPORTED';
  const instead = OTHER_STAGES.get(name);
  if (instead !== undefined) {
    const message = `transformations do not have the operator ${nameOf(name)}`;
    checking.report({ code, unit, message, hint: instead });
    return;
  }
  const hint =
    didYouMean(name, STAGE_OPERATORS) ??
    didYouMean(name, OTHER_STAGES.keys()) ??
    `operators are ${STAGE_OPERATORS.join(', ')}`;
  checking.report({ code, unit, message: `there is no operator ${nameOf(name)}`, hint });
}

/** The word a step begins with; `project-away` is one word. */
export function operatorWord(
  { tokens }: TokenTree,
  { start, end }: Range,
): { readonly name: string; readonly next: number } | undefined {
  const first = tokens[start];
  if (first?.kind !== 'name' || start >= end) return undefined;
  let name = first.text;
  let last = first;
  let next = start + 1;
  while (next + 1 < end) {
    const [dash, word] = [tokens[next], tokens[next + 1]];
    const isOne = dash?.text === '-' && dash.unit === endOf(last) && word?.unit === endOf(dash);
    if (!isOne || word?.kind !== 'name') break;
    name += `-${word.text}`;
    last = word;
    next += 2;
  }
  return { name, next };
}

function checkWhere(checking: Checking, { range, unit }: Part, columns: OwnColumns): StageOutcome {
  const { tree } = checking;
  if (isEmpty(range)) {
    checking.report(syntaxMistake(unit, "nothing stands behind 'where'", 'write a condition'));
    return 'broken';
  }
  // Kusto lets a condition have a name, but who writes `a = b` there means to compare.
  const assignment = tree.tokens[(assignedNames(tree, range)?.next ?? 0) - 1];
  if (assignment !== undefined) {
    checking.report(unconnected(undefined, assignment));
    return 'broken';
  }
  if (checkExpression(checking, range, columns).mistake !== undefined) return 'broken';
  return { columns };
}

function checkExtend(checking: Checking, part: Part, columns: OwnColumns): StageOutcome {
  const values = namedValues(checking, part, 'extend', columns);
  if (values === undefined) return 'broken';
  return { columns: columns && withValues(columns, values) };
}

function checkProject(checking: Checking, part: Part, columns: OwnColumns): StageOutcome {
  const values = namedValues(checking, part, 'project', columns);
  return values === undefined ? 'broken' : { columns: withValues(new Map(), values) };
}

/** Adds what a list makes, or replaces it; a value whose name is not known ends the columns. */
export function withValues(
  columns: Map<string, FlowColumn>,
  values: readonly NamedValue[],
): OwnColumns {
  for (const { name, type, unit } of values) {
    if (name === undefined) return undefined;
    columns.set(name, { type, unit });
  }
  return columns;
}
