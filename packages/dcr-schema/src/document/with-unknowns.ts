/**
 * A document that nothing deploys, such as a rule that was cut out of a template or is part of a
 * connector: its expressions and placeholders are values that are not known here.
 */
import { isExpression } from '../rule/template-expression.ts';
import type { JsonNode, Member, ObjectNode } from '../rule/text/json-tree.ts';
import { pointerTo } from '../rule/text/json-tree.ts';
import type { UnknownValue } from './template/template.ts';

/** Adds what is not known to `unknowns`. As deep as the parser lets a document be. */
export function withUnknowns(
  node: ObjectNode,
  pointer: string,
  unknowns: UnknownValue[],
): ObjectNode {
  const members = node.members.map((member): Member => {
    const at = pointerTo(pointer, member.written ?? member.key);
    return { ...member, value: replaced(member.value, at, unknowns) };
  });
  return { ...node, members };
}

function replaced(node: JsonNode, at: string, unknowns: UnknownValue[]): JsonNode {
  const pointer = node.pointer ?? at;
  switch (node.type) {
    case 'object':
      return withUnknowns(node, pointer, unknowns);
    case 'list': {
      const items = node.items.map((item, i) => replaced(item, pointerTo(pointer, i), unknowns));
      return { ...node, items };
    }
    case 'unknown':
      return node;
    case 'scalar': {
      const { value, offset } = node;
      if (typeof value !== 'string' || !isExpression(value)) return node;
      const isPlaceholder = value.includes('{{');
      const reason = isPlaceholder ? 'a placeholder' : 'an expression outside of a template';
      unknowns.push({ pointer, offset, expression: value, reason });
      return { ...node, type: 'unknown', expression: value };
    }
  }
}
