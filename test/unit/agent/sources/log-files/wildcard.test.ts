import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchesWildcard } from '../../../../../packages/agent/src/sources/log-files/wildcard.ts';

const cases: readonly [pattern: string, name: string, isMatch: boolean][] = [
  ['app.log', 'app.log', true],
  ['app.log', 'app.log.1', false],
  ['app.log', 'appxlog', false],
  ['*', 'anything', true],
  ['*', '', true],
  ['*.log', '.log', false],
  ['.*', '.hidden', true],
  ['*', '.hidden', false],
  ['?hidden', '.hidden', false],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['*.log.*', 'app.log.1', true],
  ['*.log.*', 'app.log', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['**', 'x', true],
  ['a*', 'b', false],
  ['', '', true],
  ['', 'x', false],
  ['[a].log', 'a.log', false],
  ['[a].log', '[a].log', true],
];

for (const [pattern, name, isMatch] of cases) {
  test(`'${pattern}' ${isMatch ? 'matches' : 'does not match'} '${name}'`, () => {
    assert.equal(matchesWildcard(pattern, name), isMatch);
  });
}

test('what matches is what the same regular expression matches', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 10 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (wildcard, name) => {
      const source = wildcard.replace(/[.]/g, '\\.').replace(/\*+/g, '.*').replace(/\?/g, '.');
      const isHidden = name.startsWith('.') && !wildcard.startsWith('.');
      const expected = !isHidden && new RegExp(`^${source}$`, 's').test(name);
      assert.equal(matchesWildcard(wildcard, name), expected);
    }),
    { numRuns: 5000 },
  );
});

test('many stars do not make it slow', () => {
  assert.equal(matchesWildcard(`${'a*'.repeat(200)}b`, 'a'.repeat(20_000)), false);
});
