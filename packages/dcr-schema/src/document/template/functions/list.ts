/** Lists, and what they share with texts. Source: "Array functions for ARM templates". */
import type { ListNode } from '../../../rule/text/json-tree.ts';
import { areEqual } from '../equality.ts';
import { TEMPLATE_LIMITS } from '../limits.ts';
import { isNull, isText, itemsOf, measure, type Value } from '../value.ts';
import {
  type FunctionCall,
  listAt,
  numberAt,
  ofAnything,
  ofSurface,
  ofWhole,
  type TemplateFunction,
  textAt,
  valueAt,
  walk,
} from './function.ts';
import { textOfScalar } from './scalar-text.ts';

/** Of texts a text; of lists a list, which may hold values that are not known. */
function concat(call: FunctionCall, args: readonly Value[]): Value {
  const isOfLists = args.some((a) => a.type === 'list');
  if (isOfLists) {
    const wrong = args.findIndex((a) => a.type !== 'list');
    if (wrong >= 0)
      return call.refuse('concat() joins texts or lists, not one with the other', wrong);
    return call.list(args.flatMap((a) => (a.type === 'list' ? walk(call, a) : [])));
  }
  if (args.some(isNull)) return call.unknown('concat() with null is not evaluated');
  const parts = args.map((a) => (a.type === 'scalar' ? textOfScalar(a.value) : ''));
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return call.tooLong(length) ?? call.text(parts.join(''));
}

function length(call: FunctionCall, args: readonly Value[]): Value {
  const value = valueAt(args, 0);
  if (value.type === 'list') return call.scalar(value.items.length);
  if (value.type === 'object') return call.scalar(value.members.length);
  return call.scalar(isText(value) ? value.value.length : 0);
}

function empty(call: FunctionCall, args: readonly Value[]): Value {
  const value = valueAt(args, 0);
  if (value.type === 'list') return call.scalar(value.items.length === 0);
  if (value.type === 'object') return call.scalar(value.members.length === 0);
  return call.scalar(value.type === 'scalar' && (value.value === null || value.value === ''));
}

/** Of a list the item itself, of a text its character. */
function pick(at: (length: number, index: number) => number) {
  return (call: FunctionCall, args: readonly Value[]): Value => {
    const value = valueAt(args, 0);
    const wanted = args.length > 1 ? numberAt(args, 1) : 0;
    if (value.type === 'list') {
      const index = at(value.items.length, wanted);
      return itemsOf(value)[index] ?? call.scalar(null);
    }
    const text = textAt(args, 0);
    return call.text(text.charAt(at(text.length, wanted)));
  };
}

/** Counts from the end, from 1. */
function fromEnd(isOptional: boolean) {
  return (call: FunctionCall, args: readonly Value[]): Value => {
    const list = listAt(args, 0);
    const back = numberAt(args, 1);
    const item = back < 1 ? undefined : itemsOf(list)[list.items.length - back];
    if (item !== undefined) return item;
    if (isOptional) return call.scalar(null);
    return call.refuse(`${call.name}() takes item ${back} from the end of ${list.items.length}`, 1);
  };
}

function slice(bounds: (count: number) => readonly [number, number | undefined]) {
  return (call: FunctionCall, args: readonly Value[]): Value => {
    const value = valueAt(args, 0);
    const [start, end] = bounds(Math.max(0, numberAt(args, 1)));
    if (value.type === 'list') return call.list(walk(call, value).slice(start, end));
    return call.text(textAt(args, 0).slice(start, end));
  };
}

function range(call: FunctionCall, args: readonly Value[]): Value {
  const [start, count] = [numberAt(args, 0), numberAt(args, 1)];
  if (count < 0 || count > TEMPLATE_LIMITS.rangeCount) {
    return call.refuse(
      `range() makes up to ${TEMPLATE_LIMITS.rangeCount} numbers, not ${count}`,
      1,
    );
  }
  return call.list(Array.from({ length: count }, (_, i) => call.scalar(start + i)));
}

