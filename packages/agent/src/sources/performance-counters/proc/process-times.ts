/** One process, from /proc/<pid>/stat. Source: proc_pid_stat(5). */
import { wholeNumber } from './named-numbers.ts';

export interface ProcessTimes {
  /** Up to 15 bytes of the program's name; may hold anything. */
  readonly name: string;
  /** When it began; tells a process from a later one with the same id. */
  readonly startTicks: number;
  readonly userTicks: number;
  readonly systemTicks: number;
  readonly virtualBytes: number;
  readonly residentPages: number;
}

/** `undefined` for what is no such line. */
export function parseProcessTimes(text: string): ProcessTimes | undefined {
  const open = text.indexOf('(');
  // The name may hold parentheses itself.
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const words = text.slice(close + 2).split(' ');
  // The first word behind the name is field 3.
  const field = (number: number): number | undefined => wholeNumber(words[number - 3]);
  const [userTicks, systemTicks] = [field(14), field(15)];
  const [startTicks, virtualBytes, residentPages] = [field(22), field(23), field(24)];
  if (userTicks === undefined || systemTicks === undefined || startTicks === undefined) {
    return undefined;
  }
  if (virtualBytes === undefined || residentPages === undefined) return undefined;
  const name = text.slice(open + 1, close);
  return { name, startTicks, userTicks, systemTicks, virtualBytes, residentPages };
}
