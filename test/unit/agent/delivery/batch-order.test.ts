import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchOrder } from '../../../../packages/agent/src/delivery/batch-order.ts';
import { fillBuffer, numbered } from '../../../support/fill-buffer.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { MemoryBuffer } from '../../../support/memory-buffer.ts';

async function createOrder(
  batches: number,
): Promise<{ order: BatchOrder; ids: string[]; clock: ManualClock }> {
  const clock = new ManualClock();
  const buffer = new MemoryBuffer({ clock });
  for (let index = 0; index < batches; index += 1) {
    await fillBuffer(buffer, numbered(1, index), { destinations: ['a'] });
  }
  return {
    order: new BatchOrder(buffer, 'a', clock),
    clock,
    ids: [...buffer.pending('a', batches, new Set())],
  };
}

test('the oldest batch that is not under way comes first', async () => {
  const { order, ids } = await createOrder(3);
  assert.equal(order.next([]), ids[0]);
  assert.equal(order.next([ids[0]!]), ids[1]);
  assert.equal(order.next(ids), undefined);
});

test('a refused batch comes after all others, then again in its turn', async () => {
  const { order, ids } = await createOrder(3);
  order.defer(ids[0]!);
  assert.equal(order.next([]), ids[1]);
  order.defer(ids[1]!);
  order.defer(ids[2]!);
  assert.equal(order.next([]), ids[0]);
  order.defer(ids[0]!);
  assert.equal(order.next([]), ids[1]);
});

test('a success brings the oldest back to the front', async () => {
  const { order, ids } = await createOrder(2);
  order.defer(ids[0]!);
  order.restore();
  assert.equal(order.next([]), ids[0]);
});

test('a refused batch that is under way again is not handed out twice', async () => {
  const { order, ids } = await createOrder(1);
  order.defer(ids[0]!);
  assert.equal(order.next([ids[0]!]), undefined);
});

test('a batch that cannot be read is not asked for again', async () => {
  const { order, ids } = await createOrder(2);
  order.skip(ids[0]!);
  order.defer(ids[1]!);
  assert.equal(order.next([]), ids[1]);
  assert.equal(order.next([ids[1]!]), undefined);
});

test('a batch that was put aside is not asked for before its time', async () => {
  const { order, ids, clock } = await createOrder(2);
  order.putAside(ids[0]!, 1_000);
  order.restore();
  assert.equal(order.next([]), ids[1]);
  assert.equal(order.next([ids[1]!]), undefined);
  assert.equal(order.hasAside, true);
  await clock.advance(1_000);
  assert.equal(order.hasAside, false);
  assert.equal(order.next([]), ids[0]);
});
