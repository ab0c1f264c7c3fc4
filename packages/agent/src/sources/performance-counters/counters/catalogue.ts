/** Every counter there is, and how it is found. */
import type { CounterDefinition } from './definition.ts';
import { LOGICAL_DISK_COUNTERS } from './logical-disk.ts';
import { MEMORY_COUNTERS } from './memory.ts';
import { NETWORK_COUNTERS } from './network.ts';
import { PROCESS_COUNTERS } from './process.ts';
import { PROCESSOR_COUNTERS } from './processor.ts';
import { SYSTEM_COUNTERS } from './system.ts';
import { VM_INSIGHTS_COUNTERS } from './vm-insights.ts';

/** Their spelling, and what each is made from: Azure/azure-linux-extensions, telegraf_name_map.py. */
export const CATALOGUE: readonly CounterDefinition[] = [
  ...PROCESSOR_COUNTERS,
  ...MEMORY_COUNTERS,
  ...NETWORK_COUNTERS,
  ...LOGICAL_DISK_COUNTERS,
  ...PROCESS_COUNTERS,
  ...SYSTEM_COUNTERS,
  ...VM_INSIGHTS_COUNTERS,
];

const BY_NAME: ReadonlyMap<string, CounterDefinition> = new Map(
  CATALOGUE.map((definition) => [keyOf(definition.object, definition.counter), definition]),
);

/** In any letter case. */
export function findCounter(object: string, counter: string): CounterDefinition | undefined {
  return BY_NAME.get(keyOf(object, counter));
}

function keyOf(object: string, counter: string): string {
  return `${object}\\${counter}`.toLowerCase();
}