function indexOf(isLast: boolean) {
  return (call: FunctionCall, args: readonly Value[]): Value => {
    const value = valueAt(args, 0);
    const wanted = valueAt(args, 1);
    if (value.type === 'list') {
      const test = (item: Value): boolean => areEqual(item, wanted) === true;
      if (!call.takeSteps(measure(value).size)) return value;
      const items = itemsOf(value);
      return call.scalar(isLast ? items.findLastIndex(test) : items.findIndex(test));
    }
    if (!isText(wanted)) return call.refuse(`${call.name}() looks for a text in a text`, 1);
    const [text, part] = [textAt(args, 0).toLowerCase(), wanted.value.toLowerCase()];
    return call.scalar(isLast ? text.lastIndexOf(part) : text.indexOf(part));
  };
}

/** One level of lists, with the items of the lists in it. */
function flatten(call: FunctionCall, args: readonly Value[]): Value {
  const flat: Value[] = [];
  for (const item of walk(call, listAt(args, 0))) {
    if (item.type === 'unknown') return item;
    if (item.type !== 'list') return call.refuse('flatten() takes a list of lists', 0);
    for (const inner of walk(call, item)) flat.push(inner);
  }
  return call.list(flat);
}

/** The distinct items of lists; a value that is not known counts as one of its own. */
export function distinct(lists: readonly ListNode[]): readonly Value[] {
  return lists.length === 0 ? [] : new DistinctItems(lists.flatMap(itemsOf)).items;
}

/** Single values are found by themselves, only lists and objects are compared one by one. */
export class DistinctItems {
  readonly items: Value[] = [];
  readonly #scalars = new Set<unknown>();
  readonly #others: Value[] = [];

  constructor(items: readonly Value[]) {
    for (const item of items) if (!this.has(item)) this.#add(item);
  }

  has(item: Value): boolean {
    if (item.type === 'scalar') return this.#scalars.has(item.value);
    return this.#others.some((other) => areEqual(item, other) === true);
  }

  #add(item: Value): void {
    this.items.push(item);
    if (item.type === 'scalar') this.#scalars.add(item.value);
    else if (item.type !== 'unknown') this.#others.push(item);
  }
}

/** The work of comparing lists and objects one by one. */
export function comparisonSteps(lists: readonly ListNode[]): number {
  const parts = lists.flatMap((list) => list.items.filter((i) => i.type !== 'scalar'));
  const sizes = parts.reduce((sum, part) => sum + Math.min(measure(part).size, 100), 0);
  return parts.length * sizes;
}

/** With their signatures. */
export const LIST_FUNCTIONS: readonly TemplateFunction[] = [
  ofSurface('concat', 'list|text|number|boolean|null list|text|number|boolean|null*', concat),
  ofSurface('length', 'list|object|text', length),
  ofSurface('empty', 'list|object|text|null', empty),
  ofSurface(
    'first',
    'list|text',
    pick(() => 0),
  ),
  ofSurface(
    'last',
    'list|text',
    pick((count) => count - 1),
  ),
  ofSurface('indexFromEnd', 'list integer', fromEnd(false)),
  ofSurface('tryIndexFromEnd', 'list integer', fromEnd(true)),
  ofSurface(
    'take',
    'list|text integer',
    slice((count) => [0, count]),
  ),
  ofSurface(
    'skip',
    'list|text integer',
    slice((count) => [count, undefined]),
  ),
  ofWhole('range', 'integer integer', range),
  ofWhole('indexOf', 'list|text any', indexOf(false)),
  ofWhole('lastIndexOf', 'list|text any', indexOf(true)),
  ofSurface('flatten', 'list', flatten),
  ofWhole('distinct', 'list', (call, args) => {
    const lists = [listAt(args, 0)];
    return call.takeSteps(comparisonSteps(lists)) ? call.list(distinct(lists)) : call.list([]);
  }),
  ofAnything('createArray', 'any*', (call, args) => call.list(args)),
  ofSurface('array', 'any', (call, args) => {
    const value = valueAt(args, 0);
    return value.type === 'list' ? value : call.list([value]);
  }),
];
