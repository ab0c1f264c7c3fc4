/**
 * Templates often choose between parts by a parameter that nobody has given yet. All the parts
 * that it may choose are there to be checked.
 */
import type { JsonNode } from '../../rule/text/json-tree.ts';
import type { Context, Frame } from './context.ts';
import { evaluateExpression } from './evaluate-expression.ts';
import { contextAt, evaluateNode, isEvaluated } from './evaluate-node.ts';
import type { Expression } from './expression/ast.ts';
import { placed, type Value } from './value.ts';

/**
 * What the node may evaluate to, as far as it is known: mostly one value, more where conditions
 * are not known, none where nothing is. What is no expression is returned as it is.
 */
export function alternativesOf(node: JsonNode, pointer: string, frame: Frame): readonly Value[] {
  if (!isEvaluated(node)) return node.type === 'unknown' ? [] : [placed(node, pointer)];
  const value = evaluateNode(node, pointer, frame);
  if (value.type !== 'unknown') return [placed(value, pointer)];
  const context = contextAt(node, pointer, { ...frame, isUnsure: true });
  const expression = frame.scope.readExpression(context.site, node, frame);
  if (expression === undefined) return [];
  const leaves = leavesOf(expression, context);
  return leaves
    .map((leaf) => evaluateExpression(leaf, context))
    .filter((v) => v.type !== 'unknown');
}

/** The branches of conditions, inside one another, that may be taken. */
function leavesOf(root: Expression, context: Context): readonly Expression[] {
  const leaves: Expression[] = [];
  const waiting = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [condition, yes, no] = next.kind === 'call' && isChoice(next.name) ? next.args : [];
    if (condition === undefined || yes === undefined || no === undefined) {
      leaves.push(next);
      continue;
    }
    const value = evaluateExpression(condition, context);
    const isKnown = value.type === 'scalar';
    if (!isKnown || value.value === false) waiting.push(no);
    if (!isKnown || value.value === true) waiting.push(yes);
  }
  return leaves;
}

function isChoice(name: string): boolean {
  return name.toLowerCase() === 'if';
}
