/**
 * `EventID=1 or EventID=2 or …` is what most queries are made of. As comparisons are existential,
 * it asks for one node that fulfils any of them, so a back end can walk the path once.
 */
import type { Comparison, Expression, Path } from './ast.ts';

interface Alternatives {
  readonly path: Path;
  /** Comparisons whose left side is this path; at least one. */
  readonly comparisons: readonly Comparison[];
}

export interface GroupedOperands {
  readonly alternatives: readonly Alternatives[];
  /** What is no comparison of a path. */
  readonly others: readonly Expression[];
}

/** Groups the operands of an `or` by the path they compare. */
export function groupAlternatives(operands: readonly Expression[]): GroupedOperands {
  const groups = new Map<string, { path: Path; comparisons: Comparison[] }>();
  const others: Expression[] = [];
  for (const operand of operands) {
    if (operand.kind !== 'comparison' || operand.left.kind !== 'path') {
      others.push(operand);
      continue;
    }
    const path = operand.left;
    const key = keyOf(path);
    const group = groups.get(key) ?? { path, comparisons: [] };
    group.comparisons.push(operand);
    groups.set(key, group);
  }
  return { alternatives: [...groups.values()], others };
}

/** Equal for paths that select the same nodes because they are the same but for their place. */
function keyOf(path: Path): string {
  return JSON.stringify(path.steps, (name, value) => (name === 'offset' ? undefined : value));
}
