import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import {
  type DurableBuffer,
  isBalanced,
} from '../../../../packages/agent/src/buffer/durable-buffer.ts';
import {
  allPending,
  type BufferOnDisk,
  bufferOnDisk,
  query,
} from '../../../support/buffer-on-disk.ts';
import { decodeFragment } from '../../../support/fragments.ts';
import { WAITING_BATCH, writeVersion1 } from '../../../support/version-1-buffer.ts';

async function version1(t: TestContext): Promise<BufferOnDisk> {
  const disk = await bufferOnDisk(t);
  mkdirSync(disk.path);
  writeVersion1(disk.database);
  return disk;
}

function recordsOf(buffer: DurableBuffer, batchId: string): unknown[] {
  return buffer.read(batchId)?.fragments.flatMap(decodeFragment) ?? [];
}

/** All that version 1 held, and that what was refused with its text can be sent again. */
function assertCarriedOver(buffer: DurableBuffer): void {
  assert.deepEqual(allPending(buffer, 'a'), [WAITING_BATCH]);
  assert.deepEqual(recordsOf(buffer, WAITING_BATCH), [0, 1, 2, 3, 4]);
  assert.equal(buffer.cursors('k').get('k'), 'v');
  const [row, ...others] = buffer.ledger();
  assert.deepEqual(others, []);
  const { read, filtered, rejected, dropped, quarantined, buffered, delivered } = row!;
  assert.deepEqual(
    { read, filtered, rejected, dropped, quarantined, buffered, delivered },
    { read: 12, filtered: 1, rejected: 2, dropped: 0, quarantined: 2, buffered: 5, delivered: 2 },
  );
  assert.deepEqual(row!.reasons, [
    { reason: 'HTTP 400', count: 3 },
    { reason: 'too large', count: 1 },
  ]);
  assert.ok(isBalanced(row!));
  assert.equal(buffer.replayQuarantined(1), 'done');
  const again = allPending(buffer, 'a')[1]!;
  assert.deepEqual(recordsOf(buffer, again), [7, 8]);
  const { protocol, solution, destinations } = buffer.read(again)!.outlet;
  assert.deepEqual([protocol, solution, destinations], ['ods', 'Security', ['a']]);
}

test('a buffer of version 1 is migrated with all it holds', async (t) => {
  const disk = await version1(t);
  const buffer = disk.open();
  assertCarriedOver(buffer);
  await buffer.close();
  assert.equal(query(disk.database, 'PRAGMA user_version')[0]?.user_version, 2);
  assert.equal(disk.open().ledger()[0]?.buffered, 7, 'and is not migrated twice');
  assert.deepEqual([disk.logged('warn'), disk.logged('error')], [[], []]);
});

test('a damaged buffer of version 1 is salvaged into one of today', async (t) => {
  const disk = await version1(t);
  const [row] = query(disk.database, "SELECT rootpage FROM sqlite_schema WHERE name = 'cursors'");
  const handle = openSync(disk.database, 'r+');
  const garbage = new Uint8Array(4_096).fill(0x55);
  writeSync(handle, garbage, 0, garbage.length, (Number(row?.rootpage) - 1) * 4_096);
  closeSync(handle);
  const buffer = disk.open();
  assert.equal(disk.logged('error').length, 1);
  assert.equal(buffer.cursors('k').size, 0);
  await buffer.append({ entries: [], cursors: [{ key: 'k', value: 'v' }], counts: [] });
  assertCarriedOver(buffer);
});

test('a table of version 1 that cannot be migrated is repaired first', async (t) => {
  const disk = await version1(t);
  query(disk.database, "UPDATE destinations SET planned = 'not JSON'");
  const buffer = disk.open();
  assert.deepEqual(recordsOf(buffer, WAITING_BATCH), [0, 1, 2, 3, 4]);
  assert.ok(buffer.ledger().every(isBalanced));
});
