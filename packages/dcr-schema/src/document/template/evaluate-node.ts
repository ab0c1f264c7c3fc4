/**
 * A part of a template to what it evaluates to. Nodes without expressions come back as they are,
 * so that values share what they have in common and keep their places.
 */
import { isExpression, isPlaceholder } from '../../rule/template-expression.ts';
import type {
  JsonNode,
  ListNode,
  Member,
  ObjectNode,
  ScalarNode,
} from '../../rule/text/json-tree.ts';
import { pointerTo } from '../../rule/text/json-tree.ts';
import { markBlank } from './blanks.ts';
import { type Context, type Frame, mistakeAt, refuse, unknownAt, unknownLike } from './context.ts';
import { copiedMembers } from './copy.ts';
import { evaluateExpression } from './evaluate-expression.ts';
import type { Site } from './findings.ts';
import { TEMPLATE_LIMITS } from './limits.ts';
import { reportTooLarge, reportTooLargeAt } from './too-large.ts';
import { isText, measure, type Value } from './value.ts';

const NO_LOCALS: ReadonlyMap<string, Value> = new Map();

/** `pointer`: where the node stands, unless it says so itself. */
export function evaluateNode(node: JsonNode, pointer: string, frame: Frame): JsonNode {
  const at = node.pointer ?? pointer;
  const { budget } = frame;
  if (node.type === 'scalar') return evaluateScalar(node, at, frame);
  if (node.type === 'unknown') return node;
  const site = siteOf(node, at);
  if (!budget.takeValues(1)) {
    reportTooLargeAt(frame, site);
    return mistakeAt(site);
  }
  if (!budget.enter()) {
    reportTooLargeAt(frame, site, 'depth');
    return mistakeAt(site);
  }
  const value =
    node.type === 'list' ? evaluateList(node, at, frame) : evaluateObject(node, at, frame);
  budget.leave();
  return value;
}

/** Around an expression. */
export function contextAt(node: JsonNode, pointer: string, frame: Frame): Context {
  return { ...frame, site: siteOf(node, pointer), locals: NO_LOCALS };
}

/** Where a node is written, with its text if it is a string. */
export function siteOf(node: JsonNode, pointer: string): Site {
  const isString = node.type === 'scalar' && typeof node.value === 'string';
  const isComputed = node.type === 'scalar' && node.isComputed === true;
  const text = isString ? String(node.value) : '';
  return { pointer: node.pointer ?? pointer, offset: node.offset, text, isComputed };
}

function evaluateScalar(node: ScalarNode, pointer: string, frame: Frame): JsonNode {
  const { value: text } = node;
  const site = siteOf(node, pointer);
  if (!frame.budget.takeValues(1)) {
    reportTooLargeAt(frame, site);
    return mistakeAt(site);
  }
  if (typeof text !== 'string') return node;
  const kind = kindOf(text);
  if (kind === 'literal') return node;
  if (kind === 'placeholder') {
    return unknownAt(site, 'a placeholder is filled in before the template is deployed');
  }
  // One bracket less, so the text begins one character further on.
  if (kind === 'escaped') return { ...node, offset: node.offset + 1, value: text.slice(1) };
  return evaluateText(node, site, frame);
}

type StringKind = 'literal' | 'placeholder' | 'escaped' | 'expression';

/** Source: "Syntax and expressions in ARM templates", escape characters. */
function kindOf(text: string): StringKind {
  const isBracketed = text.startsWith('[') && text.endsWith(']') && text.length > 1;
  if (!isBracketed) return isExpression(text) ? 'placeholder' : 'literal';
  if (text.startsWith('[[')) return 'escaped';
  // In the format of format() two brackets stand for one.
  return isPlaceholder(text) && !/\bformat\s*\(/i.test(text) ? 'placeholder' : 'expression';
}

/** Does the string stand for what it evaluates to? */
export function isEvaluated(node: JsonNode): boolean {
  return isText(node) && kindOf(node.value) === 'expression';
}

function evaluateText(node: ScalarNode, site: Site, frame: Frame): Value {
  const expression = frame.scope.readExpression(site, node, frame);
  if (expression === undefined) return mistakeAt(site);
  const context = contextAt(node, site.pointer, frame);
  const around = frame.blanks.begin();
  const result = evaluateExpression(expression, context);
  const isMadeWithBlank = frame.blanks.end(around, result);
  if (result.type === 'unknown') return unknownLike(result, site);
  const value = isMadeWithBlank ? { ...result } : result;
  if (isMadeWithBlank) markBlank(value);
  const { size, depth } = measure(value);
  if (depth > TEMPLATE_LIMITS.valueDepth) return reportTooLarge(context, 'value depth');
  return frame.budget.takeValues(size) ? value : reportTooLarge(context);
}

function evaluateList(node: ListNode, pointer: string, frame: Frame): JsonNode {
  let isChanged = false;
  const items = node.items.map((item, index) => {
    const value = evaluateNode(item, pointerTo(pointer, index), frame);
    isChanged ||= value !== item;
    return value;
  });
  return isChanged ? { ...node, items } : node;
}

function evaluateObject(node: ObjectNode, pointer: string, frame: Frame): JsonNode {
  let isChanged = false;
  const members: Member[] = [];
  for (const member of node.members) {
    const copied = copiedMembers(member, pointer, frame, evaluateNode);
    if (copied !== undefined) {
      isChanged = true;
      members.push(...copied);
      continue;
    }
    const evaluated = evaluateMember(member, node, pointer, frame);
    if (evaluated.type === 'unknown') return evaluated;
    isChanged ||= evaluated.member !== member;
    members.push(evaluated.member);
  }
  return isChanged ? { ...node, members } : node;
}

const NAME_NODES = new WeakMap<Member, ScalarNode>();

/** One node for each name, so that an expression in it is read once. */
function nameNode(member: Member): ScalarNode {
  const known = NAME_NODES.get(member);
  if (known !== undefined) return known;
  const { offset, key } = member;
  const made: ScalarNode = { type: 'scalar', offset, value: key };
  NAME_NODES.set(member, made);
  return made;
}

/** A name may be an expression, too; when it is not known, nothing is known of the object. */
function evaluateMember(
  member: Member,
  node: ObjectNode,
  pointer: string,
  frame: Frame,
): { readonly type: 'member'; readonly member: Member } | (JsonNode & { type: 'unknown' }) {
  const { written = member.key } = member;
  const value = evaluateNode(member.value, pointerTo(pointer, written), frame);
  const name = nameNode(member);
  const kind = kindOf(member.key);
  if (kind === 'literal') {
    return { type: 'member', member: value === member.value ? member : { ...member, value } };
  }
  const key = evaluateScalar(name, pointerTo(pointer, written), frame);
  if (isText(key)) return { type: 'member', member: { ...member, key: key.value, written, value } };
  const site = { ...siteOf(name, pointer), offset: node.offset };
  if (key.type === 'unknown') return unknownLike(key, site);
  const context = contextAt(name, pointerTo(pointer, written), frame);
  refuse(context, 'ARM_STRUCTURE', 1, 'the name of a member is not a text');
  return mistakeAt(site);
}
