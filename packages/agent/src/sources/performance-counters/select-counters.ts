/** From the specifiers of a rule to counters of the catalogue, and what none was found for. */
import { didYouMean } from '@dcr-agent/schema';
import { type CounterSpecifier, parseCounterSpecifier } from './counter-specifier.ts';
import { CATALOGUE, findCounter } from './counters/catalogue.ts';
import type { CounterDefinition } from './counters/definition.ts';
import { VM_INSIGHTS_COUNTERS } from './counters/vm-insights.ts';
import { type InstancePattern, instancePattern } from './instance-pattern.ts';
import { linuxName } from './windows-names.ts';

export interface SelectedCounter {
  readonly definition: CounterDefinition;
  /** An instance that any of them takes is wanted. */
  readonly instances: readonly InstancePattern[];
}

export interface UnknownCounter {
  readonly specifier: string;
  readonly reason: string;
}

export interface CounterSelection {
  /** Each counter once. */
  readonly counters: readonly SelectedCounter[];
  readonly unknown: readonly UnknownCounter[];
}

export function selectCounters(specifiers: readonly string[]): CounterSelection {
  const selected = new Map<CounterDefinition, InstancePattern[]>();
  const unknown: UnknownCounter[] = [];
  for (const specifier of specifiers) {
    const found = definitionsOf(specifier);
    if (typeof found === 'string') {
      unknown.push({ specifier, reason: found });
      continue;
    }
    for (const definition of found.definitions) {
      const patterns = selected.get(definition) ?? [];
      patterns.push(instancePattern(found.instance));
      selected.set(definition, patterns);
    }
  }
  const counters = [...selected].map(([definition, instances]) => ({ definition, instances }));
  return { counters, unknown };
}

interface Found {
  readonly definitions: readonly CounterDefinition[];
  readonly instance: string | undefined;
}

/** Why there is none, where there is none. */
function definitionsOf(text: string): Found | string {
  const written = parseCounterSpecifier(text);
  if (written === undefined) return 'it is not of the form Object(instance)\\Counter';
  const { object, counter, instance } = written;
  if (`${object}\\${counter}`.toLowerCase() === 'vminsights\\detailedmetrics') {
    return { definitions: VM_INSIGHTS_COUNTERS, instance: '*' };
  }
  const name = linuxName(written);
  const definition = findCounter(object, counter) ?? findCounter(name.object, name.counter);
  if (definition === undefined) return unknownReason({ ...written, ...name });
  if (definition.object === 'Logical Disk' && /^[a-z]:$/i.test(instance ?? '')) {
    return `Linux has no drive '${instance}'; instances are mount points`;
  }
  // Each of VM insights is asked for by its name alone.
  const isInsights = VM_INSIGHTS_COUNTERS.includes(definition);
  return { definitions: [definition], instance: instance ?? (isInsights ? '*' : undefined) };
}

function unknownReason({ object, counter }: CounterSpecifier): string {
  const own = CATALOGUE.filter((each) => each.object.toLowerCase() === object.toLowerCase());
  const [what, wanted, names] =
    own.length === 0
      ? [`there is no object '${object}' on Linux`, object, CATALOGUE.map((each) => each.object)]
      : [`'${object}' has no counter '${counter}'`, counter, own.map((each) => each.counter)];
  const hint = didYouMean(wanted, [...new Set(names)]);
  return hint === undefined ? what : `${what}; ${hint}`;
}
