/** Whatever is written, an evaluation ends with values and findings that make sense. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { functionNames } from '../../../../../packages/dcr-schema/src/document/template/functions/table.ts';
import { isExpression } from '../../../../../packages/dcr-schema/src/rule/template-expression.ts';
import {
  type JsonNode,
  toJson,
} from '../../../../../packages/dcr-schema/src/rule/text/json-tree.ts';
import { evaluateProperties, resultOf } from './template-evaluation.ts';

const RUNS = { numRuns: 400 };

const { expression } = fc.letrec<{
  expression: string;
  call: string;
  literal: string;
  access: string;
}>((tie) => ({
  expression: fc.oneof({ depthSize: 'small' }, tie('literal'), tie('call'), tie('access')),
  literal: fc.oneof(
    fc.integer({ min: -3, max: 12 }).map(String),
    fc.constantFrom(
      "'a'",
      "''",
      "'a,b'",
      "'{0}'",
      "'2020-01-01'",
      "'10.0.0.0/24'",
      "'a.b/c'",
      'true()',
    ),
    fc.constantFrom("variables('list')", "variables('object')", "parameters('p')", 'utcNow()'),
  ),
  call: fc
    .tuple(fc.constantFrom(...functionNames()), fc.array(tie('expression'), { maxLength: 3 }))
    .map(([name, args]) => `${name}(${args.join(', ')})`),
  access: fc
    .tuple(tie('call'), fc.constantFrom('.a', '[0]', '.?b', "['a']"))
    .map((parts) => parts.join('')),
}));

const DECLARATIONS = {
  parameters: { p: { type: 'string' } },
  variables: { list: [1, 'a', ['b']], object: { a: { b: 1 }, c: [2] } },
};

function unknownsIn(node: JsonNode): string[] {
  if (node.type === 'unknown') return [node.expression];
  if (node.type === 'list') return node.items.flatMap(unknownsIn);
  return node.type === 'object' ? node.members.flatMap((m) => unknownsIn(m.value)) : [];
}

test('every expression gives a value, or a reason, or a finding at its place', () => {
  fc.assert(
    fc.property(expression, (text) => {
      const { properties, found, unknowns } = evaluateProperties(`[${text}]`, DECLARATIONS);
      for (const { pointer, at, message } of found) {
        assert.equal(pointer, '/resources/0/properties');
        assert.match(at, /^\d+:\d+$/);
        assert.match(message, /^\S.*[^.]$/s);
      }
      const unknown = unknownsIn(properties);
      assert.ok(unknown.every(isExpression), String(unknown));
      if (unknown.length > 0) assert.ok(found.length + unknowns.length > 0, text);
      // A value is JSON through and through.
      assert.deepEqual(JSON.parse(JSON.stringify(toJson(properties))), toJson(properties));
    }),
    RUNS,
  );
});

test('any text in brackets is read or told to be wrong', () => {
  const part = fc.constantFrom(
    "'",
    '(',
    ')',
    '[',
    ']',
    '.',
    ',',
    '?',
    ' ',
    'concat',
    'a',
    '1',
    '-',
    '{{',
    '}}',
    '\\',
    '"',
    'é',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const { properties, found, unknowns } = evaluateProperties(
        `[${parts.join('')}]`,
        DECLARATIONS,
      );
      const isTold = found.length + unknowns.length > 0;
      assert.equal(properties.type === 'unknown', isTold && unknownsIn(properties).length > 0);
    }),
    RUNS,
  );
});

test('texts come back as they were written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const literal = `'${text.replaceAll("'", "''")}'`;
      fc.pre(!/\{\{\s*\w+\s*\}\}/.test(text));
      assert.equal(resultOf(literal), text);
      assert.equal(resultOf(`base64ToString(base64(${literal}))`), text.toWellFormed());
      assert.equal(resultOf(`uriComponentToString(uriComponent(${literal}))`), text.toWellFormed());
    }),
    { numRuns: 300 },
  );
});
