import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Commit } from '../../../packages/agent/src/buffer/durable-buffer.ts';
import { CommitQueue } from '../../../packages/agent/src/commit-queue.ts';
import type { Portion } from '../../../packages/agent/src/pipeline/pipeline.ts';
import { decodeFragment } from '../../support/fragments.ts';

const OUTLET = { flow: 'f', stream: 'S', protocol: 'gig', destinations: ['d'] } as const;

function portion(records: readonly object[], cursor?: string): Portion {
  const json = Buffer.from(records.map((record) => JSON.stringify(record)).join(','));
  return {
    blocks: [{ outlets: [OUTLET], json, recordCount: records.length }],
    cursors: cursor === undefined ? [] : [{ key: 'k', value: cursor }],
    counts: [],
  };
}

function large(id: number, bytes: number): Portion {
  return portion([{ id, text: 'x'.repeat(bytes) }]);
}

function idsOf({ entries }: Commit): unknown[] {
  return entries.flatMap(({ fragment }) =>
    decodeFragment(fragment).map((record) => (record as { id: number }).id),
  );
}

test('portions are committed in the order they came, whichever is compressed first', async () => {
  const committed: unknown[] = [];
  const queue = new CommitQueue(async (commit) => void committed.push(...idsOf(commit)));
  queue.add(large(1, 2_000_000));
  queue.add(large(2, 1));
  queue.add(large(3, 500_000));
  await queue.whenEmpty();
  assert.deepEqual(committed, [1, 2, 3]);
});

test('a block that is meant for several outlets is compressed once', async () => {
  const committed: Commit[] = [];
  const queue = new CommitQueue(async (commit) => void committed.push(commit));
  const [block] = portion([{ id: 1 }]).blocks;
  const other = { ...OUTLET, flow: 'g' };
  queue.add({ blocks: [{ ...block!, outlets: [OUTLET, other] }], cursors: [], counts: [] });
  await queue.whenEmpty();
  const [one, two] = committed[0]!.entries;
  assert.deepEqual([one?.outlet, two?.outlet], [OUTLET, other]);
  assert.equal(one?.fragment, two?.fragment);
});

test('there is no room while too much waits, and there is again', async () => {
  const gate = Promise.withResolvers<void>();
  const queue = new CommitQueue(() => gate.promise);
  queue.add(large(1, 3_000_000));
  await queue.whenRoom();
  queue.add(large(2, 3_000_000));
  let hasRoom = false;
  const room = queue.whenRoom().then(() => {
    hasRoom = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(hasRoom, false);
  gate.resolve();
  await room;
});

test('behind a failure no cursor is committed, and what has none is tried', async () => {
  const tried: unknown[] = [];
  const queue = new CommitQueue(async (commit) => {
    tried.push(...idsOf(commit));
    if (tried.length === 1) throw new Error('the first');
    throw new Error('another');
  });
  queue.add(portion([{ id: 1 }], 'a'));
  queue.add(portion([{ id: 2 }], 'b'));
  queue.add(portion([{ id: 3 }]));
  await assert.rejects(queue.whenEmpty(), /the first/);
  await assert.rejects(queue.whenRoom(), /the first/);
  assert.deepEqual(tried, [1, 3]);
});
