import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecentFragments } from '../../../../packages/agent/src/buffer/recent-fragments.ts';
import type { Fragment } from '../../../../packages/agent/src/fragment.ts';

const MIB = 1024 * 1024;

function fragmentOf(recordCount: number, bytes = 100): Fragment {
  return { deflated: new Uint8Array(bytes), rawBytes: bytes, recordCount, crc32: 0, adler32: 0 };
}

function isFreed({ deflated }: Fragment): boolean {
  return deflated.length === 0;
}

test('a batch is lent whole, as the same array to everybody', () => {
  const recent = new RecentFragments();
  const [one, two] = [fragmentOf(3), fragmentOf(4)];
  recent.add([{ batch: 1, ordinal: 0, fragment: one }]);
  assert.equal(recent.lend(1, 7), undefined);
  recent.add([{ batch: 1, ordinal: 1, fragment: two }]);
  assert.deepEqual(recent.lend(1, 7), [one, two]);
  assert.equal(recent.lend(1, 7), recent.lend(1, 7));
});

test('a batch whose beginning is not here is not lent, and takes no memory', () => {
  const recent = new RecentFragments();
  const rest = fragmentOf(4);
  recent.add([{ batch: 1, ordinal: 1, fragment: rest }]);
  assert.equal(recent.lend(1, 4), undefined);
  assert.ok(isFreed(rest));
});

test('memory is freed when the batch is gone and all have given it back', () => {
  const recent = new RecentFragments();
  const fragment = fragmentOf(3);
  recent.add([{ batch: 1, ordinal: 0, fragment }]);
  recent.lend(1, 3);
  recent.lend(1, 3);
  recent.giveBack(1);
  recent.giveBack(1);
  recent.remove(1);
  assert.ok(isFreed(fragment));
  assert.equal(recent.lend(1, 3), undefined);
});

test('memory of a batch that is gone while somebody has it is left to them', () => {
  const recent = new RecentFragments();
  const fragment = fragmentOf(3);
  recent.add([{ batch: 1, ordinal: 0, fragment }]);
  recent.lend(1, 3);
  recent.remove(1);
  assert.ok(!isFreed(fragment));
});

test('batches of the same bytes keep them for each other', () => {
  const recent = new RecentFragments();
  const fragment = fragmentOf(3);
  recent.add([
    { batch: 1, ordinal: 0, fragment },
    { batch: 2, ordinal: 0, fragment },
  ]);
  recent.remove(1);
  assert.deepEqual(recent.lend(2, 3), [fragment]);
  assert.ok(!isFreed(fragment));
});

test('only the newest few megabytes are kept', () => {
  const recent = new RecentFragments();
  const fragments = Array.from({ length: 6 }, () => fragmentOf(1, MIB));
  for (const [batch, fragment] of fragments.entries()) {
    recent.add([{ batch, ordinal: 0, fragment }]);
  }
  const kept = fragments.map((_, batch) => recent.lend(batch, 1) !== undefined);
  assert.deepEqual(kept, [false, false, false, true, true, true]);
  assert.deepEqual(fragments.map(isFreed), [true, true, true, false, false, false]);
});
