/** How large a query is, as Windows and Azure count it. */
import type { Expression } from '../ast.ts';
import { EXPRESSIONS_RECOMMENDED_MAX } from '../limits.ts';
import type { Finding } from '../query-diagnostic.ts';
import { allConditionsOf, pathOf } from './walk.ts';

/**
 * Each comparison, function and existence test counts, those in predicates too. A path whose
 * predicates hold the conditions is no test of its own.
 */
export function countExpressions(query: Expression): number {
  return allConditionsOf(query).filter((condition) => {
    const steps = condition.kind === 'path' ? (pathOf(condition)?.steps ?? []) : [];
    return !steps.some((step) => step.predicates.some((p) => p.kind !== 'ordinal'));
  }).length;
}

export function checkSize(expressionCount: number): Finding[] {
  if (expressionCount <= EXPRESSIONS_RECOMMENDED_MAX) return [];
  const message = `the query has ${expressionCount} expressions; 20 are documented to work`;
  const hint = 'split it into several queries; an event that two of them select is delivered once';
  return [{ code: 'XPATH_TOO_MANY_EXPRESSIONS', offset: 0, token: '', message, hint }];
}
