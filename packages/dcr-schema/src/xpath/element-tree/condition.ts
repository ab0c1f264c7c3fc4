/** The condition of a query as closures over a node of the element tree. */
import type { QueryCondition, QueryStep } from '../condition/query-condition.ts';
import { type CompiledStep, compilePathTest } from './path-test.ts';
import { createStepFilter, type NodeCondition } from './step-filter.ts';

export function compileCondition(condition: QueryCondition): NodeCondition {
  switch (condition.kind) {
    case 'constant':
      return () => condition.holds;
    case 'position':
      return (_node, position) => condition.test(position);
    case 'not': {
      const holds = compileCondition(condition.of);
      return (node, position, nowMs) => !holds(node, position, nowMs);
    }
    case 'path': {
      const test = compilePathTest(condition.steps.map(compileStep), condition.value?.test ?? null);
      return (node, _position, nowMs) => test(node, nowMs);
    }
    case 'all':
    case 'any':
      return compileGroup(condition.kind, condition.of.map(compileCondition));
  }
}

function compileGroup(kind: 'all' | 'any', conditions: readonly NodeCondition[]): NodeCondition {
  // The member that decides: a true one for `any`, a false one for `all`.
  const deciding = kind === 'any';
  return (node, position, nowMs) => {
    for (const condition of conditions) {
      if (condition(node, position, nowMs) === deciding) return deciding;
    }
    return !deciding;
  };
}

function compileStep({ to, name, predicates, isPositional }: QueryStep): CompiledStep {
  const filter = createStepFilter(predicates.map(compileCondition), isPositional);
  return { to, name, filter };
}
