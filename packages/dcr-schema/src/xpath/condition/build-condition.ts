/** The tree of a query → its condition. Expects an expression that was checked. */
import { groupAlternatives } from '../alternatives.ts';
import type {
  BandCall,
  Comparison,
  Expression,
  Path,
  Predicate,
  TimeDifferenceCall,
} from '../ast.ts';
import { hasBitOf, readMask } from '../value/bit-mask.ts';
import { compileComparison, type StringCase, storedText } from '../value/comparison.ts';
import {
  compileBooleanComparison,
  compileNumberComparison,
  timeDifference,
} from '../value/function-result.ts';
import { readLiteral } from '../value/literal.ts';
import { readInstant } from '../value/time-text.ts';
import type {
  PathCondition,
  QueryCondition,
  QueryStep,
  ValueComparison,
  ValueCondition,
} from './query-condition.ts';

/** `stringCase` is how texts are compared. */
export function buildCondition(expression: Expression, stringCase: StringCase): QueryCondition {
  return new Builder(stringCase).condition(expression);
}

class Builder {
  readonly #stringCase: StringCase;

  constructor(stringCase: StringCase) {
    this.#stringCase = stringCase;
  }

  condition(expression: Expression): QueryCondition {
    switch (expression.kind) {
      case 'or':
        return group('any', this.#alternatives(expression.operands));
      case 'and':
        return group(
          'all',
          expression.operands.map((operand) => this.condition(operand)),
        );
      case 'comparison':
        return this.#comparison(expression);
      case 'path':
        return this.#path(expression, null);
      case 'position':
        return { kind: 'constant', holds: true };
      case 'band':
        return this.#band(expression);
      case 'timediff':
        return this.#timeDifference(expression, (ms) => ms !== 0);
    }
  }

  #alternatives(operands: readonly Expression[]): QueryCondition[] {
    const { alternatives, others } = groupAlternatives(operands);
    const compared = alternatives.map(({ path, comparisons }) =>
      this.#path(path, this.#anyOf(comparisons)),
    );
    return [...compared, ...others.map((operand) => this.condition(operand))];
  }

  #anyOf(comparisons: readonly Comparison[]): ValueCondition {
    const stringCase = this.#stringCase;
    const of = comparisons.map(
      ({ operator, right }): ValueComparison => ({
        operator,
        literal: readLiteral(right),
        stringCase,
      }),
    );
    const tests = of.map(({ operator, literal }) =>
      compileComparison(operator, literal, stringCase),
    );
    const [first] = tests;
    return {
      test:
        first !== undefined && tests.length === 1
          ? first
          : (value) => tests.some((test) => test(value)),
      meaning: { kind: 'any comparison', of },
    };
  }

  #comparison(comparison: Comparison): QueryCondition {
    const { left, operator, right } = comparison;
    const literal = readLiteral(right);
    switch (left.kind) {
      case 'path':
        return this.#path(left, this.#anyOf([comparison]));
      case 'position':
        return { kind: 'position', test: compileNumberComparison(operator, literal) };
      case 'timediff':
        return this.#timeDifference(left, compileNumberComparison(operator, literal));
      case 'band': {
        const test = compileBooleanComparison(operator, literal);
        if (test(true) === test(false)) return { kind: 'constant', holds: test(true) };
        const hasBit = this.#band(left);
        return test(true) ? hasBit : { kind: 'not', of: hasBit };
      }
    }
  }

  #band({ path, mask: constant }: BandCall): PathCondition {
    const mask = readMask(constant.text);
    if (mask === null) throw unchecked();
    return this.#path(path, {
      test: (value) => hasBitOf(storedText(value), mask),
      meaning: { kind: 'shares a bit', mask },
    });
  }

  #timeDifference(
    { path, until }: TimeDifferenceCall,
    test: (milliseconds: number) => boolean,
  ): PathCondition {
    const fixed = until === null ? null : readInstant(until.text);
    if (until !== null && fixed === null) throw unchecked();
    return this.#path(path, {
      test: (value, nowMs) => {
        const to = fixed ?? { epochMs: Math.floor(nowMs), ticks: 0 };
        const difference = timeDifference(storedText(value), to);
        return difference !== null && test(difference);
      },
      meaning: null,
    });
  }

  #path(path: Path, value: ValueCondition | null): PathCondition {
    return { kind: 'path', steps: path.steps.map((step) => this.#step(step)), value };
  }

  #step({ to, name, predicates }: Path['steps'][number]): QueryStep {
    const conditions = predicates.map((predicate) => this.#predicate(predicate));
    return { to, name, predicates: conditions, isPositional: conditions.some(asksPosition) };
  }

  #predicate(predicate: Predicate): QueryCondition {
    if (predicate.kind !== 'ordinal') return this.condition(predicate);
    return { kind: 'position', test: (position) => position === predicate.position };
  }
}

function group(kind: 'all' | 'any', of: readonly QueryCondition[]): QueryCondition {
  const [first] = of;
  return first !== undefined && of.length === 1 ? first : { kind, of };
}

/** At this level: positions inside the predicates of its paths count other nodes. */
function asksPosition(condition: QueryCondition): boolean {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.some(asksPosition);
    case 'not':
      return asksPosition(condition.of);
    default:
      return condition.kind === 'position';
  }
}

function unchecked(): TypeError {
  return new TypeError('the query did not come from parseEventQuery');
}
