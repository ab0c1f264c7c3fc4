/** The expressions of a query as closures over a node of the element tree. */
import { groupAlternatives } from '../alternatives.ts';
import type {
  BandCall,
  Comparison,
  Expression,
  FunctionCall,
  Junction,
  Path,
  Predicate,
  TimeDifferenceCall,
} from '../ast.ts';
import { hasBitOf, readMask } from '../value/bit-mask.ts';
import {
  compileComparison,
  type StringCase,
  storedText,
  type ValueTest,
} from '../value/comparison.ts';
import {
  compileBooleanComparison,
  compileNumberComparison,
  timeDifference,
} from '../value/function-result.ts';
import { readLiteral } from '../value/literal.ts';
import { readInstant } from '../value/time-text.ts';
import { type CompiledStep, compilePathTest, type NodeTest, type PathTest } from './path-test.ts';
import { createStepFilter, type NodeCondition } from './step-filter.ts';

/** Expects an expression that was checked; `stringCase` is how texts are compared. */
export function compileCondition(expression: Expression, stringCase: StringCase): NodeCondition {
  switch (expression.kind) {
    case 'or':
    case 'and':
      return compileJunction(expression, stringCase);
    case 'comparison':
      return compileComparisonCondition(expression, stringCase);
    case 'path':
      return ignoringPosition(compilePath(expression, null, stringCase));
    case 'position':
      return () => true;
    case 'band':
      return ignoringPosition(compileBand(expression, stringCase));
    case 'timediff':
      return ignoringPosition(compileTimeTest(expression, (ms) => ms !== 0, stringCase));
  }
}

function compileJunction({ kind, operands }: Junction, stringCase: StringCase): NodeCondition {
  const conditions =
    kind === 'or'
      ? compileAlternatives(operands, stringCase)
      : operands.map((operand) => compileCondition(operand, stringCase));
  // The operand that decides: a true one for `or`, a false one for `and`.
  const deciding = kind === 'or';
  const [first] = conditions;
  if (first !== undefined && conditions.length === 1) return first;
  return (node, position, nowMs) => {
    for (const condition of conditions) {
      if (condition(node, position, nowMs) === deciding) return deciding;
    }
    return !deciding;
  };
}

function compileAlternatives(
  operands: readonly Expression[],
  stringCase: StringCase,
): readonly NodeCondition[] {
  const { alternatives, others } = groupAlternatives(operands);
  const compared = alternatives.map(({ path, comparisons }) => {
    const tests = comparisons.map(({ operator, right }) =>
      compileComparison(operator, readLiteral(right), stringCase),
    );
    return ignoringPosition(compilePath(path, anyOf(tests), stringCase));
  });
  return [...compared, ...others.map((operand) => compileCondition(operand, stringCase))];
}

function anyOf(tests: readonly ValueTest[]): ValueTest {
  return (value) => {
    for (const test of tests) if (test(value)) return true;
    return false;
  };
}

function compileComparisonCondition(comparison: Comparison, stringCase: StringCase): NodeCondition {
  const { left, operator } = comparison;
  const literal = readLiteral(comparison.right);
  switch (left.kind) {
    case 'path': {
      const test = compileComparison(operator, literal, stringCase);
      return ignoringPosition(compilePath(left, test, stringCase));
    }
    case 'position': {
      const test = compileNumberComparison(operator, literal);
      return (_node, position) => test(position);
    }
    case 'band': {
      const test = compileBooleanComparison(operator, literal);
      const hasBit = compileBand(left, stringCase);
      return (node, _position, nowMs) => test(hasBit(node, nowMs));
    }
    case 'timediff': {
      const test = compileNumberComparison(operator, literal);
      return ignoringPosition(compileTimeTest(left, test, stringCase));
    }
  }
}

function compileBand({ path, mask }: BandCall, stringCase: StringCase): PathTest {
  const bits = readMask(mask.text);
  if (bits === null) throw unchecked();
  return compilePath(path, (value) => hasBitOf(storedText(value), bits), stringCase);
}

function compileTimeTest(
  { path, until }: TimeDifferenceCall,
  test: (milliseconds: number) => boolean,
  stringCase: StringCase,
): PathTest {
  const fixed = until === null ? null : readInstant(until.text);
  if (until !== null && fixed === null) throw unchecked();
  return compilePath(
    path,
    (value, nowMs) => {
      const to = fixed ?? { epochMs: Math.floor(nowMs), ticks: 0 };
      const difference = timeDifference(storedText(value), to);
      return difference !== null && test(difference);
    },
    stringCase,
  );
}

function compilePath(path: Path, test: NodeTest | null, stringCase: StringCase): PathTest {
  return compilePathTest(stepsOf(path, stringCase), test);
}

function stepsOf(path: Path, stringCase: StringCase): CompiledStep[] {
  return path.steps.map(({ to, name, predicates }) => {
    const conditions = predicates.map((predicate) => compilePredicate(predicate, stringCase));
    return { to, name, filter: createStepFilter(conditions, predicates.some(asksPosition)) };
  });
}

function compilePredicate(predicate: Predicate, stringCase: StringCase): NodeCondition {
  if (predicate.kind !== 'ordinal') return compileCondition(predicate, stringCase);
  return (_node, position) => position === predicate.position;
}

function asksPosition(predicate: Predicate | FunctionCall | Path): boolean {
  switch (predicate.kind) {
    case 'or':
    case 'and':
      return predicate.operands.some(asksPosition);
    case 'comparison':
      return asksPosition(predicate.left);
    default:
      return predicate.kind === 'ordinal' || predicate.kind === 'position';
  }
}

function ignoringPosition(test: PathTest): NodeCondition {
  return (node, _position, nowMs) => test(node, nowMs);
}

function unchecked(): TypeError {
  return new TypeError('the query did not come from parseEventQuery');
}
