/** Outputs are evaluated for their mistakes only: a template with a wrong one is not deployed. */
import type { ObjectNode } from '../../rule/text/json-tree.ts';
import { pointerTo } from '../../rule/text/json-tree.ts';
import type { Frame } from './context.ts';
import { countOf, withLoop } from './copy.ts';
import { evaluateNode } from './evaluate-node.ts';
import { memberOf } from './value.ts';

/** Reports what is wrong in the outputs of a template. */
export function checkOutputs(template: ObjectNode, pointer: string, frame: Frame): void {
  const outputs = memberOf(template, 'outputs');
  if (outputs?.value.type !== 'object') return;
  const at = outputs.value.pointer ?? pointerTo(pointer, outputs.written ?? 'outputs');
  for (const { key, written = key, value } of outputs.value.members) {
    if (value.type === 'object') checkOutput(value, value.pointer ?? pointerTo(at, written), frame);
  }
}

/** Where it is given only on a condition, its value may be one that nobody asks for. */
function checkOutput(output: ObjectNode, pointer: string, frame: Frame): void {
  const condition = evaluatedMember(output, 'condition', pointer, frame);
  const isSure = condition?.type !== 'unknown' && condition?.type !== 'scalar';
  const isGiven = condition?.type === 'scalar' && condition.value === true;
  const around = isSure || isGiven ? frame : { ...frame, isUnsure: true };
  evaluatedMember(output, 'value', pointer, around);
  const loop = memberOf(output, 'copy')?.value;
  if (loop?.type !== 'object') return;
  const at = pointerTo(pointer, 'copy');
  const count = memberOf(loop, 'count');
  if (count !== undefined) countOf(count, at, around, evaluateNode);
  const inside = { ...withLoop(around, '', undefined, true), isUnsure: true };
  evaluatedMember(loop, 'input', at, inside);
}

function evaluatedMember(owner: ObjectNode, name: string, pointer: string, frame: Frame) {
  const member = memberOf(owner, name);
  return member && evaluateNode(member.value, pointerTo(pointer, member.written ?? name), frame);
}
