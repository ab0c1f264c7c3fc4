import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGroupCommit } from '../../../../packages/agent/src/buffer/group-commit.ts';

test('calls of one turn are committed together, in call order', async () => {
  const commits: string[][] = [];
  const group = createGroupCommit<string>((items) => commits.push([...items]));
  await Promise.all([group.add('a'), group.add('b'), group.add('c')]);
  await group.add('d');
  assert.deepEqual(commits, [['a', 'b', 'c'], ['d']]);
});

test('nothing is resolved before its commit', async () => {
  const events: string[] = [];
  const group = createGroupCommit<string>(() => events.push('committed'));
  await Promise.all([group.add('a').then(() => events.push('resolved')), Promise.resolve()]);
  assert.deepEqual(events, ['committed', 'resolved']);
});

test('a bad item fails its own caller only, and the others keep their order', async () => {
  const stored: string[] = [];
  const group = createGroupCommit<string>((items) => {
    if (items.includes('bad')) throw new Error('bad item');
    stored.push(...items);
  });
  const results = await Promise.allSettled(['a', 'bad', 'b'].map((item) => group.add(item)));
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(stored, ['a', 'b']);
});

test('a single item that fails is not tried twice', async () => {
  let tries = 0;
  const group = createGroupCommit<string>(() => {
    tries++;
    throw new Error('no');
  });
  await assert.rejects(group.add('a'), /no/);
  assert.equal(tries, 1);
});

test('a flush commits at once, and what it committed is not committed again', async () => {
  const commits: string[][] = [];
  const group = createGroupCommit<string>((items) => commits.push([...items]));
  const added = group.add('a');
  group.flush();
  assert.deepEqual(commits, [['a']]);
  await added;
  await group.add('b');
  assert.deepEqual(commits, [['a'], ['b']]);
});
