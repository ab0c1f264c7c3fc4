import { PROPERTIES_POINTER } from './read-parts.ts';
import type { Rule } from './rule.ts';
import { pointerTo } from './text/json-tree.ts';

/**
 * Where each data source of a rule stands: JSON pointers into the rule as a resource with members
 * under their published names, such as `/properties/dataSources/syslog/0`.
 */
export function dataSourcePointers({ dataSources }: Rule): readonly string[] {
  const counts = new Map<string, number>();
  return dataSources.map((source) => {
    const array = source.kind === 'other' ? source.array : source.kind;
    const index = counts.get(array) ?? 0;
    counts.set(array, index + 1);
    // The one that is an object.
    const step = array === 'dataImports' ? 'eventHub' : index;
    return pointerTo(PROPERTIES_POINTER, 'dataSources', array, step);
  });
}
