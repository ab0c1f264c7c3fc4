import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toJson } from '../../../../../packages/dcr-schema/src/rule/text/json-tree.ts';
import { evaluateProperties, evaluateText, findingOf, resultOf } from './template-evaluation.ts';

test('only a string in brackets is an expression, and two brackets stand for one', () => {
  const strings = ['[add(1, 2)]', '[[add(1, 2)]', '[add(1, 2)] ', 'x[add(1, 2)]', '[', '[[a] b'];
  const { properties, found } = evaluateProperties(strings);
  assert.deepEqual(toJson(properties), [
    3,
    '[add(1, 2)]',
    '[add(1, 2)] ',
    'x[add(1, 2)]',
    '[',
    '[[a] b',
  ]);
  assert.deepEqual(found, []);
});

test('blanks and line ends may stand between all parts of an expression', () => {
  assert.equal(resultOf(' \n add ( 1 ,\t2 ) '), 3);
  assert.equal(resultOf("createObject ( 'a' , createArray(7) ) . a [ 0 ]"), 7);
});

test('names of functions ignore letter case', () => {
  assert.equal(resultOf("ToUpper(CONCAT('a', 'b'))"), 'AB');
});

const SYNTAX: readonly (readonly [string, string])[] = [
  ["concat('a'", "the expression ends where a comma or ')' is expected"],
  ["concat('a' 'b')", 'the expression goes on with "b" where a comma or \')\' is expected'],
  ["concat('a, 1)", 'a text has no closing quote'],
  ["concat('a',)", 'the expression goes on with ")" where a value or a function is expected'],
  ['', 'the expression ends where a value or a function is expected'],
  ['1.5', 'the number 1.5 has a fraction, which an expression cannot write'],
  ['true', "'true' stands in an expression without parentheses"],
  ['a-z', "'a' stands in an expression without parentheses"],
  ["concat('a') x", 'the expression goes on with "x" where the end of the expression is expected'],
  ['createArray(1)[0', "the expression ends where ']' is expected"],
  ['createObject().1', 'the expression goes on with "1" where the name of a member is expected'],
  ['#', 'the expression goes on with "#" where a value or a function is expected'],
];

for (const [expression, message] of SYNTAX) {
  test(`[${expression}] cannot be read`, () => {
    assert.equal(findingOf(expression), `ARM_EXPRESSION_SYNTAX ${message}`);
  });
}

test('a mistake is told at its character, behind escapes of the JSON string', () => {
  const text = String.raw`{"resources": [
  {"type": "a.b/c", "name": "[concat('\"\u0041', paramters('x'))]"}
]}`;
  const { found } = evaluateText(text);
  const column = text.split('\n')[1]!.indexOf('paramters') + 1;
  assert.deepEqual(found, [
    {
      code: 'ARM_FUNCTION_UNKNOWN',
      pointer: '/resources/0/name',
      at: `2:${column}`,
      message: "there is no function 'paramters'",
      hint: "did you mean 'parameters'?",
    },
  ]);
});

test('a function that is probably meant is told, wherever it stands in the tables', () => {
  const { found } = evaluateProperties(['[uniqeString(1)]', '[contcat(1)]', '[xyzzy()]']);
  assert.deepEqual(
    found.map(({ hint }) => hint),
    ["did you mean 'uniqueString'?", "did you mean 'concat'?", undefined],
  );
});

test('names that are not there are told in branches that are not evaluated, too', () => {
  const { found } = evaluateProperties(
    "[if(true(), 1, concat(parameters('a'), variables('b'), own.f(), g()))]",
  );
  assert.deepEqual(found.map(({ code }) => code).sort(), [
    'ARM_FUNCTION_UNKNOWN',
    'ARM_FUNCTION_UNKNOWN',
    'ARM_PARAMETER_UNDECLARED',
    'ARM_VARIABLE_UNDECLARED',
  ]);
});

test('a name that is put together is looked up when it is evaluated', () => {
  const declarations = { parameters: { ab: { type: 'int', defaultValue: 4 } } };
  assert.equal(resultOf("parameters(concat('a', 'b'))", declarations), 4);
  const message = "ARM_PARAMETER_UNDECLARED the template declares no parameter 'ba'";
  assert.equal(findingOf("parameters(concat('b', 'a'))", declarations), message);
});

test('the number of arguments is told in words', () => {
  assert.match(findingOf('true(1)'), /true\(\) takes no arguments, not 1/);
  assert.match(findingOf('not(true(), 1)'), /not\(\) takes one argument, not 2/);
  assert.match(findingOf("padLeft('a')"), /padLeft\(\) takes 2 to 3 arguments, not 1/);
  assert.match(findingOf('concat()'), /concat\(\) takes at least one argument, not 0/);
});

test('one mistake is told once, however many values depend on it', () => {
  const { found, unknowns, properties } = evaluateProperties(
    { a: "[variables('wrong')]", b: "[concat(variables('wrong'), 'x')]", c: 'known' },
    { variables: { wrong: '[add(1)]' } },
  );
  assert.equal(found.length, 1);
  assert.equal(found[0]?.pointer, '/variables/wrong');
  assert.deepEqual(unknowns, []);
  assert.deepEqual(toJson(properties), {
    a: "[variables('wrong')]",
    b: "[concat(variables('wrong'), 'x')]",
    c: 'known',
  });
});

test('a placeholder is not known, in an expression as well', () => {
  const { properties, unknowns, found } = evaluateProperties({
    a: '{{workspaceId}}',
    b: "[concat('{{ name }}', 'x')]",
    c: "[format('{{0}} {0}', 1)]",
  });
  assert.deepEqual(found, []);
  assert.deepEqual(toJson(properties), {
    a: '{{workspaceId}}',
    b: "[concat('{{ name }}', 'x')]",
    c: '{0} 1',
  });
  assert.deepEqual(
    unknowns.map((u) => u.expression),
    ['{{workspaceId}}', "[concat('{{ name }}', 'x')]"],
  );
});

test('names of members are expressions, too', () => {
  const { properties } = evaluateProperties(
    { tags: { "[concat('a', 'b')]": 1, '[[c]': 2 }, streams: { '[utcNow()]': {}, x: 1 } },
    {},
  );
  assert.deepEqual(toJson(properties), { tags: { ab: 1, '[c]': 2 }, streams: '[utcNow()]' });
});

test('names that objects have by nature mean nothing', () => {
  const { found } = evaluateProperties(
    "[concat(parameters('constructor'), variables('__proto__'), toString(1))]",
  );
  assert.equal(found.length, 3);
  assert.equal(resultOf("contains(createObject('a', 1), 'constructor')"), false);
  assert.deepEqual(resultOf("items(createObject('__proto__', 1))"), [
    { key: '__proto__', value: 1 },
  ]);
});
