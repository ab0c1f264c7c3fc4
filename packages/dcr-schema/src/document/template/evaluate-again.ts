/**
 * What is escaped in a template inside another one that is evaluated from outside: `[[parameters('x')]`
 * loses a bracket there, and is an expression when the template inside is deployed.
 */
import type { JsonNode } from '../../rule/text/json-tree.ts';
import type { Frame } from './context.ts';
import { evaluateNode } from './evaluate-node.ts';
import { isText } from './value.ts';

/** As `evaluateNode`, then once more for each deployment around whose template is in outer scope. */
export function evaluateToEnd(node: JsonNode, pointer: string, frame: Frame): JsonNode {
  let value = evaluateNode(node, pointer, frame);
  for (const scope of frame.again) {
    if (!holdsBracketed(value)) return value;
    // Evaluated in its scope, it is inside the loops that it stands in.
    value = evaluateNode(value, pointer, { ...frame, scope: scope() });
  }
  return value;
}

/** As deep as the value, which its evaluation has bounded. */
function holdsBracketed(value: JsonNode): boolean {
  if (value.type === 'scalar') return isText(value) && isBracketed(value.value);
  if (value.type === 'list') return value.items.some(holdsBracketed);
  return value.type === 'object' && value.members.some((m) => holdsBracketed(m.value));
}

/** An expression, or one that loses a bracket more. */
function isBracketed(text: string): boolean {
  return text.startsWith('[') && text.endsWith(']');
}
