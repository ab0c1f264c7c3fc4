/**
 * Associations, which templates deploy beside rules. Source: answers of the service to associations
 * of endpoints under other names, and to those with two targets.
 */
import { findMember, memberOf, textOf } from '../rule/document-form.ts';
import type { Findings } from '../rule/findings.ts';
import { isExpression } from '../rule/template-expression.ts';
import type { JsonNode, Member, ObjectNode } from '../rule/text/json-tree.ts';
import { placeOfMember, pointerTo } from '../rule/text/json-tree.ts';
import { nameOf } from '../rule/text/show.ts';

const ENDPOINT_NAME = 'configurationAccessEndpoint';

export function checkAssociation(node: ObjectNode, pointer: string, findings: Findings): void {
  const properties = memberOf(node, 'properties');
  if (properties?.type !== 'object') return;
  const inside = properties.pointer ?? pointerTo(pointer, 'properties');
  const rule = target(properties, 'dataCollectionRuleId');
  const endpoint = target(properties, 'dataCollectionEndpointId');
  if (rule !== undefined && endpoint !== undefined) {
    // One of the two may turn out to be null.
    if (isUnknown(rule.value) || isUnknown(endpoint.value)) return;
    const place = placeOfMember(endpoint, inside);
    const message = 'an association names both a rule and an endpoint';
    findings.add('DCRA_TWO_TARGETS', place, message, 'make an association for each');
    return;
  }
  const member = findMember(node, 'name');
  // The name of an extension resource in a template ends with that of the association.
  const name = textOf(member?.value)?.split('/').at(-1);
  if (member === undefined || name === undefined || isExpression(name)) return;
  const isReserved = name.toLowerCase() === ENDPOINT_NAME.toLowerCase();
  const place = placeOfMember(member, pointer);
  if (endpoint !== undefined && !isUnknown(endpoint.value) && !isReserved) {
    const message = `the association of an endpoint is named ${nameOf(name)}`;
    findings.add('DCRA_ENDPOINT_NAME', place, message, `name it '${ENDPOINT_NAME}'`);
  } else if (rule !== undefined && !isUnknown(rule.value) && isReserved) {
    const message = `the association of a rule is named '${ENDPOINT_NAME}', as those of endpoints are`;
    findings.add('DCRA_NAME_RESERVED', place, message, 'give it another name');
  }
}

function target(properties: ObjectNode, name: string): Member | undefined {
  const member = findMember(properties, name);
  const isNull = member?.value.type === 'scalar' && member.value.value === null;
  return isNull ? undefined : member;
}

function isUnknown(value: JsonNode): boolean {
  return value.type === 'unknown' || isExpression(textOf(value) ?? '');
}
