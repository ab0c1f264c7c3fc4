import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instancePattern } from '../../../../../packages/agent/src/sources/performance-counters/instance-pattern.ts';

const INSTANCES = ['total', '0', '/', '/var', '/var/log', 'nginx', 'Nginx', 'nginx-worker', '*'];

const cases: readonly [string | undefined, readonly string[]][] = [
  ['*', INSTANCES],
  ['_Total', ['total']],
  ['_TOTAL', ['total']],
  ['Total', ['total']],
  ['', ['total']],
  [undefined, ['total']],
  ['0', ['0']],
  ['nginx', ['nginx']],
  ['nginx*', ['nginx', 'nginx-worker']],
  ['*/*', ['/', '/var', '/var/log']],
  ['/v*r*', ['/var', '/var/log']],
  ['*ginx*w*er', ['nginx-worker']],
  ['nginx*nginx', []],
  ['/var*/var', []],
  ['**', INSTANCES],
];

for (const [written, wanted] of cases) {
  test(`'${written}' takes ${wanted.length} instances`, () => {
    assert.deepEqual(INSTANCES.filter(instancePattern(written)), wanted);
  });
}

test('a pattern takes no longer than the name is', () => {
  const isWanted = instancePattern(`${'*a'.repeat(2_000)}*b`);
  assert.equal(isWanted('a'.repeat(100_000)), false);
});
