/** JSON that stands nowhere in the file, as nodes that all stand at one place. */
import type { Json } from '../../rule/rule.ts';
import { isExpression } from '../../rule/template-expression.ts';
import type { JsonNode, UnknownNode } from '../../rule/text/json-tree.ts';
import type { TemplatePlace } from './findings.ts';
import { TEMPLATE_LIMITS } from './limits.ts';

/** `undefined`: nested deeper than `valueDepth`. */
export function jsonNode(
  json: Json,
  place: TemplatePlace,
  textNode: (text: string) => UnknownNode | undefined = () => undefined,
): JsonNode | undefined {
  return nodeOf(json, place, textNode, 0);
}

/**
 * The same of a value that is given from outside. A text in it that stands for something else is
 * not known: it was an expression of a policy, or will be filled in.
 */
export function givenNode(json: Json, { pointer, offset }: TemplatePlace): JsonNode | undefined {
  return jsonNode(json, { pointer, offset }, (expression) => {
    if (!isExpression(expression)) return undefined;
    const reason = 'the value it is given is known when deployed';
    return { type: 'unknown', pointer, offset, expression, reason } as UnknownNode;
  });
}

function nodeOf(
  json: Json,
  place: TemplatePlace,
  textNode: (text: string) => UnknownNode | undefined,
  depth: number,
): JsonNode | undefined {
  const { pointer, offset } = place;
  if (depth > TEMPLATE_LIMITS.valueDepth) return undefined;
  if (typeof json === 'string') {
    const unknown = textNode(json);
    return unknown ?? { type: 'scalar', pointer, offset, value: json, isComputed: true };
  }
  if (json === null || typeof json !== 'object') {
    return { type: 'scalar', pointer, offset, value: json, isComputed: true };
  }
  const parts = Array.isArray(json)
    ? json.map((part) => ['', part] as const)
    : Object.entries(json);
  const nodes: { key: string; value: JsonNode }[] = [];
  for (const [key, part] of parts) {
    const value = nodeOf(part as Json, place, textNode, depth + 1);
    if (value === undefined) return undefined;
    nodes.push({ key, value });
  }
  if (Array.isArray(json)) {
    return { type: 'list', pointer, offset, items: nodes.map((n) => n.value) };
  }
  return { type: 'object', pointer, offset, members: nodes.map((n) => ({ ...n, offset })) };
}
