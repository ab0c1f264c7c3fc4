/**
 * Process: programs by name; processes of one name are one instance, so that how many instances
 * there are does not depend on how often one is started. Times are percent of one processor, as
 * `top` has them, memory is bytes. That both are so is inferred from the names of the counters and
 * the fields behind them; `test/contract/inferred-facts.test.ts` pins it.
 */
import type { Fact, Facts } from '../facts.ts';
import type { ProcessTimes } from '../proc/process-times.ts';
import { WHOLE_MACHINE } from '../whole-machine.ts';
import { type CounterDefinition, type Interval, sumOfKnown } from './definition.ts';
import { rate } from './increase.ts';

export const PROCESS_COUNTERS: readonly CounterDefinition[] = [
  time('Pct User Time', (process) => process.userTicks),
  time('Pct Privileged Time', (process) => process.systemTicks),
  processes('Used Memory', ['units'], ({ process, interval }) => {
    const { units } = interval.now;
    return units && process.residentPages * units.pageBytes;
  }),
  processes('Virtual Shared Memory', [], ({ process }) => process.virtualBytes),
];

interface Place {
  readonly id: number;
  readonly process: ProcessTimes;
  readonly interval: Interval;
}

/** A process that was not there before has done nothing yet. */
function time(counter: string, ticks: (process: ProcessTimes) => number): CounterDefinition {
  return processes(counter, ['units'], ({ id, process, interval }) => {
    const former = interval.before?.processes?.get(id);
    const { units } = interval.now;
    if (former?.startTicks !== process.startTicks || units === undefined) return undefined;
    const perSecond = rate(ticks(former), ticks(process), interval.seconds);
    return perSecond === undefined ? undefined : (100 * perSecond) / units.ticksPerSecond;
  });
}

function processes(
  counter: string,
  needs: readonly Fact[],
  value: (place: Place) => number | undefined,
): CounterDefinition {
  return {
    object: 'Process',
    counter,
    needs: ['processes', ...needs],
    read: (interval) => {
      const values = new Map<string, (number | undefined)[]>();
      for (const [id, process] of processesOf(interval.now)) {
        const own = values.get(process.name) ?? [];
        own.push(value({ id, process, interval }));
        values.set(process.name, own);
      }
      const all = [...values.values()].flat();
      return [...values, [WHOLE_MACHINE, all] as const].map(([instance, members]) => ({
        instance,
        value: sumOfKnown(members),
      }));
    },
  };
}

function processesOf({ processes }: Facts): ReadonlyMap<number, ProcessTimes> {
  return processes ?? new Map();
}
