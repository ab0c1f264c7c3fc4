/**
 * Parameters that are empty by default: in templates that forms are made of, the default value is
 * what the form begins with, and a deployment gives another. Where a rule takes one as it is, it is
 * not known.
 */
import { parameterExpression } from '../rule/template-expression.ts';
import type { JsonNode, Member, ObjectNode } from '../rule/text/json-tree.ts';
import { pointerSteps } from '../rule/text/json-tree.ts';
import type { UnknownValue } from './template/template.ts';

/** Adds what is not known to `unknowns`. As deep as the node, which its evaluation has bounded. */
export function withoutEmptyDefaults(node: ObjectNode, unknowns: UnknownValue[]): ObjectNode {
  let isSame = true;
  const members = node.members.map((member): Member => {
    const value = replaced(member.value, unknowns);
    if (value === member.value) return member;
    isSame = false;
    return { ...member, value };
  });
  return isSame ? node : { ...node, members };
}

function replaced(node: JsonNode, unknowns: UnknownValue[]): JsonNode {
  if (node.type === 'object') return withoutEmptyDefaults(node, unknowns);
  if (node.type === 'list') {
    const items = node.items.map((item) => replaced(item, unknowns));
    return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
  }
  if (node.type !== 'scalar' || node.value !== '' || node.pointer === undefined) return node;
  const { pointer, offset } = node;
  const name = parameterOf(pointer);
  if (name === undefined) return node;
  const expression = parameterExpression(name);
  const reason = `the parameter '${name}' is empty by default`;
  unknowns.push({ pointer, offset, expression, reason });
  return { type: 'unknown', pointer, offset, expression };
}

function parameterOf(pointer: string): string | undefined {
  const [parameters, name, member] = pointerSteps(pointer).slice(-3);
  const isDefault = /^parameters$/i.test(parameters ?? '') && /^defaultValue$/i.test(member ?? '');
  return isDefault ? name : undefined;
}
