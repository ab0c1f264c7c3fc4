/**
 * Memory and swap space, in MB of 1,048,576 bytes or percent, and paging. Used is what is not
 * available, as `free` counts since procps 4, so that the two percentages make a hundred.
 */
import type { Facts } from '../facts.ts';
import { WHOLE_MACHINE } from '../whole-machine.ts';
import { type CounterDefinition, sumOfKnown } from './definition.ts';
import { rate } from './increase.ts';

const KIB_PER_MB = 1024;

export const MEMORY_COUNTERS: readonly CounterDefinition[] = [
  memory('Available MBytes Memory', ({ memory }) => memory.available / KIB_PER_MB),
  memory('% Available Memory', ({ memory }) => percent(memory.available, memory.total)),
  memory('Used Memory MBytes', ({ memory }) => (memory.total - memory.available) / KIB_PER_MB),
  memory('% Used Memory', ({ memory }) => percent(memory.total - memory.available, memory.total)),
  memory('Available MBytes Swap', ({ swap }) => swap.free / KIB_PER_MB),
  memory('% Available Swap Space', ({ swap }) => percent(swap.free, swap.total)),
  memory('Used MBytes Swap Space', ({ swap }) => (swap.total - swap.free) / KIB_PER_MB),
  memory('% Used Swap Space', ({ swap }) => percent(swap.total - swap.free, swap.total)),
  paging('Page Reads/sec', ['pgpgin']),
  paging('Page Writes/sec', ['pgpgout']),
  paging('Pages/sec', ['pgpgin', 'pgpgout']),
];

/** KiB. */
interface Space {
  readonly memory: { readonly total: number; readonly available: number };
  readonly swap: { readonly total: number; readonly free: number };
}

function memory(counter: string, value: (space: Space) => number | undefined): CounterDefinition {
  return {
    object: 'Memory',
    counter,
    needs: ['memory'],
    read: ({ now }) => {
      const space = memorySpace(now);
      return [{ instance: WHOLE_MACHINE, value: space && value(space) }];
    },
  };
}

/** Kernels before 3.14 do not say what is available; what is free or can be freed at once is. */
export function memorySpace({ memory }: Facts): Space | undefined {
  const number = (name: string): number => memory?.get(name) ?? 0;
  const total = number('MemTotal');
  const swapTotal = number('SwapTotal');
  if (total === 0) return undefined;
  const available =
    memory?.get('MemAvailable') ?? number('MemFree') + number('Buffers') + number('Cached');
  return {
    memory: { total, available: Math.min(available, total) },
    swap: { total: swapTotal, free: Math.min(number('SwapFree'), swapTotal) },
  };
}

/** The kernel counts KiB there, not pages; the reference agent passes its counts on. */
function paging(counter: string, names: readonly string[]): CounterDefinition {
  return {
    object: 'Memory',
    counter,
    needs: ['paging'],
    read: ({ now, before, seconds }) => {
      const rates = names.map((name) =>
        rate(before?.paging?.get(name), now.paging?.get(name), seconds),
      );
      const isKnown = rates.every((each) => each !== undefined);
      return [{ instance: WHOLE_MACHINE, value: isKnown ? sumOfKnown(rates) : undefined }];
    },
  };
}

/** `undefined` where there is nothing to have a part of, such as swap space on many machines. */
export function percent(part: number, whole: number): number | undefined {
  return whole > 0 ? (100 * part) / whole : undefined;
}
