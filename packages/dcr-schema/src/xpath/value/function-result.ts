/** What the functions of the dialect compute, and comparison of their results with constants. */
import type { ComparisonOperator } from '../ast.ts';
import { holds, orderOf } from './comparison.ts';
import type { TypedLiteral } from './literal.ts';
import { type Instant, millisecondsBetween, readInstant } from './time-text.ts';

/**
 * `timediff`: whole milliseconds from the time a text spells to `until`; `null` if it spells none.
 */
export function timeDifference(text: string, until: Instant): number | null {
  const from = readInstant(text);
  return from === null ? null : millisecondsBetween(from, until);
}

/** The results of `position()` and `timediff()` are numbers. */
export function compileNumberComparison(
  operator: ComparisonOperator,
  { number }: TypedLiteral,
): (result: number) => boolean {
  if (number === null) return () => operator === '!=';
  return (result) => holds(operator, orderOf(result, number));
}

/** The result of `band()` is a boolean; before and after, it counts as 1 or 0. */
export function compileBooleanComparison(
  operator: ComparisonOperator,
  literal: TypedLiteral,
): (result: boolean) => boolean {
  if (operator === '=') return (result) => result === literal.boolean;
  if (operator === '!=') return (result) => result !== literal.boolean;
  const compare = compileNumberComparison(operator, literal);
  return (result) => compare(result ? 1 : 0);
}
