/**
 * Which of the JSON documents that people have at hand one is: a rule, or a template, policy, list,
 * answer or example that may hold rules.
 */
import { nearest } from './did-you-mean.ts';
import { PROPERTY_NAMES } from './schema/rule-document.ts';
import type { JsonNode, Member, ObjectNode } from './text/json-tree.ts';

export type DocumentForm =
  /** One rule, right or wrong. */
  | 'rule'
  | 'template'
  /** A policy definition, or its `policyRule` alone. */
  | 'policy'
  /** A set of policies, which refers to them. */
  | 'initiative'
  | 'list'
  /** An answer of the control plane: `{"value": […], "nextLink"}`. */
  | 'answer'
  /** Of the published specification: `{"parameters": {…}, "responses": {…}}`. */
  | 'example'
  /** Values for the parameters of a template. */
  | 'parameters'
  /** What an agent receives. */
  | 'configuration'
  | 'association'
  /** A resource of any other type. */
  | 'resource'
  /** An object without a single member of a rule. */
  | 'no rule'
  | 'no object';

export const RULE_TYPE = 'Microsoft.Insights/dataCollectionRules';
export const ASSOCIATION_TYPE = 'Microsoft.Insights/dataCollectionRuleAssociations';

/** Is the rule under a member `properties`? Otherwise its members stand at the top. */
export function isWrapped(document: ObjectNode): boolean {
  return memberOf(document, 'properties') !== undefined || hasMisspelledWrapper(document);
}

/** A rule under what was meant to be `properties`, not the file of a tool. */
function hasMisspelledWrapper(document: ObjectNode): boolean {
  if (memberOf(document, 'properties') !== undefined || holdsRule(document)) return false;
  return document.members.some(
    ({ key, value }) =>
      value.type === 'object' && nearest(key, ['properties']) !== undefined && holdsRule(value),
  );
}

/** Members that files of other kinds do not have; `destinations` and the like they may. */
const TELLING_NAMES: readonly string[] = [
  'dataFlows',
  'dataSources',
  'directDataSources',
  'streamDeclarations',
  'agentSettings',
];

/** Kinds that no other resource has; endpoints are of kind `Linux` and `Windows` too. */
const TELLING_KINDS =
  /^\s*(AgentSettings|Direct|WorkspaceTransforms|PlatformTelemetry|AgentDirectToStore)\s*$/i;

function holdsRule(node: ObjectNode): boolean {
  const isTelling = TELLING_NAMES.some((name) => memberOf(node, name) !== undefined);
  return isTelling || memberOf(node, 'destinations')?.type === 'object';
}

export function documentForm(document: JsonNode): DocumentForm {
  if (document.type === 'list') return 'list';
  if (document.type !== 'object') return 'no object';
  return otherForm(document) ?? resourceForm(document) ?? ruleForm(document);
}

/** Forms that are recognised by members no rule has. */
function otherForm(document: ObjectNode): DocumentForm | undefined {
  const schemaUri = textOf(memberOf(document, '$schema')) ?? '';
  const inner = memberOf(document, 'properties');
  const has = (name: string): boolean =>
    memberOf(document, name) !== undefined ||
    (inner?.type === 'object' && memberOf(inner, name) !== undefined);
  if (/deploymentParameters/i.test(schemaUri)) return 'parameters';
  if (has('policyRule') || (has('if') && has('then'))) return 'policy';
  if (has('policyDefinitions')) return 'initiative';
  if (/deploymentTemplate/i.test(schemaUri) || hasResources(document)) return 'template';
  if (inner === undefined && memberOf(document, 'value')?.type === 'list') return 'answer';
  if (inner === undefined && has('parameters') && has('responses')) return 'example';
  return has('configurations') ? 'configuration' : undefined;
}

/** Resources of a template, as other files have none: a list, or an object, of what has a type. */
function hasResources(document: ObjectNode): boolean {
  const resources = memberOf(document, 'resources');
  if (resources?.type !== 'list' && resources?.type !== 'object') return false;
  const parts =
    resources.type === 'list' ? resources.items : resources.members.map(({ value }) => value);
  return parts.every((part) => {
    if (part.type !== 'object') return false;
    const type = memberOf(part, 'type');
    return type?.type === 'unknown' || textOf(type) !== undefined;
  });
}

function resourceForm(document: ObjectNode): DocumentForm | undefined {
  const type = textOf(memberOf(document, 'type'))?.toLowerCase();
  if (type === ASSOCIATION_TYPE.toLowerCase()) return 'association';
  if (type === RULE_TYPE.toLowerCase()) return 'rule';
  if (type !== undefined) return 'resource';
  const inner = memberOf(document, 'properties');
  return inner?.type === 'object' && isAssociation(inner) ? 'association' : undefined;
}

/** Of a rule with a machine, or of an endpoint, which rules name too. */
function isAssociation(properties: ObjectNode): boolean {
  if (memberOf(properties, 'dataCollectionRuleId') !== undefined) return true;
  const ownNames = PROPERTY_NAMES.filter((name) => !SHARED_NAMES.includes(name));
  return (
    memberOf(properties, 'dataCollectionEndpointId') !== undefined &&
    !ownNames.some((name) => memberOf(properties, name) !== undefined)
  );
}

/** What associations have as well. */
const SHARED_NAMES: readonly string[] = [
  'description',
  'dataCollectionEndpointId',
  'metadata',
  'provisioningState',
];

function ruleForm(document: ObjectNode): DocumentForm {
  const inner = memberOf(document, 'properties');
  if (inner !== undefined && inner.type !== 'object') return 'rule';
  const isOfKind = TELLING_KINDS.test(textOf(memberOf(document, 'kind')) ?? '');
  const isRule = isOfKind || holdsRule(inner ?? document) || hasMisspelledWrapper(document);
  return isRule ? 'rule' : 'no rule';
}

/** A member by name, ignoring letter case. */
export function findMember(node: ObjectNode, name: string): Member | undefined {
  const wanted = name.toLowerCase();
  return node.members.find((m) => m.key.toLowerCase() === wanted);
}

/** The value of a member by name, ignoring letter case. */
export function memberOf(node: ObjectNode, name: string): JsonNode | undefined {
  return findMember(node, name)?.value;
}

export function textOf(node: JsonNode | undefined): string | undefined {
  return node?.type === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
