/**
 * What expressions evaluate to: nodes that keep the place they were written at. Inside an
 * expression every value has its pointer, so that what is taken out of it can be told a place.
 */
import type {
  JsonNode,
  ListNode,
  Member,
  ObjectNode,
  ScalarNode,
  UnknownNode,
} from '../../rule/text/json-tree.ts';
import { pointerTo } from '../../rule/text/json-tree.ts';
import { show } from '../../rule/text/show.ts';
import { isBlank, markBlank } from './blanks.ts';

/** A node with its pointer. */
export type Value = JsonNode;

/** An unknown value that remembers why it is one. */
export interface Unknown extends UnknownNode {
  readonly reason: string;
  /** It is not known because of a mistake, which is reported where it was made. */
  readonly isMistake?: true;
}

/** The same node, told that it stands at `pointer`, if it does not know its place yet. */
export function placed<Node extends Value>(node: Node, pointer: string): Node {
  if (node.pointer !== undefined) return node;
  const copy = { ...node, pointer };
  const measure = MEASURES.get(node);
  if (measure !== undefined) MEASURES.set(copy, measure);
  if (isBlank(node)) markBlank(copy);
  return copy;
}

/** The items of a list, each with its place. */
export function itemsOf(list: ListNode): Value[] {
  const { pointer } = list;
  if (pointer === undefined) return [...list.items];
  return list.items.map((item, index) => itemAt(item, pointer, index));
}

/** One item, with its place. */
export function itemAt(item: Value, listPointer: string, index: number): Value {
  return item.pointer === undefined ? placed(item, pointerTo(listPointer, index)) : item;
}

/** The members of an object, each value with its place. */
export function membersOf(object: ObjectNode): (readonly [string, Value])[] {
  return object.members
    .filter((m) => m.isAbsent !== true)
    .map((m) => [m.key, memberValue(object, m)]);
}

/** The value of a member, with its place. */
export function memberValue(object: ObjectNode, member: Member): Value {
  const { pointer } = object;
  if (pointer === undefined || member.value.pointer !== undefined) return member.value;
  const at = member.written === undefined ? pointer : pointerTo(pointer, member.written);
  return placed(member.value, at);
}

/** By the array of members, which objects told their place share with the original. */
const MEMBERS = new WeakMap<readonly Member[], ReadonlyMap<string, Member>>();

/** The member of that name. Resource Manager compares names ignoring letter case. */
export function memberOf(object: ObjectNode, name: string): Member | undefined {
  let members = MEMBERS.get(object.members);
  if (members === undefined) {
    members = new Map(object.members.map((m) => [m.key.toLowerCase(), m]));
    MEMBERS.set(object.members, members);
  }
  return members.get(name.toLowerCase());
}

/** Is it known, and a text? */
export function isText(value: Value): value is ScalarNode & { readonly value: string } {
  return value.type === 'scalar' && typeof value.value === 'string';
}

/** Is it known, and null? */
export function isNull(value: Value): boolean {
  return value.type === 'scalar' && value.value === null;
}

/** How large a value is when it is written out, where it may share parts with others. */
export interface Measure {
  /** Values, with one more for each 64 characters of a text or name. */
  readonly size: number;
  readonly depth: number;
  /** The first value inside that is not known, itself included. */
  readonly unknown: UnknownNode | undefined;
}

const MEASURES = new WeakMap<Value, Measure>();

/** Recurses as deep as the value, which `valueDepth` bounds. */
export function measure(value: Value): Measure {
  const known = MEASURES.get(value);
  if (known !== undefined) return known;
  const made = measureParts(value);
  if (value.type === 'list' || value.type === 'object') MEASURES.set(value, made);
  return made;
}

function measureParts(value: Value): Measure {
  if (value.type === 'unknown') return { size: 1, depth: 0, unknown: value };
  if (value.type === 'scalar') {
    const length = typeof value.value === 'string' ? value.value.length : 0;
    return { size: 1 + Math.floor(length / 64), depth: 0, unknown: undefined };
  }
  const parts = value.type === 'list' ? value.items : value.members.map((m) => m.value);
  const names = value.type === 'list' ? [] : value.members;
  let size = names.reduce((sum, { key }) => sum + Math.floor(key.length / 64), 1);
  let depth = 0;
  let unknown: UnknownNode | undefined;
  for (const part of parts) {
    const of = measure(part);
    size += of.size;
    depth = Math.max(depth, of.depth);
    unknown ??= of.unknown;
  }
  return { size, depth: depth + 1, unknown };
}

/** As it appears in a message: `the text "x"`, `a list`. */
export function showValue(value: Value): string {
  if (value.type === 'scalar') return show(value.value);
  if (value.type === 'unknown') return 'a value that is not known';
  return value.type === 'list' ? 'a list' : 'an object';
}
