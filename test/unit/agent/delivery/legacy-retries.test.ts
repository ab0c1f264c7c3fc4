import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBalanced } from '../../../../packages/agent/src/buffer/durable-buffer.ts';
import { createLane } from '../../../../packages/agent/src/delivery/lane.ts';
import { LEGACY_RETRIES } from '../../../../packages/agent/src/delivery/retry-policy.ts';
import { UploadShares } from '../../../../packages/agent/src/delivery/upload-shares.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { fillBuffer, numbered } from '../../../support/fill-buffer.ts';
import { MemoryBuffer } from '../../../support/memory-buffer.ts';
import { createScriptedDestination, DELIVERED } from '../../../support/scripted-destination.ts';
import { settle } from '../../../support/until.ts';

test('after 30, 60, 120, 240, 480 and 960 s a batch was tried seven times, and is dropped', async () => {
  const host = createFakeHost();
  const buffer = new MemoryBuffer({ clock: host.clock });
  const triedAt = new Map<unknown, number[]>();
  let isUp = false;
  const destination = createScriptedDestination('a', ({ ids }) => {
    triedAt.set(ids[0], [...(triedAt.get(ids[0]) ?? []), host.clock.monotonic() / 1_000]);
    return isUp ? DELIVERED : { kind: 'retry', status: 503, reason: 'HTTP 503', afterMs: 7 };
  });
  const lane = createLane({
    destination,
    buffer,
    host,
    shares: new UploadShares(16),
    options: { retries: LEGACY_RETRIES },
  });
  await fillBuffer(buffer, numbered(2), { destinations: ['a'] });
  lane.wake();
  await settle();
  await host.clock.advance(100_000);
  await fillBuffer(buffer, numbered(1, 2), { destinations: ['a'] });
  lane.wake();
  await settle();
  for (let second = 0; second < 1_800; second += 10) {
    await host.clock.advance(10_000);
    await settle();
  }
  // The sum of the waits is 31.5 minutes; the second batch began 100 s later.
  assert.deepEqual(triedAt.get(0), [0, 30, 90, 210, 450, 930, 1890]);
  assert.deepEqual(triedAt.get(2), [100, 130, 190, 310, 550, 1030]);
  const [row] = buffer.ledger();
  assert.equal(row?.dropped, 2);
  assert.equal(row.buffered, 1);
  assert.deepEqual(row.reasons, [{ reason: 'not delivered within its retries', count: 2 }]);
  assert.ok(isBalanced(row));
  const errors = host.log.entries.filter(({ level }) => level === 'error');
  assert.deepEqual(
    errors.map(({ facts }) => [(facts as { records: number }).records]),
    [[2]],
  );

  isUp = true;
  await host.clock.advance(90_000);
  await settle();
  assert.equal(buffer.ledger()[0]?.delivered, 1);
  assert.deepEqual(triedAt.get(2)?.at(-1), 1990);
  await lane.stop();
});
