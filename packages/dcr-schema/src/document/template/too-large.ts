/** What is said when an evaluation meets a bound. */
import type { Context, Frame } from './context.ts';
import { mistakeAt } from './context.ts';
import type { Site } from './findings.ts';
import { TEMPLATE_LIMITS } from './limits.ts';
import type { Unknown } from './value.ts';

/** Which of them. */
export type Bound = 'size' | 'depth' | 'deployments' | 'text' | 'value depth';

const MESSAGES: Readonly<Record<Bound, string>> = {
  size: `the template evaluates to more than ${TEMPLATE_LIMITS.valueCount} values, or takes as long`,
  depth: `more than ${TEMPLATE_LIMITS.evaluationDepth} values are evaluated inside one another`,
  deployments: `more than ${TEMPLATE_LIMITS.deploymentDepth} deployments stand inside one another`,
  text: `an expression makes a text of more than ${TEMPLATE_LIMITS.textCharacters} characters`,
  'value depth': `a value is nested deeper than ${TEMPLATE_LIMITS.valueDepth} levels`,
};

/** Past a bound of the whole template everything is too large: that is said once. */
export function reportTooLarge(context: Context, bound: Bound = 'size'): Unknown {
  reportTooLargeAt(context, context.site, bound);
  return mistakeAt(context.site);
}

/** The same, around a node that is no expression. */
export function reportTooLargeAt(
  { report }: Pick<Frame, 'report'>,
  site: Site,
  bound: Bound = 'size',
): void {
  const isOfTemplate = bound === 'size' || bound === 'depth';
  if (isOfTemplate && !report.isFirst(bound)) return;
  report.at('ARM_TOO_LARGE', site, MESSAGES[bound]);
}
