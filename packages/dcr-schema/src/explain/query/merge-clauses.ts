/**
 * Puts together what is asked of one value: `EventID=1 or EventID=2` becomes one clause with two
 * values, `EventID>=1 and EventID<=5` one with a range. As comparisons ask for some value that
 * fulfils them, alternatives of any path may be put together, but what must hold at once only
 * where an event has one such value.
 */
import type { Constant } from '../../xpath/ast.ts';
import { printPath } from '../../xpath/print-expression.ts';
import { readLiteral } from '../../xpath/value/literal.ts';
import { type Bound, type Clause, joinClauses, type LeafClause } from './clause.ts';

export function mergeClauses(clause: Clause): Clause {
  if (clause.kind === 'everything' || clause.kind === 'leaf') return clause;
  const of = clause.of.map(mergeClauses);
  const merge = clause.kind === 'any' ? mergeAlternatives : mergeAtOnce;
  const merged = new Map<Clause, Clause | null>();
  for (const leaves of byPath(of)) {
    const results = merge(leaves);
    leaves.forEach((leaf, i) => {
      merged.set(leaf, results[i] ?? null);
    });
  }
  return joinClauses(
    clause.kind,
    of.flatMap((each) => {
      const result = merged.get(each);
      return result === undefined ? [each] : (result ?? []);
    }),
  );
}

/** Leaves that look at the same nodes. */
function byPath(clauses: readonly Clause[]): Iterable<LeafClause[]> {
  const groups = new Map<string, LeafClause[]>();
  for (const clause of clauses) {
    if (clause.kind !== 'leaf') continue;
    const key = printPath(clause.steps);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [clause]);
    else group.push(clause);
  }
  return groups.values();
}

/** As many or fewer clauses, the merged ones in place of the first. */
function mergeAlternatives(leaves: readonly LeafClause[]): readonly LeafClause[] {
  const sets = leaves.flatMap(({ test }) => (test.kind === 'is' ? test.of : []));
  const compared = leaves.filter(({ test }) => test.kind === 'is');
  const [first] = compared;
  if (first === undefined || compared.length === 1) return leaves;
  const others = leaves.filter(({ test }) => test.kind !== 'is');
  return [withTest(first, { kind: 'is', of: sets }, 'or', compared), ...others];
}

function mergeAtOnce(leaves: readonly LeafClause[]): readonly LeafClause[] {
  return leaves.every(({ isSingle }) => isSingle) ? mergeRange(mergeNone(leaves)) : leaves;
}

function mergeNone(leaves: readonly LeafClause[]): readonly LeafClause[] {
  const excluding = leaves.filter(({ test }) => test.kind === 'is none');
  const [first] = excluding;
  if (first === undefined || excluding.length === 1) return leaves;
  const of = excluding.flatMap(({ test }): readonly Constant[] =>
    test.kind === 'is none' ? test.of : [],
  );
  const others = leaves.filter(({ test }) => test.kind !== 'is none');
  return [withTest(first, { kind: 'is none', of }, 'and', excluding), ...others];
}

function mergeRange(leaves: readonly LeafClause[]): readonly LeafClause[] {
  const lower = leaves.filter((leaf) => /^>/.test(boundOf(leaf)?.operator ?? ''));
  const upper = leaves.filter((leaf) => /^</.test(boundOf(leaf)?.operator ?? ''));
  const [from, to] = [lower[0], upper[0]];
  if (from === undefined || to === undefined || lower.length + upper.length > 2) return leaves;
  const bounds = { lower: boundOf(from), upper: boundOf(to) };
  if (bounds.lower === null || bounds.upper === null) return leaves;
  const range = { kind: 'range', lower: bounds.lower, upper: bounds.upper } as const;
  const others = leaves.filter((leaf) => leaf !== from && leaf !== to);
  return [withTest(from, { kind: 'is', of: [range] }, 'and', [from, to]), ...others];
}

/** The one bound of a clause, if it has an order. */
function boundOf({ test }: LeafClause): Bound | null {
  const [only, ...more] = test.kind === 'is' ? test.of : [];
  if (only?.kind !== 'bound' || only.operator === '=' || more.length > 0) return null;
  const { number, time } = readLiteral(only.constant);
  return number === null && time === null ? null : only;
}

function withTest(
  first: LeafClause,
  test: LeafClause['test'],
  kind: 'and' | 'or',
  leaves: readonly LeafClause[],
): LeafClause {
  return { ...first, test, asked: { kind, operands: leaves.map(({ asked }) => asked) } };
}
