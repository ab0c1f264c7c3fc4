/** What a template declares, by name in lower case; nothing of it is evaluated here. */
import type { JsonNode, Member, ObjectNode } from '../../rule/text/json-tree.ts';
import { pointerTo } from '../../rule/text/json-tree.ts';
import { nameOf } from '../../rule/text/show.ts';
import { definitionsOf } from './definitions.ts';
import { siteOf } from './evaluate-node.ts';
import type { TemplateReport } from './findings.ts';
import { type Declaration, declarationOf } from './parameter.ts';
import { type FunctionDeclaration, type ScopeParts, variablesOf } from './scope.ts';
import { isText, memberOf, showValue } from './value.ts';

/** Reports a part that is not of the shape it must have, and takes it as absent. */
export function declaredParts(
  template: ObjectNode,
  pointer: string,
  report: TemplateReport,
): Omit<ScopeParts, 'given'> {
  const parameters = objectOf(template, 'parameters', pointer, report);
  const variables = objectOf(template, 'variables', pointer, report);
  const definitions = definitionsOf(template);
  return {
    parameters: parameters === undefined ? new Map() : declarations(parameters, definitions),
    variables: variables === undefined ? new Map() : variablesOf(variables.node, variables.at),
    functions: functionsOf(template, pointer, report),
  };
}

interface Part {
  readonly node: ObjectNode;
  readonly at: string;
}

function objectOf(
  owner: ObjectNode,
  name: string,
  pointer: string,
  report: TemplateReport,
): Part | undefined {
  const member = memberOf(owner, name);
  if (member === undefined) return undefined;
  const at = placeOf(member, pointer);
  if (member.value.type === 'object') return { node: member.value, at };
  reportShape(member, at, 'an object', report);
  return undefined;
}

function placeOf(member: Member, pointer: string): string {
  return member.value.pointer ?? pointerTo(pointer, member.written ?? member.key);
}

function reportShape(member: Member, at: string, expected: string, report: TemplateReport): void {
  const { key, value } = member;
  const isAbsent = value.type === 'unknown' || (value.type === 'scalar' && value.value === null);
  if (isAbsent) return;
  const message = `${nameOf(key)} is ${showValue(value)}, expected ${expected}`;
  report.at('ARM_STRUCTURE', siteOf(value, at), message);
}

function declarations(
  { node, at }: Part,
  definitions: ObjectNode | undefined,
): Map<string, Declaration> {
  const found = new Map<string, Declaration>();
  for (const member of node.members) {
    const key = member.key.toLowerCase();
    if (found.has(key)) continue;
    found.set(key, declarationOf(member.key, member.value, placeOf(member, at), definitions));
  }
  return found;
}

/** `functions` is a list of namespaces, each with its functions by name. */
function functionsOf(
  template: ObjectNode,
  pointer: string,
  report: TemplateReport,
): Map<string, FunctionDeclaration> {
  const found = new Map<string, FunctionDeclaration>();
  const definitions = definitionsOf(template);
  const namespaces = memberOf(template, 'functions');
  if (namespaces === undefined) return found;
  const at = placeOf(namespaces, pointer);
  if (namespaces.value.type !== 'list') {
    reportShape(namespaces, at, 'a list', report);
    return found;
  }
  for (const [index, node] of namespaces.value.items.entries()) {
    if (node.type !== 'object') continue;
    const namespace = textOf(memberOf(node, 'namespace')?.value);
    const members = objectOf(node, 'members', pointerTo(at, index), report);
    if (members === undefined) continue;
    for (const member of members.node.members) {
      const name = `${namespace}.${member.key}`;
      const declared = functionOf(name, member, placeOf(member, members.at), definitions);
      if (declared !== undefined) found.set(name.toLowerCase(), declared);
    }
  }
  return found;
}

function functionOf(
  name: string,
  { value }: Member,
  at: string,
  definitions: ObjectNode | undefined,
): FunctionDeclaration | undefined {
  if (value.type !== 'object') return undefined;
  const output = memberOf(value, 'output');
  const result = output?.value.type === 'object' ? memberOf(output.value, 'value') : undefined;
  if (output === undefined || result === undefined) return undefined;
  const listed = memberOf(value, 'parameters');
  const parameters = new Map<string, Declaration>();
  const items = listed?.value.type === 'list' ? listed.value.items : [];
  for (const [index, node] of items.entries()) {
    const parameter = textOf(node.type === 'object' ? memberOf(node, 'name')?.value : undefined);
    const place = pointerTo(at, listed?.written ?? 'parameters', index);
    parameters.set(parameter.toLowerCase(), declarationOf(parameter, node, place, definitions));
  }
  const pointer = pointerTo(at, output.written ?? 'output', result.written ?? 'value');
  return { name, parameters, output: result.value, pointer };
}

function textOf(node: JsonNode | undefined): string {
  return node !== undefined && isText(node) ? node.value : '';
}
