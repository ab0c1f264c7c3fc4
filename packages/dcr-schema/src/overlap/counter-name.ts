/** Names of performance counters in one spelling: `\Processor(*)\% Processor Time`. */
import { commonText } from './wildcards.ts';

export interface CounterName {
  /** Object and counter, in lower case. */
  readonly key: string;
  /** Object and counter, as written. */
  readonly object: string;
  readonly counter: string;
  /** `_Total` where none is written: the whole machine. */
  readonly instance: string;
}

const WHOLE_MACHINE = '_Total';

/**
 * The backslash in front may be missing, or doubled by an escape too many. `null` for what is not
 * of the form `Object(instance)\Counter`.
 */
export function readCounterName(text: string): CounterName | null {
  const path = text.replaceAll('&amp;', '&').replaceAll('\\\\', '\\').trim().replace(/^\\/, '');
  const slash = path.indexOf('\\');
  const bracket = path.indexOf('(');
  const isInstance = bracket >= 0 && bracket < slash;
  const end = isInstance ? path.lastIndexOf(')\\') : slash;
  if (slash < 0 || end < 0) return null;
  const object = path.slice(0, isInstance ? bracket : end).trim();
  const counter = path.slice(isInstance ? end + 2 : end + 1).trim();
  if (object === '' || counter === '') return null;
  const written = isInstance ? path.slice(bracket + 1, end).trim() : '';
  const isWhole = written === '' || /^_?total$/i.test(written);
  const instance = isWhole ? WHOLE_MACHINE : written;
  return { key: `${object}\\${counter}`.toLowerCase(), object, counter, instance };
}

/**
 * The counter that both name, with an instance both take; `null` when there is none. `*` is every
 * instance and the whole machine; within a name it stands for any characters.
 */
export function commonCounter(a: CounterName, b: CounterName): string | null {
  if (a.key !== b.key) return null;
  const instance = commonInstance(a.instance, b.instance);
  if (instance === null) return null;
  const shown = instance === WHOLE_MACHINE && a.instance === b.instance ? '' : `(${instance})`;
  return `\\${a.object}${shown}\\${a.counter}`;
}

function commonInstance(a: string, b: string): string | null {
  if (a === '*' || a === b) return b;
  if (b === '*') return a;
  // A part of a name is not known to be the whole machine.
  if (a === WHOLE_MACHINE || b === WHOLE_MACHINE || a.includes('?') || b.includes('?')) return null;
  return commonText(a, b);
}

/** Every instance that one of them takes, the other takes too. */
export function isOneOfOther({ instance: a }: CounterName, { instance: b }: CounterName): boolean {
  return a === b || a === '*' || b === '*' || !a.includes('*') || !b.includes('*');
}
