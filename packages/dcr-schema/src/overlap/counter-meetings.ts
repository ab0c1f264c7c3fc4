/** Performance counters that two data sources both sample. */
import type { PerformanceCountersDataSource } from '../rule/rule.ts';
import { isExpression } from '../rule/template-expression.ts';
import { type CounterName, commonCounter, isOneOfOther, readCounterName } from './counter-name.ts';
import type { Meeting } from './overlap.ts';
import type { WorkLimit } from './work-limit.ts';

interface Entry {
  readonly index: number;
  readonly name: CounterName;
}

/** One for each counter of the first that the second has, too; of several there, the first. */
export function counterMeetings(
  a: PerformanceCountersDataSource,
  b: PerformanceCountersDataSource,
  limit: WorkLimit,
): Meeting[] {
  const inB = Map.groupBy(entriesOf(b), ({ name }) => name.key);
  const found: Meeting[] = [];
  for (const first of entriesOf(a)) {
    for (const second of inB.get(first.name.key) ?? []) {
      if (!limit.take()) return found;
      const witness = commonCounter(first.name, second.name);
      if (witness === null) continue;
      const isCertain = isOneOfOther(first.name, second.name);
      const doubt = isCertain ? null : 'whether there is such an instance is not known';
      found.push({ entries: [first.index, second.index], witness, doubt });
      break;
    }
  }
  return found;
}

/** Each counter once: written twice in one data source, it is sampled once. */
function entriesOf({ counterSpecifiers }: PerformanceCountersDataSource): Entry[] {
  const entries = new Map<string, Entry>();
  for (const [index, text] of counterSpecifiers.entries()) {
    const name = isExpression(text) ? null : readCounterName(text);
    if (name === null) continue;
    const key = JSON.stringify([name.key, name.instance]);
    if (!entries.has(key)) entries.set(key, { index, name });
  }
  return [...entries.values()];
}
