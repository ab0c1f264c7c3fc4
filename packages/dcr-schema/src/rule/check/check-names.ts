/** Names of the rule, and of what is found in it by its name. */
import { LIMITS } from '../limits.ts';
import { PROPERTIES_POINTER, type RuleParts } from '../read-parts.ts';
import { itemsAt, objectOf, stringOf, type Text, textAt } from '../read-values.ts';
import type { Json } from '../rule.ts';
import type { RuleDocument } from '../rule-document.ts';
import { isExpression } from '../template-expression.ts';
import { pointerTo } from '../text/json-tree.ts';
import { nameOf } from '../text/show.ts';

export function checkNames(parts: RuleParts, document: RuleDocument): void {
  checkRuleName(parts, document);
  checkUnique('data source', namesOf(parts.sources), document);
  checkUnique('destination', namesOf(parts.destinations), document);
  for (const [what, ...path] of OTHER_NAMES) checkUnique(what, namesAt(parts, path), document);
  for (const { text, pointer } of namesOf(parts.sources)) {
    if (text.length <= LIMITS.dataSourceNameLength.most || isExpression(text)) continue;
    const message = `the data source name ${nameOf(text)} has ${text.length} characters`;
    const hint = `common tools accept ${LIMITS.dataSourceNameLength.most}`;
    document.report('DCR_NAME_INVALID', pointer, message, hint);
  }
}

function checkRuleName({ envelope, kind }: RuleParts, document: RuleDocument): void {
  const name = stringOf(envelope.name);
  if (name === undefined || isExpression(name)) return;
  const isDirect = kind?.toLowerCase() === 'direct';
  const { most } = isDirect ? LIMITS.directRuleNameLength : LIMITS.ruleNameLength;
  const report = (what: string, hint: string): void => {
    document.report('DCR_NAME_INVALID', '/name', `the rule name ${nameOf(name)} ${what}`, hint);
  };
  if (name.length < 3) report('is too short', 'use 3 characters or more');
  else if (name.length > most) {
    const ofKind = isDirect ? " of kind 'Direct'" : '';
    report(`has ${name.length} characters`, `a rule${ofKind} has ${most} at most`);
  } else if (/^-|-$/.test(name)) report("starts or ends with '-'", "put the '-' inside");
}

function checkUnique(what: string, names: readonly Text[], document: RuleDocument): void {
  const seen = new Set<string>();
  for (const { text, pointer } of names) {
    const key = text.toLowerCase();
    // Of a loop, each instance may have another name.
    if (isExpression(text)) continue;
    if (seen.has(key)) {
      const message = `another ${what} has the name ${nameOf(text)} already`;
      document.report('DCR_NAME_DUPLICATE', pointer, message, 'give each one its own name');
    }
    seen.add(key);
  }
}

/** Lists of what is found by its name, with what an item is called. */
const OTHER_NAMES: readonly (readonly [what: string, ...path: string[]])[] = [
  ['transformation', 'transformations'],
  ['storage blob', 'references', 'enrichmentData', 'storageBlobs'],
  ['resource', 'references', 'applicationInsights'],
  ['agent setting', 'agentSettings', 'logs'],
];

function namesAt({ properties }: RuleParts, path: readonly string[]): readonly Text[] {
  const list = path.reduce<Json | undefined>((value, step) => objectOf(value)[step], properties);
  const { parts } = itemsAt(list, pointerTo(PROPERTIES_POINTER, ...path));
  return parts.flatMap(({ members, pointer }) => textAt(members, 'name', pointer) ?? []);
}

function namesOf(parts: readonly { readonly name: Text | undefined }[]): readonly Text[] {
  return parts.flatMap((p) => p.name ?? []);
}
