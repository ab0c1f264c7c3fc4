/** Objects, and what they share with lists. Source: "Object functions for ARM templates". */
import { didYouMean } from '../../../rule/did-you-mean.ts';
import type { ListNode, ObjectNode } from '../../../rule/text/json-tree.ts';
import { nameOf } from '../../../rule/text/show.ts';
import { areEqual } from '../equality.ts';
import {
  isNull,
  isText,
  itemAt,
  itemsOf,
  measure,
  memberOf,
  membersOf,
  memberValue,
  type Value,
} from '../value.ts';
import {
  type FunctionCall,
  listAt,
  objectAt,
  ofAnything,
  ofSurface,
  ofWhole,
  type TemplateFunction,
  valueAt,
  walk,
} from './function.ts';
import { comparisonSteps, DistinctItems, distinct } from './list.ts';

/** A key of an object ignoring letter case, an item of a list, a part of a text. */
function contains(call: FunctionCall, args: readonly Value[]): Value {
  const container = valueAt(args, 0);
  const wanted = valueAt(args, 1);
  if (container.type === 'list') return listContains(call, container, wanted);
  if (wanted.type === 'unknown') return wanted;
  if (wanted.type !== 'scalar' || wanted.value === null) {
    return call.refuse('contains() looks for a text or a number there', 1);
  }
  const text = String(wanted.value);
  if (container.type === 'object') return call.scalar(memberOf(container, text) !== undefined);
  return call.scalar(isText(container) && container.value.includes(text));
}

function listContains(call: FunctionCall, list: ListNode, wanted: Value): Value {
  let unknown: Value | undefined;
  if (!call.takeSteps(measure(list).size)) return list;
  for (const item of itemsOf(list)) {
    const isEqual = areEqual(item, wanted);
    if (isEqual === true) return call.scalar(true);
    if (isEqual === undefined) unknown ??= item.type === 'unknown' ? item : wanted;
  }
  if (unknown === undefined) return call.scalar(false);
  return measure(unknown).unknown ?? unknown;
}

/** Names and values in turn. */
function createObject(call: FunctionCall, args: readonly Value[]): Value {
  if (args.length % 2 !== 0) {
    return call.refuse('createObject() takes names and values in turn, and the last has no value');
  }
  const members: (readonly [string, Value])[] = [];
  for (let i = 0; i < args.length; i += 2) {
    const name = valueAt(args, i);
    if (name.type === 'unknown') return name;
    if (!isText(name)) return call.refuse('createObject() takes a text as the name of a member', i);
    members.push([name.value, valueAt(args, i + 1)]);
  }
  return call.object(members);
}

/** Later values win; objects in objects are joined, lists in them are not. */
function union(call: FunctionCall, args: readonly Value[]): Value {
  const lists = args.filter((a) => a.type === 'list');
  if (lists.length === args.length) {
    if (!call.takeSteps(comparisonSteps(lists))) return call.scalar(null);
    return call.list(distinct(lists));
  }
  const objects = args.filter((a) => a.type === 'object');
  if (objects.length !== args.length) return mixed(call);
  return objects.reduce<Value>(
    (a, b) => (a.type === 'object' ? merge(call, a, b) : a),
    call.object([]),
  );
}

/** Recurses as deep as the values, which `valueDepth` bounds. */
function merge(call: FunctionCall, a: ObjectNode, b: ObjectNode): Value {
  const merged = new Map(membersOf(a));
  call.takeSteps(a.members.length + b.members.length);
  for (const [key, value] of membersOf(b)) {
    const before = merged.get(key);
    const isJoined = before?.type === 'object' && value.type === 'object';
    merged.set(key, isJoined ? merge(call, before, value) : value);
  }
  return call.object(merged);
}

function mixed(call: FunctionCall): Value {
  return call.refuse(`${call.name}() takes lists or objects, not one with the other`);
}

function intersection(call: FunctionCall, args: readonly Value[]): Value {
  const lists = args.filter((a) => a.type === 'list');
  const objects = args.filter((a) => a.type === 'object');
  if (lists.length === args.length) {
    if (!call.takeSteps(comparisonSteps(lists))) return call.scalar(null);
    const [first, ...others] = lists.map((list) => new DistinctItems(walk(call, list)));
    return call.list(first?.items.filter((item) => others.every((o) => o.has(item))) ?? []);
  }
  if (objects.length !== args.length) return mixed(call);
  const [first, ...others] = objects;
  if (first === undefined) return mixed(call);
  const isCommon = ([key, value]: readonly [string, Value]): boolean =>
    others.every((o) => {
      const other = memberOf(o, key);
      return other !== undefined && areEqual(other.value, value) === true;
    });
  return call.object(membersOf(first).filter(isCommon));
}

