/**
 * Types that a template names once, which declarations refer to: `{"$ref": "#/definitions/NAME"}`.
 * Source: "Type definitions in ARM templates".
 */
import type { Member, ObjectNode } from '../../rule/text/json-tree.ts';
import { pointerSteps } from '../../rule/text/json-tree.ts';
import { isText, memberOf } from './value.ts';

/** Definitions that refer to one another; no real template has half of it. */
const REFERENCE_COUNT_MAX = 32;

/** What a declaration takes over from its definition. The rest is about parts of the value. */
const TAKEN: readonly string[] = [
  'type',
  'nullable',
  'allowedValues',
  'minValue',
  'maxValue',
  'minLength',
  'maxLength',
];

/** The `definitions` of a template. */
export function definitionsOf(template: ObjectNode): ObjectNode | undefined {
  const definitions = memberOf(template, 'definitions')?.value;
  return definitions?.type === 'object' ? definitions : undefined;
}

/**
 * The declaration with what its definition says; what it says itself goes first. It has no type
 * where the definition is not there or refers to itself.
 */
export function withDefinition(
  declaration: ObjectNode,
  definitions: ObjectNode | undefined,
): ObjectNode {
  const chain = [declaration];
  for (let last = declaration; memberOf(last, '$ref') !== undefined; ) {
    const next = chain.length > REFERENCE_COUNT_MAX ? undefined : definitionFor(last, definitions);
    if (next === undefined) return withoutType(declaration);
    chain.push(next);
    last = next;
  }
  if (chain.length === 1) return declaration;
  const taken = TAKEN.map((name) => firstMember(chain, name)).filter((m) => m !== undefined);
  const own = declaration.members.filter((m) => !TAKEN.includes(m.key));
  return { ...declaration, members: [...own, ...taken] };
}

function definitionFor(
  declaration: ObjectNode,
  definitions: ObjectNode | undefined,
): ObjectNode | undefined {
  const reference = memberOf(declaration, '$ref')?.value;
  if (reference === undefined || !isText(reference) || definitions === undefined) return undefined;
  const [root, folder, name, ...more] = reference.value.split('/');
  if (root !== '#' || folder !== 'definitions' || name === undefined || more.length > 0) {
    return undefined;
  }
  const [unescaped = name] = pointerSteps(`/${name}`);
  const definition = memberOf(definitions, unescaped)?.value;
  return definition?.type === 'object' ? definition : undefined;
}

function firstMember(chain: readonly ObjectNode[], name: string): Member | undefined {
  for (const node of chain) {
    const member = memberOf(node, name);
    if (member !== undefined) return member;
  }
  return undefined;
}

function withoutType(declaration: ObjectNode): ObjectNode {
  const members = declaration.members.filter((m) => m.key.toLowerCase() !== 'type');
  return { ...declaration, members };
}
