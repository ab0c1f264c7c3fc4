import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BackgroundSync } from '../../../../packages/agent/src/buffer/background-sync.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('what is noted is flushed, at once and then not more often than twice a second', async () => {
  const file = join(await temporaryFolder(), 'log');
  writeFileSync(file, 'x');
  let nowMs = 0;
  const sync = new BackgroundSync(file, () => nowMs);
  sync.note();
  assert.equal(sync.isDirty, false, 'it is being flushed');
  await sync.settled();
  sync.note();
  assert.equal(sync.isDirty, true, 'that would be too soon');
  nowMs = 500;
  sync.flushInTime();
  assert.equal(sync.isDirty, false);
  await sync.settled();
});

test('a log that is gone was folded into the file, which needs no flush', async () => {
  const file = join(await temporaryFolder(), 'log');
  rmSync(file, { force: true });
  const sync = new BackgroundSync(file, () => 0);
  sync.note();
  await sync.settled();
  assert.equal(sync.isDirty, false);
});
