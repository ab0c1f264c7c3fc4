/**
 * Loops: how often they run, and the members that a `copy` among the members of an object makes.
 * Sources: "Resource iteration", "Property iteration" and "Variable iteration in ARM templates".
 */
import type { JsonNode, ListNode, Member, ObjectNode } from '../../rule/text/json-tree.ts';
import { pointerTo } from '../../rule/text/json-tree.ts';
import { isBlank } from './blanks.ts';
import { type Frame, type LoopIndex, unknownLike } from './context.ts';
import type { Site } from './findings.ts';
import { TEMPLATE_LIMITS } from './limits.ts';
import { isText, memberOf, showValue } from './value.ts';

/** `evaluateNode`, handed in by those who use both. */
export type EvaluateNode = (node: JsonNode, pointer: string, frame: Frame) => JsonNode;

/** How often a loop runs; what stands for the result when that is not known. */
export type Count =
  | { readonly kind: 'times'; readonly times: number }
  | { readonly kind: 'unknown'; readonly value: JsonNode & { readonly type: 'unknown' } };

/** One loop among the members of an object. */
export interface PropertyLoop {
  readonly name: Member;
  readonly count: Member;
  readonly input: Member;
  readonly node: ObjectNode;
  readonly pointer: string;
}

/**
 * The members that a member named `copy` stands for; `undefined` when it is an ordinary member,
 * which may have that name, too.
 */
export function copiedMembers(
  member: Member,
  pointer: string,
  frame: Frame,
  evaluate: EvaluateNode,
): readonly Member[] | undefined {
  const loops = propertyLoops(member, pointer);
  return loops?.map((loop) => copiedMember(loop, frame, evaluate));
}

/** The loops of a member named `copy`, with the places where they are written. */
export function propertyLoops(
  member: Member,
  pointer: string,
): readonly PropertyLoop[] | undefined {
  const { key, value, written = key } = member;
  if (key.toLowerCase() !== 'copy' || value.type !== 'list' || value.items.length === 0) {
    return undefined;
  }
  const at = value.pointer ?? pointerTo(pointer, written);
  const loops: PropertyLoop[] = [];
  for (const [index, node] of value.items.entries()) {
    if (node.type !== 'object') return undefined;
    const [name, count, input] = ['name', 'count', 'input'].map((part) => memberOf(node, part));
    if (name === undefined || count === undefined || input === undefined) return undefined;
    loops.push({ name, count, input, node, pointer: node.pointer ?? pointerTo(at, index) });
  }
  return loops;
}

function copiedMember(loop: PropertyLoop, frame: Frame, evaluate: EvaluateNode): Member {
  const { name, node, pointer } = loop;
  const { offset } = node;
  const key = evaluate(name.value, pointerTo(pointer, name.written ?? name.key), frame);
  const label = isText(key) ? key.value : '';
  const value = repeated(loop, label, frame, evaluate);
  return { key: label, offset, value };
}

/** The list of what a loop makes, at the place of the loop. */
export function repeated(
  loop: PropertyLoop,
  name: string,
  frame: Frame,
  evaluate: EvaluateNode,
): JsonNode {
  const { count, input, node, pointer } = loop;
  const counted = countOf(count, pointer, frame, evaluate);
  const at = pointerTo(pointer, input.written ?? input.key);
  if (counted.kind === 'unknown') {
    // What is wrong in it is wrong however often it runs.
    evaluate(input.value, at, { ...withLoop(frame, name, undefined, false), isUnsure: true });
    return { ...counted.value, pointer, offset: node.offset };
  }
  const items = Array.from({ length: counted.times }, (_, index) => {
    const value = evaluate(input.value, at, withLoop(frame, name, index, false));
    return value.pointer === undefined ? { ...value, pointer: at } : value;
  });
  const list: ListNode = { type: 'list', pointer, offset: node.offset, items };
  return list;
}

/** Evaluates the member `count` of a loop. */
export function countOf(
  count: Member,
  pointer: string,
  frame: Frame,
  evaluate: EvaluateNode,
): Count {
  const at = pointerTo(pointer, count.written ?? count.key);
  const value = evaluate(count.value, at, frame);
  const { offset } = count.value;
  const text = isText(count.value) ? count.value.value : '';
  const site: Site = { pointer: count.value.pointer ?? at, offset, text, isComputed: false };
  if (value.type === 'unknown') return { kind: 'unknown', value: unknownLike(value, site) };
  const times = value.type === 'scalar' ? value.value : undefined;
  const most = TEMPLATE_LIMITS.copyCount;
  if (typeof times === 'number' && Number.isInteger(times) && times >= 0 && times <= most) {
    return { kind: 'times', times };
  }
  const message = `a loop runs 0 to ${most} times, and its count is ${showValue(value)}`;
  if (!frame.isUnsure && !isBlank(value)) frame.report.at('ARM_COPY_COUNT', site, message);
  const mistake = { reason: 'the count of a loop is wrong', isMistake: true } as const;
  const unknown = { type: 'unknown', offset, pointer: at, expression: '' } as const;
  return { kind: 'unknown', value: unknownLike({ ...unknown, ...mistake }, site) };
}

/** Inside a loop. `index` is `undefined` where the count is not known. */
export function withLoop(
  frame: Frame,
  name: string,
  index: number | undefined,
  isOfResource: boolean,
): Frame {
  const current: LoopIndex = { index };
  const named = new Map(frame.loops.named).set(name.toLowerCase(), current);
  const around = frame.loops.current;
  const ofResource = isOfResource ? current : around;
  return { ...frame, loops: { named, ...(ofResource !== undefined && { current: ofResource }) } };
}
