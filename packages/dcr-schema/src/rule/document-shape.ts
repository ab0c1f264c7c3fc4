/**
 * Tells a rule from the other JSON documents people have at hand: templates, policies, lists of
 * rules, other resources, answers and examples of the API.
 */
import type { RuleCode } from './codes.ts';
import { didYouMean } from './did-you-mean.ts';
import { PROPERTY_NAMES } from './schema/rule-document.ts';
import { type JsonNode, type ObjectNode, toJson } from './text/json-tree.ts';
import { count, nameOf, show } from './text/show.ts';

export interface Refusal {
  readonly code: RuleCode;
  readonly message: string;
  readonly hint?: string;
}

const RULE_TYPE = 'Microsoft.Insights/dataCollectionRules';

/** Is the rule under a member `properties`? Otherwise its members stand at the top. */
export function isWrapped(document: ObjectNode): boolean {
  return find(document, 'properties') !== undefined;
}

/** Why the document is not one rule; `undefined` when it may be one. */
export function refuseDocument(document: JsonNode): Refusal | undefined {
  if (document.type === 'list') return refuseList(document.items.length, 'the document');
  if (document.type !== 'object') {
    const message = `the document is ${show(toJson(document))}, expected an object that holds a rule`;
    return { code: 'DCR_NOT_A_RULE', message };
  }
  return refuseOtherForm(document) ?? refuseOtherType(document) ?? refuseEmptyForm(document);
}

function refuseList(length: number, what: string): Refusal {
  return {
    code: 'DCR_IS_LIST',
    message: `${what} is a list of ${count(length, 'item')}, expected one rule`,
    hint: 'give each rule as a document of its own',
  };
}

/** Forms that are recognised by members no rule has. */
function refuseOtherForm(document: ObjectNode): Refusal | undefined {
  const schemaUri = textOf(find(document, '$schema')) ?? '';
  const inner = find(document, 'properties');
  const has = (name: string): boolean =>
    find(document, name) !== undefined ||
    (inner?.type === 'object' && find(inner, name) !== undefined);
  if (/deploymentParameters/i.test(schemaUri)) {
    return isOther('DCR_NOT_A_RULE', 'the document is a file of template parameters, not a rule');
  }
  if (has('policyRule') || has('policyDefinitions') || (has('if') && has('then'))) {
    const message = 'the document is an Azure Policy definition, not a rule';
    return isOther('DCR_IS_POLICY', message, 'take the rule out of the template it deploys');
  }
  if (/deploymentTemplate/i.test(schemaUri) || has('resources')) {
    const message = 'the document is an ARM template, not a rule';
    return isOther('DCR_IS_TEMPLATE', message, "take the rule out of its 'resources'");
  }
  const list = find(document, 'value');
  if (inner === undefined && list?.type === 'list') {
    return refuseList(list.items.length, "the document's 'value'");
  }
  if (inner === undefined && has('parameters') && has('responses')) {
    const message = 'the document is an example of the API, not a rule';
    return isOther('DCR_NOT_A_RULE', message, "take the rule out of 'parameters'");
  }
  if (has('configurations')) {
    return isOther(
      'DCR_NOT_A_RULE',
      'the document is the configuration an agent receives, not a rule',
    );
  }
  return undefined;
}

function refuseOtherType(document: ObjectNode): Refusal | undefined {
  const type = textOf(find(document, 'type'));
  if (type !== undefined && type.toLowerCase() !== RULE_TYPE.toLowerCase()) {
    const message = `the document is a resource of type ${nameOf(type)}, expected '${RULE_TYPE}'`;
    return isOther('DCR_WRONG_RESOURCE_TYPE', message);
  }
  const inner = find(document, 'properties');
  if (inner?.type === 'object' && find(inner, 'dataCollectionRuleId') !== undefined) {
    const message = 'the document is the association of a rule with a machine, not a rule';
    return isOther('DCR_WRONG_RESOURCE_TYPE', message);
  }
  return undefined;
}

/** An object without a single member of a rule; nothing more could be said of it. */
function refuseEmptyForm(document: ObjectNode): Refusal | undefined {
  const inner = find(document, 'properties');
  if (inner !== undefined && inner.type !== 'object') return undefined;
  const holder = inner ?? document;
  if (PROPERTY_NAMES.some((name) => find(holder, name) !== undefined)) return undefined;
  const place = inner === undefined ? 'the document' : "'properties'";
  const names = holder.members.map((m) => m.key);
  const meant = names
    .map((name) => didYouMean(name, ['properties', ...PROPERTY_NAMES]))
    .find((hint) => hint !== undefined);
  const message = `${place} holds no rule: no dataSources, destinations or dataFlows are there`;
  return isOther('DCR_NOT_A_RULE', message, meant);
}

function isOther(code: RuleCode, message: string, hint?: string): Refusal {
  return { code, message, ...(hint !== undefined && { hint }) };
}

/** A member by name, ignoring letter case. */
function find(node: ObjectNode, name: string): JsonNode | undefined {
  const wanted = name.toLowerCase();
  return node.members.find((m) => m.key.toLowerCase() === wanted)?.value;
}

function textOf(node: JsonNode | undefined): string | undefined {
  return node?.type === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
