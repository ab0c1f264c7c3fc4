/** Which values are left at each place when conjuncts hold; never too few of them. */
import type { EventValue } from '../event.ts';
import type { Conjunct, Restriction } from './conjuncts.ts';
import { rangeOf } from './single-values.ts';

/** By place. A place that is not named has any value. */
export type PossibleValues = ReadonlyMap<string, readonly EventValue[]>;

/** Every value, by samples that tell all these comparisons apart. */
export function anyValues(restrictions: readonly Restriction[]): PossibleValues {
  const places = Map.groupBy(restrictions, ({ place }) => place);
  return new Map(
    [...places].map(([place, those]) => [
      place,
      rangeOf(place)?.samples(those.map(({ literal }) => literal)) ?? [],
    ]),
  );
}

/** What the conjuncts leave; `null` when that is nothing. */
export function narrow(
  values: PossibleValues,
  conjuncts: readonly Conjunct[],
): PossibleValues | null {
  let left: PossibleValues | null = values;
  for (const conjunct of conjuncts) {
    left = conjunct.kind === 'restriction' ? restrict(left, conjunct) : either(left, conjunct);
    if (left === null) return null;
  }
  return left;
}

function restrict(values: PossibleValues, { place, test }: Restriction): PossibleValues | null {
  const before = values.get(place);
  if (before === undefined) return values;
  const left = before.filter(test);
  return left.length === 0 ? null : new Map(values).set(place, left);
}

/** Each place for itself: that values of two places come from different branches is not seen. */
function either(
  values: PossibleValues,
  { branches }: Extract<Conjunct, { kind: 'alternatives' }>,
): PossibleValues | null {
  if (branches.some((branch) => branch.length === 0)) return values;
  const outcomes = branches
    .map((branch) => narrow(values, branch))
    .filter((outcome) => outcome !== null);
  if (outcomes.length === 0) return null;
  return new Map(
    [...values].map(([place, before]) => {
      const left = new Set(outcomes.flatMap((outcome) => outcome.get(place) ?? []));
      return [place, before.filter((value) => left.has(value))];
    }),
  );
}
