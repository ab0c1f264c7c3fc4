import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type HandleHolder,
  OpenHandles,
} from '../../../../../packages/agent/src/sources/log-files/open-handles.ts';

function holders(handles: OpenHandles, kept: readonly string[] = []) {
  const released: string[] = [];
  const holder = (name: string): HandleHolder => ({
    mayRelease: !kept.includes(name),
    async release() {
      released.push(name);
      handles.remove(this);
    },
  });
  return { released, holder };
}

test('when there are too many, the one not used for longest is released', async () => {
  const handles = new OpenHandles(2);
  const { released, holder } = holders(handles);
  const [a, b, c] = [holder('a'), holder('b'), holder('c')];
  for (const each of [a, b, a, c]) await handles.use(each);
  assert.deepEqual(released, ['b']);
  await handles.use(b);
  assert.deepEqual(released, ['b', 'a']);
});

test('one that would be lost is not released, even if there are then too many', async () => {
  const handles = new OpenHandles(1);
  const { released, holder } = holders(handles, ['a', 'b']);
  for (const name of ['a', 'b', 'c', 'd']) await handles.use(holder(name));
  assert.deepEqual(released, ['c']);
});
