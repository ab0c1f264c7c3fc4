/**
 * Policies that are published as the bodies of resources of a template: their expressions are
 * escaped, `[[parameters('x')]`, since that template would evaluate them otherwise.
 */
import { isExpression } from '../rule/template-expression.ts';
import type { JsonNode, ObjectNode } from '../rule/text/json-tree.ts';

/**
 * As the service gets it: one bracket less where what the policy sets is escaped throughout. An
 * expression that is not escaped there is one of the template, and not known.
 */
export function unescapedPolicy(policy: ObjectNode, values: JsonNode | undefined): ObjectNode {
  const has = { escaped: false, plain: false };
  note(values ?? policy, has);
  if (values !== undefined && !has.escaped && !has.plain) note(policy, has);
  return has.escaped && !has.plain ? unescapedMembers(policy) : policy;
}

/** Which expressions there are. As deep as the parser lets a document be. */
function note(node: JsonNode, has: { escaped: boolean; plain: boolean }): void {
  if (node.type === 'list') {
    for (const item of node.items) note(item, has);
  } else if (node.type === 'object') {
    for (const { value } of node.members) note(value, has);
  } else if (node.type === 'scalar' && typeof node.value === 'string') {
    has.escaped ||= isEscaped(node.value);
    has.plain ||= isPlain(node.value);
  }
}

function isEscaped(text: string): boolean {
  return text.startsWith('[[') && text.endsWith(']') && isExpression(text.slice(1));
}

function isPlain(text: string): boolean {
  return text.startsWith('[') && !text.startsWith('[[') && isExpression(text);
}

function unescapedMembers(node: ObjectNode): ObjectNode {
  const members = node.members.map((m) => ({ ...m, value: unescaped(m.value) }));
  return { ...node, members };
}

function unescaped(node: JsonNode): JsonNode {
  if (node.type === 'object') return unescapedMembers(node);
  if (node.type === 'list') return { ...node, items: node.items.map(unescaped) };
  if (node.type !== 'scalar' || typeof node.value !== 'string') return node;
  const { value, offset } = node;
  if (isPlain(value)) return { ...node, type: 'unknown', expression: value };
  const isBracketed = value.startsWith('[[') && value.endsWith(']');
  // The text begins one character further on.
  return isBracketed ? { ...node, offset: offset + 1, value: value.slice(1) } : node;
}
