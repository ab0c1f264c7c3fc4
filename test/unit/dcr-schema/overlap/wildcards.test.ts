import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { matchesWildcard } from '../../../../packages/agent/src/sources/log-files/wildcard.ts';
import {
  commonPath,
  isOneInOther,
  readFilePattern,
} from '../../../../packages/dcr-schema/src/overlap/file-pattern.ts';
import { commonName, covers } from '../../../../packages/dcr-schema/src/overlap/wildcards.ts';

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?', '*'), maxLength: 6 });
const names = allNames(['a', 'b', '.', 'c'], 5);

function allNames(characters: readonly string[], longest: number): string[] {
  let last = [''];
  const all: string[] = [];
  for (let length = 1; length <= longest; length++) {
    last = last.flatMap((name) => characters.map((character) => name + character));
    all.push(...last);
  }
  return all;
}

test('a common name is matched by both patterns, as the agent matches', (t) => {
  let found = 0;
  fc.assert(
    fc.property(pattern, pattern, (a, b) => {
      const name = commonName(a, b);
      if (name === null) return;
      found++;
      assert.ok(name.length > 0 && matchesWildcard(a, name) && matchesWildcard(b, name), name);
    }),
    { numRuns: 3000 },
  );
  t.diagnostic(`${found} found`);
  assert.ok(found > 300);
});

test('where there is none, no short name is matched by both', () => {
  fc.assert(
    fc.property(pattern, pattern, (a, b) => {
      if (commonName(a, b) !== null) return;
      const shared = names.find((name) => matchesWildcard(a, name) && matchesWildcard(b, name));
      assert.equal(shared, undefined, `${a} ${b}`);
    }),
    { numRuns: 300 },
  );
});

test('what a pattern covers, it matches', (t) => {
  let covered = 0;
  fc.assert(
    fc.property(pattern, pattern, (a, b) => {
      if (!covers(a, b)) return;
      if (a !== b) covered++;
      const lost = names.find((name) => matchesWildcard(b, name) && !matchesWildcard(a, name));
      assert.equal(lost, undefined, `${a} ${b}`);
    }),
    { numRuns: 1500 },
  );
  t.diagnostic(`${covered} covered`);
  assert.ok(covered > 50);
});

test('patterns of many stars are told apart at once', () => {
  const a = `${'*a'.repeat(120)}b`;
  const b = `${'*a'.repeat(120)}*c`;
  assert.equal(commonName(a, b), null);
  assert.equal(commonName('a'.repeat(100_000), `*${'b'.repeat(100_000)}*`), null);
});

type Paths = readonly [a: string, b: string, path: string | null];

const paths: readonly Paths[] = [
  ['/var/log/app.log', '/var/log/app.log', '/var/log/app.log'],
  ['/var/log/app.log', '/var/log/*.log', '/var/log/app.log'],
  ['/var/log/a*.log', '/var/log/*b.log', '/var/log/ab.log'],
  ['/var/*/app.log', '/*/log/app.log', '/var/log/app.log'],
  ['/var//log/./x', '/var/log/x', '/var/log/x'],
  ['/var/log/?.log', '/var/log/??.log', null],
  ['/var/log/*.log', '/var/log/*.txt', null],
  ['/var/log/*.log', '/var/log/app/x.log', null],
  ['/var/log/.*', '/var/log/*', null],
  ['/var/log/.x*', '/var/log/.?y', '/var/log/.xy'],
  ['/var/log/App.log', '/var/log/app.log', null],
  ['/var/log/App*', '/var/log/app.log', null],
  ['C:\\Logs\\App.log', 'c:\\logs\\app.LOG', 'C:\\Logs\\App.log'],
  ['C:\\Logs\\App.log', 'c:/logs/*.LOG', 'C:\\Logs\\App.log'],
  ['C:\\Logs\\a*.log', 'C:\\Logs\\*b.log', 'C:\\Logs\\ab.log'],
  ['C:\\Logs\\*.LOG', 'C:\\Logs\\*.log', null],
  ['C:\\Logs\\a.log', 'D:\\Logs\\a.log', null],
  ['\\\\Host\\Share\\a', '\\\\host\\share\\A', '\\\\host\\share\\a'],
  ['/C:/Logs/a.log', 'C:\\Logs\\a.log', null],
];

describe('what two patterns both name:', () => {
  for (const [a, b, path] of paths) {
    test(`${a} | ${b}`, () => {
      const [first, second] = [readFilePattern(a), readFilePattern(b)];
      assert.ok(first && second);
      assert.equal(commonPath(first, second), path);
      assert.equal(commonPath(second, first) === null, path === null);
    });
  }
});

test('paths that are not absolute, or lead upwards, are no patterns', () => {
  for (const text of ['app.log', './x', '/', 'C:x.log', '/var/../etc/x', '']) {
    assert.equal(readFilePattern(text), null, text);
  }
});

test('one pattern is in another when it names nothing else', () => {
  const within = (a: string, b: string): boolean => {
    const [first, second] = [readFilePattern(a), readFilePattern(b)];
    return first !== null && second !== null && isOneInOther(first, second);
  };
  assert.equal(within('/var/log/*.log', '/var/log/a*.log'), true);
  assert.equal(within('/var/log/a*.log', '/var/log/*.log'), true);
  assert.equal(within('/var/log/a*', '/var/log/*b'), false);
  assert.equal(within('/var/*/a', '/*/log/a'), false);
});
