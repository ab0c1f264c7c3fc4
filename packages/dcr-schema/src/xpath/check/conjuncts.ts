/**
 * What must all hold for an expression to hold, as far as it is about values an event has once:
 * predicates, steps and parentheses are dissolved, and what is not understood is left out. So the
 * conjuncts hold for every event the expression holds for, and for others.
 */
import type { Comparison, Expression, Path } from '../ast.ts';
import { compileComparison, type ValueTest } from '../value/comparison.ts';
import { readLiteral, type TypedLiteral } from '../value/literal.ts';
import { enter, type Place, rangeOf } from './single-values.ts';

export type Conjunct = Restriction | Alternatives;

/** A comparison of a value that an event has once. */
export interface Restriction {
  readonly kind: 'restriction';
  readonly place: string;
  readonly comparison: Comparison;
  readonly literal: TypedLiteral;
  readonly test: ValueTest;
  /** Where the element or attribute stands that is compared. */
  readonly offset: number;
}

/** What `or` joins: of one branch, all conjuncts must hold. */
interface Alternatives {
  readonly kind: 'alternatives';
  readonly branches: readonly (readonly Conjunct[])[];
}

/** In the order of the text. */
export function conjunctsOf(expression: Expression, place: Place): Conjunct[] {
  if (place === null) return [];
  switch (expression.kind) {
    case 'and':
      return expression.operands.flatMap((operand) => conjunctsOf(operand, place));
    case 'or': {
      const branches = expression.operands.map((operand) => conjunctsOf(operand, place));
      return branches.every((branch) => branch.length === 0)
        ? []
        : [{ kind: 'alternatives', branches }];
    }
    case 'path':
      return walk(expression, place).conjuncts;
    case 'comparison': {
      if (expression.left.kind !== 'path') return [];
      const { conjuncts, end } = walk(expression.left, place);
      const restriction = restrictionOf(expression, expression.left, end);
      return restriction === null ? conjuncts : [...conjuncts, restriction];
    }
    default:
      return [];
  }
}

/** Every comparison among the conjuncts, those of alternatives too, in the order of the text. */
export function restrictionsOf(conjuncts: readonly Conjunct[]): Restriction[] {
  return conjuncts.flatMap((conjunct) =>
    conjunct.kind === 'restriction' ? [conjunct] : conjunct.branches.flatMap(restrictionsOf),
  );
}

/** What the predicates on the way demand, and where the path ends. */
function walk(path: Path, start: Place): { conjuncts: Conjunct[]; end: Place } {
  let place = start;
  const conjuncts: Conjunct[] = [];
  for (const step of path.steps) {
    place = enter(place, step);
    for (const predicate of step.predicates) {
      if (predicate.kind !== 'ordinal') conjuncts.push(...conjunctsOf(predicate, place));
    }
  }
  return { conjuncts, end: place };
}

function restrictionOf(comparison: Comparison, path: Path, place: Place): Restriction | null {
  const range = place === null ? null : rangeOf(place);
  const literal = readLiteral(comparison.right);
  if (place === null || range === null || !range.understands(literal)) return null;
  // What orders nothing, and numbers without end, `constants.ts` tells of.
  const isOrder = comparison.operator !== '=' && comparison.operator !== '!=';
  const isComparable = literal.number !== null || literal.time !== null;
  if (!isComparable && (isOrder || literal.isBare)) return null;
  const test = compileComparison(comparison.operator, literal, 'ignore');
  const offset = path.steps.at(-1)?.offset ?? path.offset;
  return { kind: 'restriction', place, comparison, literal, test, offset };
}
