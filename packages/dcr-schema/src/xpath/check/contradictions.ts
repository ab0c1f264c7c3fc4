/**
 * Conditions that no event can fulfil together, such as `EventID=1 and EventID=2`. Such a query
 * is legal and never delivers. Nothing is said of what may hold after all: findings are made only
 * of values that an event has once.
 */
import type { ComparisonOperator, Expression } from '../ast.ts';
import { CONTRADICTION_COMPARISONS_MAX } from '../limits.ts';
import type { Finding } from '../query-diagnostic.ts';
import { type Conjunct, conjunctsOf, type Restriction, restrictionsOf } from './conjuncts.ts';
import { anyValues, narrow, type PossibleValues } from './possible-values.ts';
import { nameOf, ROOT, rangeOf } from './single-values.ts';

/** Expects the tree of a query without errors. */
export function checkContradictions(query: Expression): Finding[] {
  const conjuncts = conjunctsOf(query, ROOT);
  const restrictions = restrictionsOf(conjuncts);
  if (restrictions.length > CONTRADICTION_COMPARISONS_MAX) return [];
  return contradictionsOf(conjuncts, anyValues(restrictions));
}

/** One finding for each contradiction, where the first conjunct stands that cannot hold. */
function contradictionsOf(conjuncts: readonly Conjunct[], values: PossibleValues): Finding[] {
  const findings: Finding[] = [];
  const fulfilled: Conjunct[] = [];
  const told = new Set<string>();
  let left = values;
  for (const conjunct of conjuncts) {
    if (conjunct.kind === 'alternatives') {
      findings.push(...conjunct.branches.flatMap((branch) => contradictionsOf(branch, values)));
      // Told of each branch.
      if (narrow(values, [conjunct]) === null) continue;
    }
    const places = placesOf(conjunct);
    if (places.some((place) => told.has(place))) continue;
    const after = narrow(left, [conjunct]);
    if (after === null) {
      findings.push(contradiction(conjunct, fulfilled, values));
      for (const place of places) told.add(place);
    } else {
      fulfilled.push(conjunct);
      left = after;
    }
  }
  return findings;
}

function contradiction(
  conjunct: Conjunct,
  earlier: readonly Conjunct[],
  values: PossibleValues,
): Finding {
  const [first] = restrictionsOf([conjunct]) as [Restriction];
  const at = { code: 'XPATH_NEVER_TRUE', offset: first.offset, token: tokenOf(first) } as const;
  const name = nameOf(first.place);
  if (narrow(values, [conjunct]) === null) {
    const message = `no event fulfils ${describe(conjunct)}`;
    return { ...at, message, hint: `${name} holds ${rangeOf(first.place)?.holds}` };
  }
  const places = placesOf(conjunct);
  const related = earlier.filter((other) => placesOf(other).some((p) => places.includes(p)));
  const opposed = related.find((other) => narrow(values, [other, conjunct]) === null);
  const others = opposed === undefined ? related : [opposed];
  const message = `${describe(conjunct)} cannot hold together with ${others.map(describe).join(' and ')}`;
  return { ...at, message, hint: hintOf(name, [...others, conjunct]) };
}

function hintOf(name: string, conjuncts: readonly Conjunct[]): string {
  const operators = conjuncts.map((c) => (c.kind === 'restriction' ? c.comparison.operator : '='));
  const isRange = operators.some(isLower) && operators.some(isUpper);
  if (!isRange) return `an event has one ${name}: 'or' was probably meant`;
  return `no ${name} lies in between: 'or' was probably meant, or another bound`;
}

function isLower(operator: ComparisonOperator): boolean {
  return operator === '>' || operator === '>=';
}

function isUpper(operator: ComparisonOperator): boolean {
  return operator === '<' || operator === '<=';
}

function placesOf(conjunct: Conjunct): string[] {
  return restrictionsOf([conjunct]).map(({ place }) => place);
}

function tokenOf({ place }: Restriction): string {
  return place.slice(place.lastIndexOf('/') + 1);
}

function describe(conjunct: Conjunct): string {
  if (conjunct.kind === 'restriction') {
    const { operator, right } = conjunct.comparison;
    const quote = right.kind === 'number' ? '' : right.text.includes("'") ? '"' : "'";
    return `${nameOf(conjunct.place)}${operator}${quote}${right.text}${quote}`;
  }
  const branches = conjunct.branches.map((branch) => branch.map(describe).join(' and ') || '…');
  return `(${branches.join(' or ')})`;
}
