/** Pairs of data sources of one kind that send to the same table of the same workspace. */
import type { DataSource } from '../rule/rule.ts';
import { type AttachedRule, canRunTogether } from './attached-rule.ts';
import type { Route, RoutedSource } from './routes.ts';
import type { WorkLimit } from './work-limit.ts';

export interface SourcePair<S extends DataSource> {
  readonly sides: readonly [RoutedSource<S>, RoutedSource<S>];
  /** Of the first side. */
  readonly route: Route;
  /** Of either side. */
  readonly isTransformed: boolean;
}

/** In the order of the first side, then of the second. */
export function* sourcePairs<S extends DataSource>(
  sources: readonly RoutedSource<S>[],
  rules: readonly AttachedRule[],
  limit: WorkLimit,
): Generator<SourcePair<S>> {
  const receivers = new Map<string, { readonly side: RoutedSource<S>; readonly route: Route }[]>();
  for (const side of sources) {
    for (const route of side.routes) {
      const others = receivers.get(route.key) ?? [];
      receivers.set(route.key, others);
      others.push({ side, route });
    }
  }
  for (const first of sources) {
    for (const route of first.routes) {
      const others = receivers.get(route.key) ?? [];
      // Those that came before have been paired with this one.
      others.shift();
      for (const { side, route: other } of others) {
        if (!limit.take()) return;
        if (!areTogether(first, side, rules)) continue;
        const isTransformed = route.isTransformed || other.isTransformed;
        yield { sides: [first, side], route, isTransformed };
      }
    }
  }
}

function areTogether(a: RoutedSource, b: RoutedSource, rules: readonly AttachedRule[]): boolean {
  const [ruleOfA, ruleOfB] = [rules[a.ruleIndex]?.rule, rules[b.ruleIndex]?.rule];
  return ruleOfA !== undefined && ruleOfB !== undefined && canRunTogether(ruleOfA, ruleOfB);
}
