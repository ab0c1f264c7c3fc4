import type { Json } from '../rule.ts';
import type { RuleDocument } from '../rule-document.ts';
import { isExpression } from '../template-expression.ts';
import { pointerTo } from '../text/json-tree.ts';
import { nameOf } from '../text/show.ts';

/** Says which texts only a deployment would evaluate, where nothing worse was said of them. */
export function checkExpressions(document: RuleDocument): void {
  visit(document.value, '', document);
}

function visit(value: Json, pointer: string, document: RuleDocument): void {
  if (typeof value === 'string') {
    if (!isExpression(value) || document.isUnknown(pointer)) return;
    if (document.isReported(pointer)) return;
    const message = `${nameOf(value)} is taken as it is written`;
    const hint = 'template expressions and placeholders are not evaluated: write the value itself';
    document.report('DCR_EXPRESSION', pointer, message, hint);
  } else if (typeof value === 'object' && value !== null) {
    for (const [step, below] of Object.entries(value)) {
      visit(below as Json, pointerTo(pointer, step), document);
    }
  }
}
