/** Sets of configurations, one beside the other. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { AgentConfiguration } from '@dcr-agent/schema';
import type { ParsedAnswer } from './configurations-answer.ts';

type ConfigurationSet = readonly AgentConfiguration[];

/** The order of an answer means nothing. */
export function isSameSet(a: ConfigurationSet, b: ConfigurationSet): boolean {
  const byId = (set: ConfigurationSet): ConfigurationSet =>
    set.toSorted((x, y) => (x.configurationId < y.configurationId ? -1 : 1));
  return isDeepStrictEqual(byId(a), byId(b));
}

/** An answer's set, with configurations that cannot be read any more as they were. */
export function withLastGood(
  { configurations, findings }: ParsedAnswer,
  running: ConfigurationSet,
): ConfigurationSet {
  const lost = findings.map(({ configurationId }) => configurationId);
  const kept = running.filter(({ configurationId }) => lost.includes(configurationId));
  return [...configurations, ...kept];
}
