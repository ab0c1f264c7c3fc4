import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columns } from '../../../../packages/agent/src/cli/columns.ts';

test('columns are as wide as their widest cell, numbers stand to the right', () => {
  const rows = [
    ['NAME', 'COUNT', 'REST'],
    ['a', '12', 'x y'],
    ['longer', '3', ''],
  ];
  assert.deepEqual(columns(rows), ['NAME    COUNT  REST', 'a          12  x y', 'longer      3']);
});

test('a cell cannot break its line', () => {
  assert.deepEqual(
    columns([
      ['A', 'B'],
      ['x\ny', 'z'],
    ]),
    ['A         B', 'x\\u000ay  z'],
  );
});

test('nothing is nothing', () => assert.deepEqual(columns([]), []));
