/**
 * What a policy deploys where it applies: a template, whose parameters the policy sets from its
 * own. Source: Azure Policy, "deployIfNotExists effect".
 */
import { findMember, memberOf } from '../rule/document-form.ts';
import { parameterExpression } from '../rule/template-expression.ts';
import type { JsonNode, Member, ObjectNode } from '../rule/text/json-tree.ts';
import { placeOfMember } from '../rule/text/json-tree.ts';
import { unescapedPolicy } from './policy-escapes.ts';
import { DEPLOYMENT_TYPE } from './template/template.ts';

const PATH = ['then', 'details', 'deployment', 'properties'] as const;

/**
 * The policy as a template with one deployment, evaluated for itself; `undefined` when it deploys
 * nothing.
 */
export function policyAsTemplate(written: ObjectNode, pointer: string): ObjectNode | undefined {
  const values = partsOf(written, pointer).deployment?.node;
  const policy = unescapedPolicy(written, values && memberOf(values, 'parameters'));
  const { holder, deployment } = partsOf(policy, pointer);
  if (deployment === undefined || memberOf(deployment.node, 'template') === undefined) {
    return undefined;
  }
  const parameters = step(holder, 'parameters');
  const { offset } = deployment.node;
  const own = parameters === undefined ? withoutValues(deployment.node) : deployment.node;
  const resource = object(offset, deployment.pointer, [
    ['type', text(offset, DEPLOYMENT_TYPE)],
    ['name', text(offset, 'policy')],
    ['properties', { ...inner(own), pointer: deployment.pointer }],
  ]);
  const members: [string, JsonNode][] = [
    ['resources', { type: 'list', offset, items: [resource] }],
  ];
  if (parameters !== undefined) {
    members.push(['parameters', { ...parameters.node, pointer: parameters.pointer }]);
  }
  return object(offset, pointer, members);
}

/** What declares parameters, and the properties of the deployment. */
function partsOf(policy: ObjectNode, pointer: string): Parts {
  const holder = step({ node: policy, pointer }, 'properties') ?? { node: policy, pointer };
  const rule = step(holder, 'policyRule') ?? { node: policy, pointer };
  const deployment = PATH.reduce<Place | undefined>((at, name) => at && step(at, name), rule);
  return { holder, deployment };
}

interface Parts {
  readonly holder: Place;
  readonly deployment: Place | undefined;
}

interface Place {
  readonly node: ObjectNode;
  readonly pointer: string;
}

function step({ node, pointer }: Place, name: string): Place | undefined {
  const member = findMember(node, name);
  if (member?.value.type !== 'object') return undefined;
  return { node: member.value, pointer: placeOfMember(member, pointer).pointer };
}

/** Expressions of the template are its own, not the policy's. */
function inner(properties: ObjectNode): ObjectNode {
  const { offset } = properties;
  const options = object(offset, undefined, [['scope', text(offset, 'inner')]]);
  const isOther = ({ key }: Member): boolean => key.toLowerCase() !== 'expressionevaluationoptions';
  const member = { key: 'expressionEvaluationOptions', offset, value: options };
  return { ...properties, members: [...properties.members.filter(isOther), member] };
}

/** Of the rule of a policy alone, nobody knows what the policy sets parameters to. */
function withoutValues(properties: ObjectNode): ObjectNode {
  const members = properties.members.map((member): Member => {
    const isOther = member.key.toLowerCase() !== 'parameters' || member.value.type !== 'object';
    if (isOther) return member;
    const given = member.value.members.map((each): Member => ({ ...each, value: unknown(each) }));
    return { ...member, value: { ...member.value, members: given } };
  });
  return { ...properties, members };
}

function unknown({ key, value: { offset } }: Member): JsonNode {
  const expression = parameterExpression(key);
  return object(offset, undefined, [['value', { type: 'unknown', offset, expression }]]);
}

function object(
  offset: number,
  pointer: string | undefined,
  values: readonly (readonly [string, JsonNode])[],
): ObjectNode {
  const members = values.map(([key, value]) => ({ key, offset, value }));
  return { type: 'object', offset, members, ...(pointer !== undefined && { pointer }) };
}

function text(offset: number, value: string): JsonNode {
  return { type: 'scalar', offset, value };
}
