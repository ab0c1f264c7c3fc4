/** A resource that is deployed stands in a region; machines run a rule without one. */
import type { RuleParts } from '../rule/read-parts.ts';
import type { RuleDocument } from '../rule/rule-document.ts';

export function checkLocation({ envelope }: RuleParts, document: RuleDocument): void {
  if (envelope.type === undefined || envelope.location !== undefined) return;
  if (document.isReported('')) return;
  const message = "the resource has no 'location', expected a region";
  const hint = 'write "location": "[resourceGroup().location]", or the name of a region';
  document.report('DCR_MEMBER_MISSING', '', message, hint);
}
