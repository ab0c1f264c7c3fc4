/**
 * What a row of InsightsMetrics says beside its value. The origin and the tags of VM insights are
 * those of the Log Analytics agent for Linux. A counter of another kind has none there; that it
 * names its instance under `vm.azm.ms/instance` is this project's choice, and
 * `test/contract/inferred-facts.test.ts` pins it.
 */
import type { CounterSample } from '../../record.ts';

export const ORIGIN = 'vm.azm.ms';

/** Tags are named with the origin in front. */
export function insightsTags({ tags, instance }: CounterSample): Readonly<Record<string, unknown>> {
  const plain = tags ?? (instance === '' ? {} : { instance });
  return Object.fromEntries(
    Object.entries(plain).map(([name, value]) => [`${ORIGIN}/${name}`, value]),
  );
}
