import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../../../../packages/dcr-schema/src/rule/rule.ts';
import { findingOf, reasonOf, resultOf } from '../template-evaluation.ts';

// The values are those of the examples in "String functions for ARM templates", or of .NET.
const VALUES: readonly (readonly [string, Json])[] = [
  ["concat('prefix', '-', 'x')", 'prefix-x'],
  ["Concat('vm', 3, true())", 'vm3True'],
  ["endsWith('abcdef', 'F')", true],
  ["endsWith('abcdef', 'e')", false],
  ["startsWith('abcdef', 'AB')", true],
  [
    "format('{0}, {1}. Formatted number: {2:N0}', 'Hello', 'User', 8175133)",
    'Hello, User. Formatted number: 8,175,133',
  ],
  ["format('{{{0}}}', 'x')", '{x}'],
  ["format('{0,5}|{0,-5}|', 'ab')", '   ab|ab   |'],
  ["format('{0:D3} {1:X} {2:00} {3:F1}', 7, 255, 5, 2)", '007 FF 05 2.0'],
  ["format('{0} {1}', true(), 'x')", 'True x'],
  ["indexOf('test', 't')", 0],
  ["lastIndexOf('test', 't')", 3],
  ["indexOf('abcdef', 'CD')", 2],
  ["indexOf('abcdef', 'z')", -1],
  ["padLeft('123', 10, '0')", '0000000123'],
  ['padLeft(7, 3)', '  7'],
  ["padLeft('123', 2)", '123'],
  ["replace('123-123-1234', '-', '')", '1231231234'],
  ["replace('123-123-1234', '1234', 'xxxx')", '123-123-xxxx'],
  ["replace('aXa', 'x', 'y')", 'aXa'],
  ["split('one,two,three', ',')", ['one', 'two', 'three']],
  ["split('one;two,three', createArray(',', ';'))", ['one', 'two', 'three']],
  ["split('abc', 'ABC')", ['abc']],
  ["join(createArray('one', 'two'), '; ')", 'one; two'],
  ["string(createArray('a', 'b', 'c'))", '["a","b","c"]'],
  [
    "string(createObject('valueA', 10, 'valueB', 'Example Text'))",
    '{"valueA":10,"valueB":"Example Text"}',
  ],
  ['string(5)', '5'],
  ["substring('one two three', 4, 3)", 'two'],
  ["substring('one', 3, 0)", ''],
  ["substring('one two', 4)", 'two'],
  ["take('one two three', 2)", 'on'],
  ["skip('one two three', 4)", 'two three'],
  ["take('one', -1)", ''],
  ["toLower('One Two')", 'one two'],
  ["toUpper('One Two')", 'ONE TWO'],
  ["trim('  one two  ')", 'one two'],
  ["base64('one, two, three')", 'b25lLCB0d28sIHRocmVl'],
  ["base64ToString('b25lLCB0d28sIHRocmVl')", 'one, two, three'],
  ["base64ToString(base64('Grüße, 🙂'))", 'Grüße, 🙂'],
  ['base64ToJson(base64(\'{"one": "a", "two": "b"}\'))', { one: 'a', two: 'b' }],
  ["dataUri('Hello')", 'data:text/plain;charset=utf8;base64,SGVsbG8='],
  ["dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')", 'Hello, World!'],
  [
    "uriComponent('http://contoso.com/resources/nested/azuredeploy.json')",
    'http%3A%2F%2Fcontoso.com%2Fresources%2Fnested%2Fazuredeploy.json',
  ],
  ["uriComponentToString('http%3A%2F%2Fcontoso.com')", 'http://contoso.com'],
  ["uriComponent('it''s (a) *!')", 'it%27s%20%28a%29%20%2A%21'],
  [
    "uri('http://contoso.com/resources/', 'nested/azuredeploy.json')",
    'http://contoso.com/resources/nested/azuredeploy.json',
  ],
  [
    "uri('http://contoso.com/resources/azuredeploy.json', 'nested.json')",
    'http://contoso.com/resources/nested.json',
  ],
  ['json(\'{"a": [1, null, 2.5]}\')', { a: [1, null, 2.5] }],
  ["json('null')", null],
  ["'it''s'", "it's"],
];

for (const [expression, value] of VALUES) {
  test(`[${expression}]`, () => assert.deepEqual(resultOf(expression), value));
}

test('a text is not cut where it ends', () => {
  const message = 'ARM_FUNCTION_ARGUMENTS substring() takes 11 characters from 0 of a text of 10';
  assert.equal(findingOf("substring('1234567890', 0, 11)"), message);
});

test('texts and lists are not joined with one another', () => {
  const message = 'ARM_FUNCTION_ARGUMENTS concat() joins texts or lists, not one with the other';
  assert.equal(findingOf("concat('a', createArray())"), message);
});

test('arguments of the wrong kind are told with what they are', () => {
  const message = 'ARM_FUNCTION_ARGUMENTS toLower() takes a text here, not the number 5';
  assert.equal(findingOf('toLower(5)'), message);
  assert.match(findingOf("replace('a', '', 'b')"), /empty text/);
  assert.match(findingOf("padLeft('a', 5, 'xy')"), /single character/);
  assert.match(findingOf("split('a', 5)"), /a text or a list here, not the number 5/);
  assert.match(findingOf("base64ToString('a')"), /is not base64/);
  assert.match(findingOf("base64ToString('/////w==')"), /is not base64/);
  assert.match(findingOf("format('{1}', 'a')"), /asks for value \{1\}, and there are 1/);
  assert.match(findingOf("format('{', 'a')"), /bracket without its pair/);
  assert.match(findingOf("json('nothing')"), /is not JSON/);
});

test('a format that is not evaluated is not known, and no mistake', () => {
  assert.equal(reasonOf("format('{0:C}', 5)"), 'the format {0:C} is not evaluated');
  assert.match(reasonOf("json('{''a'': 1}')"), /not strictly JSON/);
  assert.match(reasonOf("uri('http://a.b/c', '../d')"), /not evaluated/);
  assert.match(reasonOf("format('{0}', createArray())"), /not evaluated/);
  assert.match(reasonOf("concat('a', null())"), /not evaluated/);
});

test('a text of which a part is not known is not known', () => {
  assert.equal(
    reasonOf("concat('a', resourceGroup().name)"),
    'resourceGroup() is known when deployed',
  );
  assert.match(reasonOf("join(createArray('a', utcNow()), ',')"), /utcNow/);
  assert.match(reasonOf("string(createObject('a', newGuid()))"), /newGuid/);
});
