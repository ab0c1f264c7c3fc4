/**
 * Processor: shares of the time between two readings. As in telegraf, whatever is not idle is
 * `% Processor Time`, waiting for disks included.
 */
import type { CpuTimes } from '../proc/cpu-times.ts';
import type { CounterDefinition, Interval, Reading } from './definition.ts';

export const PROCESSOR_COUNTERS: readonly CounterDefinition[] = [
  share('% Processor Time', (spent, all) => all - spent('idle')),
  share('% User Time', (spent) => spent('user')),
  share('% Nice Time', (spent) => spent('nice')),
  share('% Privileged Time', (spent) => spent('system')),
  share('% IO Wait Time', (spent) => spent('ioWait')),
  share('% Interrupt Time', (spent) => spent('irq')),
  share('% DPC Time', (spent) => spent('softIrq')),
  share('% Idle Time', (spent) => spent('idle')),
];

/** Ticks spent on something. */
type Spent = (on: keyof CpuTimes) => number;

function share(counter: string, part: (spent: Spent, all: number) => number): CounterDefinition {
  return {
    object: 'Processor',
    counter,
    needs: ['cpuTimes'],
    read: (interval) => readShares(interval, part),
  };
}

/** Percent of the time of each processor, and of all. */
export function readShares(
  { now, before }: Interval,
  part: (spent: Spent, all: number) => number,
): readonly Reading[] {
  return [...(now.cpuTimes ?? [])].map(([instance, times]) => {
    const former = before?.cpuTimes?.get(instance);
    return { instance, value: former && shareOf(former, times, part) };
  });
}

function shareOf(
  before: CpuTimes,
  now: CpuTimes,
  part: (spent: Spent, all: number) => number,
): number | undefined {
  // The kernel's counts of idle time and of waiting may go back a little. Source: proc_stat(5).
  const spent: Spent = (on) => Math.max(0, now[on] - before[on]);
  if (now.user < before.user || now.system < before.system) return undefined;
  let all = 0;
  for (const on of Object.keys(now)) all += spent(on as keyof CpuTimes);
  return all === 0 ? undefined : (100 * part(spent, all)) / all;
}
