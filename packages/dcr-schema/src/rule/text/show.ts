/** How values and names appear in a message: short, on one line, recognisable. */
import type { Json } from '../rule.ts';

const SHOWN_LENGTH_MAX = 60;

/** `"text"`, cut after 60 characters. */
export function quote(text: string): string {
  const cut = text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text;
  return JSON.stringify(cut);
}

/** `'name'`, cut after 60 characters. */
export function nameOf(text: string): string {
  return `'${quote(text).slice(1, -1).replaceAll('\\"', '"')}'`;
}

/** A value with its type: `the text "x"`, `the number 5`, `a list`, `null`. */
export function show(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return `the text ${quote(value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** `one data flow`, `3 data flows`. */
export function count(n: number, noun: string): string {
  return n === 1 ? `one ${noun}` : `${n} ${noun}s`;
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(items: readonly string[], joined: 'and' | 'or'): string {
  const last = items.at(-1) ?? '';
  const before = items.slice(0, -1);
  return before.length === 0 ? last : `${before.join(', ')} ${joined} ${last}`;
}
