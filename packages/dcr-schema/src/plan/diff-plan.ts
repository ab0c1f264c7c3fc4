/** What must happen to go from one plan to another; a reload applies exactly this. */
import type { Plan, PlannedDestination, PlannedSource } from './plan.ts';

export interface PlanDifference {
  readonly sourcesAdded: readonly PlannedSource[];
  readonly sourcesRemoved: readonly PlannedSource[];
  /** Same key, other flows: the running source stays, its pipelines are exchanged. */
  readonly sourcesChanged: readonly PlannedSource[];
  /** Same key, and something else to read: opened anew where the former one stopped. */
  readonly sourcesReopened: readonly PlannedSource[];
  readonly destinationsAdded: readonly PlannedDestination[];
  readonly destinationsRemoved: readonly PlannedDestination[];
  readonly destinationsChanged: readonly PlannedDestination[];
  readonly isEmpty: boolean;
}

export function diffPlan(before: Plan, after: Plan): PlanDifference {
  const sources = diffBy(before.sources, after.sources, (source) => source.key);
  const settings = new Map(before.sources.map((source) => [source.key, settingsOf(source)]));
  const isReopened = (source: PlannedSource): boolean =>
    settings.get(source.key) !== settingsOf(source);
  const destinations = diffBy(before.destinations, after.destinations, (d) => d.id);
  return {
    sourcesAdded: sources.added,
    sourcesRemoved: sources.removed,
    sourcesChanged: sources.changed.filter((source) => !isReopened(source)),
    sourcesReopened: sources.changed.filter(isReopened),
    destinationsAdded: destinations.added,
    destinationsRemoved: destinations.removed,
    destinationsChanged: destinations.changed,
    isEmpty: sources.isEmpty && destinations.isEmpty,
  };
}

/** What a source reads, whoever wants it. */
function settingsOf({ flows: _, ...settings }: PlannedSource): string {
  return JSON.stringify(settings);
}

interface Difference<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  readonly changed: readonly T[];
  readonly isEmpty: boolean;
}

/** Items are plain data, so equal text is equal meaning; the compiler writes members in one order. */
function diffBy<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): Difference<T> {
  const old = new Map(before.map((item) => [keyOf(item), item]));
  const kept = new Set(after.map(keyOf));
  const added = after.filter((item) => !old.has(keyOf(item)));
  const removed = before.filter((item) => !kept.has(keyOf(item)));
  const changed = after.filter((item) => {
    const known = old.get(keyOf(item));
    return known !== undefined && JSON.stringify(known) !== JSON.stringify(item);
  });
  return { added, removed, changed, isEmpty: added.length + removed.length + changed.length === 0 };
}
