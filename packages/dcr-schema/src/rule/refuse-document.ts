/** Why a document is not one rule. */
import type { RuleCode } from './codes.ts';
import { didYouMean } from './did-you-mean.ts';
import { documentForm, memberOf, RULE_TYPE, textOf } from './document-form.ts';
import { PROPERTY_NAMES } from './schema/rule-document.ts';
import { type JsonNode, type ObjectNode, toJson } from './text/json-tree.ts';
import { count, nameOf, show } from './text/show.ts';

export interface Refusal {
  readonly code: RuleCode;
  readonly message: string;
  readonly hint?: string;
}

/** `undefined` when the document may be one. */
export function refuseDocument(document: JsonNode): Refusal | undefined {
  switch (documentForm(document)) {
    case 'rule':
      return undefined;
    case 'list':
      return refuseList(document, 'the document');
    case 'answer':
      return refuseList(memberOf(document as ObjectNode, 'value'), "the document's 'value'");
    case 'policy':
    case 'initiative':
      return {
        code: 'DCR_IS_POLICY',
        message: 'the document is an Azure Policy definition, not a rule',
        hint: 'take the rule out of the template it deploys',
      };
    case 'template':
      return {
        code: 'DCR_IS_TEMPLATE',
        message: 'the document is an ARM template, not a rule',
        hint: "take the rule out of its 'resources'",
      };
    case 'parameters':
      return isNoRule('the document is a file of template parameters, not a rule');
    case 'example':
      return isNoRule(
        'the document is an example of the API, not a rule',
        "take the rule out of 'parameters'",
      );
    case 'configuration':
      return isNoRule('the document is the configuration an agent receives, not a rule');
    case 'association':
      return {
        code: 'DCR_WRONG_RESOURCE_TYPE',
        message: 'the document is the association of a rule with a machine, not a rule',
      };
    case 'resource': {
      const type = nameOf(textOf(memberOf(document as ObjectNode, 'type')) ?? '');
      const message = `the document is a resource of type ${type}, expected '${RULE_TYPE}'`;
      return { code: 'DCR_WRONG_RESOURCE_TYPE', message };
    }
    case 'no rule':
      return refuseEmptyForm(document as ObjectNode);
    case 'no object':
      return isNoRule(
        `the document is ${show(toJson(document))}, expected an object that holds a rule`,
      );
  }
}

function isNoRule(message: string, hint?: string): Refusal {
  return { code: 'DCR_NOT_A_RULE', message, ...(hint !== undefined && { hint }) };
}

function refuseList(list: JsonNode | undefined, what: string): Refusal {
  const length = list?.type === 'list' ? list.items.length : 0;
  return {
    code: 'DCR_IS_LIST',
    message: `${what} is a list of ${count(length, 'item')}, expected one rule`,
    hint: 'give each rule as a document of its own',
  };
}

/** Nothing more could be said of it. */
function refuseEmptyForm(document: ObjectNode): Refusal {
  const inner = memberOf(document, 'properties');
  const holder = inner?.type === 'object' ? inner : document;
  const place = inner === undefined ? 'the document' : "'properties'";
  const names = holder.members.map((m) => m.key);
  const meant = names
    .map((name) => didYouMean(name, ['properties', ...PROPERTY_NAMES]))
    .find((hint) => hint !== undefined);
  return isNoRule(
    `${place} holds no rule: no dataSources, destinations or dataFlows are there`,
    meant,
  );
}
