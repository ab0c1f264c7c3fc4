/** System: the machine as a whole. `Uptime` is seconds. */
import type { Fact, Facts } from '../facts.ts';
import { WHOLE_MACHINE } from '../whole-machine.ts';
import type { CounterDefinition } from './definition.ts';

export const SYSTEM_COUNTERS: readonly CounterDefinition[] = [
  system('Uptime', 'uptimeSeconds', (now) => now.uptimeSeconds),
  system('Load1', 'load', (now) => now.load?.load1),
  system('Load5', 'load', (now) => now.load?.load5),
  system('Load15', 'load', (now) => now.load?.load15),
  system('Users', 'users', (now) => now.users?.users),
  system('Unique Users', 'users', (now) => now.users?.uniqueUsers),
  system('CPUs', 'cpuTimes', processorCount),
];

function system(
  counter: string,
  fact: Fact,
  value: (now: Facts) => number | undefined,
): CounterDefinition {
  return {
    object: 'System',
    counter,
    needs: [fact],
    read: ({ now }) => [{ instance: WHOLE_MACHINE, value: value(now) }],
  };
}

/** Those that are online. */
export function processorCount({ cpuTimes }: Facts): number | undefined {
  const names = [...(cpuTimes?.keys() ?? [])].filter((name) => name !== WHOLE_MACHINE);
  return names.length > 0 ? names.length : undefined;
}
