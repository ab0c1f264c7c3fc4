import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceNames } from '../../../../../packages/agent/src/cli/replay/short-name.ts';

const id = (subscription: string, group: string, name: string): string =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/x/workspaces/${name}`;

test('resources are called by their names, with as much of their ids as tells them apart', () => {
  const ids = [
    ...[id('1', 'demo', 'ops'), id('1', 'DEMO', 'OPS'), id('1', 'a', 'same')],
    ...[id('1', 'b', 'same'), id('1', 'c', 'twin'), id('2', 'c', 'twin')],
  ];
  assert.deepEqual(ids.map(resourceNames(ids)), [
    ...['ops', 'OPS', 'same in group a', 'same in group b'],
    ...[id('1', 'c', 'twin'), id('2', 'c', 'twin')],
  ]);
});
