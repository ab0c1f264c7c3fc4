/** Evaluates templates in tests and tells places as an editor does. */
import assert from 'node:assert/strict';
import type { TemplateCode } from '../../../../../packages/dcr-schema/src/document/template/codes.ts';
import type { TemplateFindings } from '../../../../../packages/dcr-schema/src/document/template/findings.ts';
import {
  type EvaluatedTemplate,
  evaluateTemplate,
} from '../../../../../packages/dcr-schema/src/document/template/template.ts';
import { Findings } from '../../../../../packages/dcr-schema/src/rule/findings.ts';
import type { Json } from '../../../../../packages/dcr-schema/src/rule/rule.ts';
import type {
  JsonNode,
  Member,
  ObjectNode,
} from '../../../../../packages/dcr-schema/src/rule/text/json-tree.ts';
import { pointerTo, toJson } from '../../../../../packages/dcr-schema/src/rule/text/json-tree.ts';
import { LineIndex } from '../../../../../packages/dcr-schema/src/rule/text/line-index.ts';
import { parseJsonText } from '../../../../../packages/dcr-schema/src/rule/text/parse-json-text.ts';

export interface Found {
  readonly code: TemplateCode;
  readonly pointer: string;
  /** `line:column`, from 1. */
  readonly at: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

export interface Evaluation extends EvaluatedTemplate {
  readonly found: readonly Found[];
  /** `line:column` of an offset. */
  at(offset: number): string;
}

export function evaluateText(text: string, parameters?: ReadonlyMap<string, Json>): Evaluation {
  const lines = new LineIndex(text);
  const root = parseJsonText(text, lines, new Findings(lines));
  assert.ok(root?.type === 'object', 'the test is about a template');
  const found: Found[] = [];
  const at = (offset: number): string => {
    const { line, column } = lines.position(offset);
    return `${line}:${column}`;
  };
  const findings: TemplateFindings = {
    add(code, { pointer, offset }, message, hint) {
      found.push({ code, pointer, at: at(offset), message, hint });
    },
    addInside(code, { pointer, offset }, unit, message, hint) {
      found.push({ code, pointer, at: at(lines.offsetInString(offset, unit)), message, hint });
    },
  };
  const options = parameters === undefined ? {} : { parameters };
  return { ...evaluateTemplate(root, { pointer: '' }, findings, options), found, at };
}

export function evaluate(template: object, parameters?: ReadonlyMap<string, Json>): Evaluation {
  return evaluateText(JSON.stringify(template, null, 2), parameters);
}

/** The `properties` of the only resource, in a template with these declarations. */
export function evaluateProperties(
  properties: Json,
  declarations: object = {},
): Evaluation & {
  readonly properties: JsonNode;
} {
  const resources = [{ type: 'a.b/c', apiVersion: '1', name: 'n', properties }];
  const evaluation = evaluate({ ...declarations, resources });
  const [resource] = evaluation.resources;
  assert.ok(resource !== undefined);
  return { ...evaluation, properties: nodeAt(resource.node, '/properties').node };
}

/** What an expression evaluates to; fails when something is found or not known. */
export function resultOf(expression: string, declarations: object = {}): Json {
  const { properties, found, unknowns } = evaluateProperties(`[${expression}]`, declarations);
  assert.deepEqual(found, [], expression);
  assert.deepEqual(unknowns, [], expression);
  return toJson(properties);
}

/** Why an expression is not known; fails when something is found or the value is known. */
export function reasonOf(expression: string, declarations: object = {}): string {
  const { properties, found, unknowns } = evaluateProperties(`[${expression}]`, declarations);
  assert.deepEqual(found, [], expression);
  assert.equal(
    properties.type,
    'unknown',
    `${expression} is ${JSON.stringify(toJson(properties))}`,
  );
  assert.equal(unknowns.length, 1);
  return unknowns[0]!.reason;
}

/** The code and message of the only finding about an expression. */
export function findingOf(expression: string, declarations: object = {}): string {
  const { found, unknowns } = evaluateProperties(`[${expression}]`, declarations);
  assert.equal(found.length, 1, `${expression}: ${JSON.stringify(found)}`);
  assert.deepEqual(unknowns, [], 'a mistake is not told twice');
  return `${found[0]!.code} ${found[0]!.message}`;
}

/** The node at a pointer below a node, with the place where it is written. */
export function nodeAt(
  root: ObjectNode,
  pointer: string,
): { readonly node: JsonNode; readonly written: string } {
  let node: JsonNode = root;
  let written = root.pointer ?? '';
  for (const step of pointer.split('/').slice(1)) {
    if (node.type === 'list') {
      const item: JsonNode | undefined = node.items[Number(step)];
      assert.ok(item !== undefined, pointer);
      node = item;
      written = node.pointer ?? pointerTo(written, step);
    } else {
      assert.ok(node.type === 'object', pointer);
      const member: Member | undefined = node.members.find((m) => m.key === step);
      assert.ok(member !== undefined, pointer);
      node = member.value;
      written = node.pointer ?? pointerTo(written, member.written ?? member.key);
    }
  }
  return { node, written };
}