/** Ordered by name. Source: "Object functions", example of `items`. */
function items(call: FunctionCall, args: readonly Value[]): Value {
  const members = sortedMembers(objectAt(args, 0));
  return call.list(
    members.map(([k, v]) =>
      call.object([
        ['key', call.text(k)],
        ['value', v],
      ]),
    ),
  );
}

function objectKeys(call: FunctionCall, args: readonly Value[]): Value {
  return call.list(sortedMembers(objectAt(args, 0)).map(([key]) => call.text(key)));
}

function sortedMembers(object: ObjectNode): readonly (readonly [string, Value])[] {
  return membersOf(object).sort(([a], [b]) => a.localeCompare(b, 'en'));
}

/** One level only. */
function shallowMerge(call: FunctionCall, args: readonly Value[]): Value {
  const merged: (readonly [string, Value])[] = [];
  for (const item of walk(call, listAt(args, 0))) {
    if (item.type === 'unknown') return item;
    if (item.type !== 'object') return call.refuse('shallowMerge() takes a list of objects', 0);
    for (const member of membersOf(item)) merged.push(member);
  }
  return call.object(merged);
}

/** Null where a member or item is missing. */
function tryGet(call: FunctionCall, args: readonly Value[]): Value {
  let value = valueAt(args, 0);
  for (let i = 1; i < args.length; i++) {
    const key = valueAt(args, i);
    if (value.type === 'unknown' || isNull(value)) return value;
    if (key.type === 'unknown') return key;
    const part = partOf(call, value, key);
    if (part === undefined) return call.scalar(null);
    value = part;
  }
  return value;
}

function partOf(call: FunctionCall, value: Value, key: Value): Value | undefined {
  if (value.type === 'object' && isText(key)) {
    const member = memberOf(value, key.value);
    return member && memberValue(value, member);
  }
  const wanted = key.type === 'object' ? indexOf(key) : { index: key, isFromEnd: false };
  if (wanted.index?.type === 'unknown') return wanted.index;
  if (value.type !== 'list' || wanted.index?.type !== 'scalar') return refuseKey(call);
  const { value: index } = wanted.index;
  if (typeof index !== 'number') return refuseKey(call);
  const at = wanted.isFromEnd ? value.items.length - index : index;
  const item = value.items[at];
  return item && (value.pointer === undefined ? item : itemAt(item, value.pointer, at));
}

function refuseKey(call: FunctionCall): Value {
  return call.refuse('tryGet() takes members of objects by name and items of lists by number');
}

/** `{"value": 1, "fromEnd": true}` is the last item. Source: Bicep, `tryGet` of `[^1]`. */
function indexOf(key: ObjectNode): {
  readonly index: Value | undefined;
  readonly isFromEnd: boolean;
} {
  const fromEnd = memberOf(key, 'fromEnd')?.value;
  if (fromEnd?.type === 'unknown') return { index: fromEnd, isFromEnd: true };
  const isFromEnd = fromEnd?.type === 'scalar' && fromEnd.value === true;
  return { index: memberOf(key, 'value')?.value, isFromEnd };
}

function* memberNames({ members }: ObjectNode): Iterable<string> {
  for (const { key } of members) yield key;
}

/** Says which member is missing, and which may be meant. */
export function missingMember(object: ObjectNode, name: string): [string, string | undefined] {
  return [`the object has no member ${nameOf(name)}`, didYouMean(name, memberNames(object))];
}

/** With their signatures. */
export const OBJECT_FUNCTIONS: readonly TemplateFunction[] = [
  ofAnything('contains', 'any any', (call, args) => {
    const container = valueAt(args, 0);
    if (container.type === 'unknown') return container;
    if (container.type !== 'scalar' || isText(container)) return contains(call, args);
    return call.refuse('contains() takes a list, an object or a text', 0);
  }),
  ofAnything('createObject', 'any*', createObject),
  ofSurface('union', 'list|object list|object list|object*', union),
  ofWhole('intersection', 'list|object list|object list|object*', intersection),
  ofSurface('items', 'object', items),
  ofSurface('objectKeys', 'object', objectKeys),
  ofSurface('shallowMerge', 'list', shallowMerge),
  ofAnything('tryGet', 'any any any*', tryGet),
  ofWhole('null', '', (call) => call.scalar(null)),
];
