import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringValue } from '../../../../packages/dcr-schema/src/kql/kql-literals.ts';
import { tokenize } from '../../../../packages/dcr-schema/src/kql/kql-tokens.ts';

function words(text: string): string[] {
  const { tokens, mistakes, isWhole } = tokenize(text);
  assert.deepEqual(mistakes, [], text);
  assert.ok(isWhole);
  for (const token of tokens) assert.ok(text.startsWith(token.text, token.unit), text);
  return tokens.map((token) => `${token.kind} ${token.text}${token.type ? ` ${token.type}` : ''}`);
}

test('numbers, times and other literals have their types', () => {
  const literals: readonly (readonly [string, string])[] = [
    ['1', 'long'],
    ['0x1F', 'long'],
    ['1.5', 'real'],
    ['1.', 'real'],
    ['1e-3', 'real'],
    ['5m', 'timespan'],
    ['1.5h', 'timespan'],
    ['10microseconds', 'timespan'],
    ['7ticks', 'timespan'],
    ['true', 'boolean'],
    ['74be27de-1e4e-49d9-b579-fe0b331d3642', 'guid'],
    ['datetime(2026-11-01 10:00)', 'datetime'],
    ['time(1.02:00:00)', 'timespan'],
    ['real (nan)', 'real'],
    ['int(null)', 'int'],
  ];
  for (const [text, type] of literals) assert.deepEqual(words(text), [`literal ${text} ${type}`]);
  assert.deepEqual(words('decimal(1.5)'), ['literal decimal(1.5)']);
  assert.deepEqual(words('typeof(long)'), ['literal typeof(long)']);
  assert.deepEqual(words('1..5'), ['literal 1 long', 'symbol ..', 'literal 5 long']);
});

test('strings of each form are one token', () => {
  const strings = [
    `'a\\'b'`,
    `"a\\"b"`,
    `"\\t\\u00e9\\x41\\101"`,
    `@'c:\\d''e'`,
    `@"c:\\d""e"`,
    `h'secret'`,
    `H@"secret"`,
    '```one\ntwo "x"```',
    "~~~one 'x'~~~",
  ];
  for (const text of strings) assert.deepEqual(words(text), [`string ${text}`]);
  assert.deepEqual(words("'a''b'"), ["string 'a'", "string 'b'"]);
});

test('a string says what a name in brackets means', () => {
  assert.equal(stringValue(`'client-ip'`), 'client-ip');
  assert.equal(stringValue(`"it\\"s"`), 'it"s');
  assert.equal(stringValue(`@'it''s \\x'`), `it's \\x`);
  assert.equal(stringValue('h```a`b```'), 'a`b');
});

test('names may begin with digits and hold letters of any language', () => {
  assert.deepEqual(words('größe 3com _x $left'), [
    'name größe',
    'name 3com',
    'name _x',
    'name $left',
  ]);
  assert.deepEqual(words('in~ !in~ in'), ['name in~', 'symbol !in~', 'name in']);
  assert.deepEqual(words('a.b=~c'), ['name a', 'symbol .', 'name b', 'symbol =~', 'name c']);
});

test('blanks and comments are no tokens, and a comment ends with its line', () => {
  assert.deepEqual(words('a // b | "c\n\t d//e'), ['name a', 'name d']);
  assert.deepEqual(words('http://x'), ['name http', 'symbol :']);
});

test('reading stops at a character without a meaning, and not at a wrong escape', () => {
  const stopped = tokenize('a ^ b');
  assert.equal(stopped.isWhole, false);
  assert.deepEqual(
    stopped.mistakes.map(({ unit }) => unit),
    [2],
  );
  assert.deepEqual(
    stopped.tokens.map(({ text }) => text),
    ['a'],
  );
  const escaped = tokenize(`a 'x\\d\\w' b`);
  assert.equal(escaped.isWhole, true);
  assert.deepEqual(
    escaped.mistakes.map(({ unit }) => unit),
    [4],
  );
  assert.equal(escaped.tokens.length, 3);
});
