import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Findings } from '../../../../../packages/dcr-schema/src/rule/findings.ts';
import { toJson } from '../../../../../packages/dcr-schema/src/rule/text/json-tree.ts';
import { LineIndex } from '../../../../../packages/dcr-schema/src/rule/text/line-index.ts';
import { parseJsonText } from '../../../../../packages/dcr-schema/src/rule/text/parse-json-text.ts';

function parse(text: string): { value: unknown; found: string[]; hints: (string | undefined)[] } {
  const lines = new LineIndex(text);
  const findings = new Findings(lines);
  const root = parseJsonText(text, lines, findings);
  const diagnostics = findings.diagnostics(100);
  const found = diagnostics.map(({ code, position, message }) => {
    return `${position?.line}:${position?.column} ${code} ${message}`;
  });
  return { value: root && toJson(root), found, hints: diagnostics.map((d) => d.hint) };
}

test('every JSON value is read as JSON.parse reads it', () => {
  const texts = [
    '{"a": [1, -2.5e3, "x\\u00e9\\n\\"", true, false, null, {}, []], "": {"b": {"c": 0}}}',
    '  "text"  ',
    '0',
    '{"__proto__": {"x": 1}, "constructor": 2}',
  ];
  for (const text of texts) {
    assert.deepEqual(parse(text), { value: JSON.parse(text), found: [], hints: [] });
  }
});

const MISTAKES: readonly (readonly [text: string, ...found: string[]])[] = [
  ['', '1:1 JSON_EMPTY the text is empty, expected a rule'],
  ['\n /* x */ ', '2:10 JSON_EMPTY the text is empty, expected a rule'],
  ['{"a": 1', '1:8 JSON_UNTERMINATED the text ends inside the object opened at 1:1'],
  ['{"a":\n [1', '2:4 JSON_UNTERMINATED the text ends inside the list opened at 2:2'],
  ['{"a": "x\n}', '1:7 JSON_UNTERMINATED this string is not closed before the end of its line'],
  ['{} /* x', "1:4 JSON_UNTERMINATED this comment is not closed with '*/'"],
  ['{"a": 1 "b": 2}', "1:8 JSON_MISSING_COMMA expected a comma or '}' after '1', found \"b\""],
  ['["a"\n "b"]', '1:5 JSON_MISSING_COMMA expected a comma or \']\' after "a", found "b"'],
  [
    '{"a": [1, 2,],}',
    "1:12 JSON_TRAILING_COMMA a comma stands before the closing ']'",
    "1:14 JSON_TRAILING_COMMA a comma stands before the closing '}'",
  ],
  ['{"a": [1}', "1:9 JSON_SYNTAX expected a comma or ']' after '1', found '}'"],
  ['{"a" 1}', "1:6 JSON_SYNTAX expected ':' after \"a\", found '1'"],
  ['{"a":}', "1:6 JSON_SYNTAX expected a value after ':', found '}'"],
  ['{a: 1}', "1:2 JSON_SYNTAX expected a member name in double quotes after '{', found 'a'"],
  ["{'a': 1}", "1:2 JSON_SYNTAX expected a member name in double quotes after '{', found ''a''"],
  ['{"a": NaN}', "1:7 JSON_SYNTAX expected a value after ':', found 'NaN'"],
  ['[1,,2]', "1:4 JSON_SYNTAX expected a value after ',', found ','"],
  ['[,1]', "1:2 JSON_SYNTAX expected a value after '[', found ','"],
  ['{} {}', "1:4 JSON_SYNTAX expected the end of the text after '}', found '{'"],
  ['}', "1:1 JSON_SYNTAX expected a value, found '}'"],
  ['[1.]', '1:2 JSON_SYNTAX this number ends too early'],
  [
    '["\\q"]',
    '1:2 JSON_INVALID_STRING this string holds a backslash that starts no escape; write it as \\\\',
  ],
  ['["\\u12"]', "1:2 JSON_INVALID_STRING in this string, '\\u' is not followed by four hex digits"],
  [
    '["\t"]',
    '1:2 JSON_INVALID_STRING this string holds a bare control character; write a tab as \\t',
  ],
  ['\uFEFF{"a" 1}', "1:6 JSON_SYNTAX expected ':' after \"a\", found '1'"],
  [
    '{"a":\r\n 1,\r\n"a": 2}',
    "3:1 JSON_DUPLICATE_MEMBER the member 'a' stands twice in this object, first at 1:2",
  ],
];

for (const [text, ...expected] of MISTAKES) {
  test(`${JSON.stringify(text)} is reported once, where it went wrong`, () => {
    assert.deepEqual(parse(text).found, expected);
  });
}

test('reading goes on after a missing or trailing comma and a member that stands twice', () => {
  const { value, found } = parse('{"a": [1 2,], "b": 3, "b": 4}');
  assert.deepEqual(value, { a: [1, 2], b: 3 });
  assert.equal(found.length, 3);
});

test('single quotes and bare names get a hint', () => {
  assert.match(parse("{'a': 1}").hints[0] ?? '', /double quotes/);
  assert.match(parse('{a: 1}').hints[0] ?? '', /double quotes/);
});

test('a member that stands twice is pointed at through lists and odd names', () => {
  const text = '{"a/b": [0, {"~": {"x": 1, "x": 2}}]}';
  const lines = new LineIndex(text);
  const findings = new Findings(lines);
  parseJsonText(text, lines, findings);
  assert.equal(findings.diagnostics(9)[0]?.pointer, '/a~1b/1/~0/x');
});

test('deep, wide and long texts end in a finding or a value, never in a crash', () => {
  const ends = (text: string): string | undefined => parse(text).found[0]?.split(' ')[1];
  assert.equal(ends('['.repeat(10_000) + ']'.repeat(10_000)), 'JSON_TOO_DEEP');
  assert.equal(ends('{"a":'.repeat(10_000)), 'JSON_TOO_DEEP');
  assert.equal(ends('['.repeat(5_000_000)), 'JSON_TOO_DEEP');
  assert.equal(ends(`[${'1,'.repeat(5_000_000)}1]`), 'JSON_TOO_LARGE');
  assert.equal(ends(' '.repeat(10_000_000)), 'JSON_EMPTY');
  assert.equal(ends(`/*${'x'.repeat(10_000_000)}`), 'JSON_UNTERMINATED');
  assert.equal(ends(`{"description": "${'x'.repeat(10_000_000)}"}`), undefined);
  assert.equal(ends(`${'['.repeat(100)}${']'.repeat(100)}`), undefined);
});
