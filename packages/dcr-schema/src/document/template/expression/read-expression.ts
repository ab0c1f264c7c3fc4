/** The text of an expression to a tree whose names are there; reports what is wrong with it. */
import type { Frame } from '../context.ts';
import type { Site } from '../findings.ts';
import { TEMPLATE_LIMITS } from '../limits.ts';
import type { Expression } from './ast.ts';
import { checkNames } from './check-names.ts';
import { parseExpression } from './parser.ts';

/** `undefined` exactly when something was reported. */
export function readExpression(site: Site, frame: Frame): Expression | undefined {
  const { text } = site;
  const { report } = frame;
  const most = TEMPLATE_LIMITS.expressionCharacters;
  if (text.length > most) {
    const message = `an expression has ${text.length} characters, and at most ${most} are read`;
    report.at('ARM_TOO_LARGE', site, message);
    return undefined;
  }
  const parsed = parseExpression(text);
  if (parsed.kind !== 'problem') return checkNames(parsed, site, frame) ? parsed : undefined;
  const code = parsed.isTooDeep === true ? 'ARM_TOO_LARGE' : 'ARM_EXPRESSION_SYNTAX';
  report.inside(code, site, parsed.unit, parsed.message, parsed.hint);
  return undefined;
}
