/** Performance counters in words, a sentence for each instance of an object. */
import { listed } from '../rule/text/show.ts';
import { oneLine } from './listed.ts';

/** `\Object(instance)\Counter`, with or without a backslash in front. */
const SPECIFIER = /^\\?([^\\()]+)(?:\((.*)\))?\\([^\\]+)$/s;

/** `Processor, all instances: % Processor Time and % Idle Time`. */
export function countersInWords(specifiers: readonly string[]): string[] {
  const groups = new Map<string, Set<string>>();
  const others: string[] = [];
  for (const specifier of new Set(specifiers)) {
    const [, object = '', instance, counter = ''] = SPECIFIER.exec(specifier) ?? [];
    if (object === '' || isVmInsights(specifier)) {
      others.push(isVmInsights(specifier) ? 'the metrics of VM insights' : oneLine(specifier));
      continue;
    }
    const key = oneLine(object + instanceWords(instance));
    const counters = groups.get(key) ?? new Set();
    groups.set(key, counters.add(oneLine(counter)));
  }
  const grouped = [...groups].map(([key, counters]) => `${key}: ${listed([...counters], 'and')}`);
  return [...grouped, ...new Set(others)];
}

function instanceWords(instance: string | undefined): string {
  if (instance === undefined) return '';
  if (instance === '*') return ', all instances';
  return /^_?total$/i.test(instance) ? ', the whole machine' : `, instance ${instance}`;
}

function isVmInsights(specifier: string): boolean {
  return /^\\?VmInsights\\DetailedMetrics$/i.test(specifier);
}
