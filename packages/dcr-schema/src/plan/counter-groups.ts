/** The counters of an agent-facing data source, by how often they are sampled. */
import { stringsOf } from '../rule/read-values.ts';
import type { Json } from '../rule/rule.ts';
import type { CounterGroup } from './plan.ts';

/** A day: what is sampled less often than that is a mistake. */
const SECONDS_MAX = 86_400;

export interface ReadCounterGroups {
  /** Each period once. */
  readonly groups: readonly CounterGroup[];
  /** What could not be used, if anything. */
  readonly problem?: string;
}

/**
 * Reads `counters`, a list of periods with their counters, or, where there is no such list, one
 * period and its counters from the configuration itself, as a rule has them.
 */
export function readCounterGroups(configuration: {
  readonly [name: string]: Json;
}): ReadCounterGroups {
  const { counters = [configuration] } = configuration;
  if (!Array.isArray(counters)) return { groups: [], problem: "'counters' is not a list" };
  const problems: string[] = [];
  const groups = (counters as readonly Json[]).flatMap((entry, i) => {
    const group = readGroup(entry);
    if (typeof group !== 'string') return [group];
    problems.push(`counters[${i}]: ${group}`);
    return [];
  });
  if (counters.length === 0) problems.push("'counters' is empty");
  return {
    groups: mergeCounterGroups(groups),
    ...(problems.length > 0 && { problem: problems.join('; ') }),
  };
}

/** What is wrong with it, where something is. */
function readGroup(entry: Json): CounterGroup | string {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return 'is no object';
  const { samplingFrequencyInSeconds: seconds, counterSpecifiers } = entry as {
    readonly [name: string]: Json;
  };
  const isPeriod = typeof seconds === 'number' && Number.isInteger(seconds);
  if (!isPeriod || seconds < 1 || seconds > SECONDS_MAX) {
    return `'samplingFrequencyInSeconds' is not a whole number from 1 to ${SECONDS_MAX}`;
  }
  const specifiers = stringsOf(counterSpecifiers);
  if (specifiers.length === 0) return "'counterSpecifiers' is empty";
  return { everySeconds: seconds, specifiers };
}

/** Each period once, and each of its counters once, in the order they come first. */
export function mergeCounterGroups(groups: readonly CounterGroup[]): readonly CounterGroup[] {
  const byPeriod = new Map<number, Set<string>>();
  for (const { everySeconds, specifiers } of groups) {
    const merged = byPeriod.get(everySeconds) ?? new Set();
    for (const specifier of specifiers) merged.add(specifier);
    byPeriod.set(everySeconds, merged);
  }
  return [...byPeriod].map(([everySeconds, specifiers]) => ({
    everySeconds,
    specifiers: [...specifiers],
  }));
}
