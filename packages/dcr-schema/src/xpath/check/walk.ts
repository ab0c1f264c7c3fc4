/** Ways through an expression that do not enter predicates. */
import type { Condition, Expression, Path } from '../ast.ts';

/** The conditions an expression joins, parentheses and operators dissolved. */
export function conditionsOf(expression: Expression): Condition[] {
  if (expression.kind === 'or' || expression.kind === 'and') {
    return expression.operands.flatMap(conditionsOf);
  }
  return [expression];
}

/** The path a condition looks at; `null` for `position()`. */
export function pathOf(condition: Condition): Path | null {
  if (condition.kind === 'comparison') return pathOf(condition.left);
  if (condition.kind === 'path') return condition;
  return condition.kind === 'position' ? null : condition.path;
}

/** Every path at this level of the expression. */
export function pathsOf(expression: Expression): Path[] {
  return conditionsOf(expression)
    .map(pathOf)
    .filter((path) => path !== null);
}

/** Every condition of the expression, those in predicates of its paths included. */
export function allConditionsOf(expression: Expression): Condition[] {
  return conditionsOf(expression).flatMap((condition) => {
    const steps = pathOf(condition)?.steps ?? [];
    const inner = steps.flatMap((step) => step.predicates).filter((p) => p.kind !== 'ordinal');
    return [condition, ...inner.flatMap(allConditionsOf)];
  });
}
