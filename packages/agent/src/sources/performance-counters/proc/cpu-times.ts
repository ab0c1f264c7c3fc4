/**
 * What processors did since the start, in ticks, from /proc/stat.
 * Source: proc_stat(5). Time of guests is part of `user` and `nice`, and so not read by itself.
 */
import { WHOLE_MACHINE } from '../whole-machine.ts';
import { wholeNumbers } from './named-numbers.ts';

export interface CpuTimes {
  readonly user: number;
  readonly nice: number;
  readonly system: number;
  readonly idle: number;
  readonly ioWait: number;
  readonly irq: number;
  readonly softIrq: number;
  readonly steal: number;
}

/** By the processor's number; all of them together are the whole machine. Offline ones are not there. */
export function parseCpuTimes(text: string): ReadonlyMap<string, CpuTimes> {
  const times = new Map<string, CpuTimes>();
  // They are the first lines; behind them, interrupts may take many kilobytes.
  for (let start = 0; text.startsWith('cpu', start); ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const [name = '', ...words] = text.slice(start, end).split(/ +/);
    const numbers = wholeNumbers(words.slice(0, 8));
    if (numbers !== undefined && numbers.length >= 4 && /^cpu\d{0,6}$/.test(name)) {
      times.set(name === 'cpu' ? WHOLE_MACHINE : name.slice(3), cpuTimes(numbers));
    }
    start = end + 1;
  }
  return times;
}

/** Kernels before 2.6.11 have fewer columns. */
function cpuTimes(numbers: readonly number[]): CpuTimes {
  const [user = 0, nice = 0, system = 0, idle = 0] = numbers;
  const [ioWait = 0, irq = 0, softIrq = 0, steal = 0] = numbers.slice(4);
  return { user, nice, system, idle, ioWait, irq, softIrq, steal };
}
