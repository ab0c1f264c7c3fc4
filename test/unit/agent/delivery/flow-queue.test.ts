import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PendingBatch } from '../../../../packages/agent/src/buffer/durable-buffer.ts';
import { FlowQueue } from '../../../../packages/agent/src/delivery/flow-queue.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

interface Bench {
  readonly clock: ManualClock;
  readonly queue: FlowQueue;
  /** What the buffer holds, oldest first. */
  readonly stored: PendingBatch[];
  readonly listings: () => number;
  /** Takes the next one and names it. */
  take(): string | undefined;
  deliver(id: string): void;
}

function pending(number: number): PendingBatch {
  return { id: `b${number}`, flow: 'f', position: String(number).padStart(6, '0') };
}

/** A queue that is new to a buffer with so many batches. */
function createBench(count: number): Bench {
  const clock = new ManualClock();
  const stored = Array.from({ length: count }, (_, i) => pending(i));
  let listings = 0;
  const list = (after: string, limit: number): readonly PendingBatch[] => {
    listings += 1;
    return stored.filter(({ position }) => position > after).slice(0, limit);
  };
  const queue = new FlowQueue(list, () => clock.monotonic());
  queue.relist();
  return {
    clock,
    queue,
    stored,
    listings: () => listings,
    take: () => queue.take()?.id,
    deliver(id) {
      const at = stored.findIndex((batch) => batch.id === id);
      queue.delivered(stored.splice(at, 1)[0]!);
    },
  };
}

test('the oldest batch that is not under way comes first', () => {
  const { queue, take } = createBench(3);
  assert.deepEqual([take(), take(), take(), take()], ['b0', 'b1', 'b2', undefined]);
  assert.equal(queue.hasNext(), false);
});

test('the buffer is listed once for many batches, and not at all for those that are told', () => {
  const { queue, stored, take, deliver, listings } = createBench(63);
  for (let i = 0; i < 63; i++) deliver(take()!);
  assert.equal(listings(), 1);
  for (let i = 63; i < 1_000; i++) {
    stored.push(pending(i));
    queue.add(pending(i));
    deliver(take()!);
  }
  assert.equal(queue.hasNext(), false);
  assert.equal(listings(), 1);
});

test('every batch of a long backlog comes exactly once, whatever is told meanwhile', () => {
  const { queue, stored, take, deliver } = createBench(300);
  const taken: string[] = [];
  for (let next = 300; queue.hasNext(); ) {
    const underWay = [take(), take(), take()].filter((id) => id !== undefined);
    if (next < 400) {
      stored.push(pending(next));
      queue.add(pending(next));
      queue.add(pending(next));
      next += 1;
    }
    taken.push(...underWay);
    for (const id of underWay) deliver(id);
  }
  assert.equal(taken.length, 400);
  assert.equal(new Set(taken).size, 400);
  assert.equal(queue.isEmpty, true);
});

test('behind a long backlog new batches have every other turn', () => {
  const { queue, stored, take, deliver } = createBench(500);
  const order: string[] = [];
  for (let next = 500; next < 520; next += 1) {
    stored.push(pending(next));
    queue.add(pending(next));
    for (let turn = 0; turn < 4; turn++) {
      const id = take()!;
      order.push(id);
      deliver(id);
    }
  }
  const isNew = (id: string): boolean => Number(id.slice(1)) >= 500;
  // Each new one goes before the next is there, and the backlog has all other turns.
  assert.deepEqual(
    order.filter(isNew),
    Array.from({ length: 20 }, (_, i) => `b${500 + i}`),
  );
  const old = order.filter((id) => !isNew(id));
  assert.deepEqual(
    old,
    Array.from({ length: 60 }, (_, i) => `b${i}`),
  );
});

test('a refused batch comes after all others, then again in its turn', () => {
  const { queue, take } = createBench(3);
  const [b0, b1, b2] = [pending(0), pending(1), pending(2)];
  take();
  queue.refused(b0);
  assert.equal(take(), 'b1');
  queue.refused(b1);
  assert.equal(take(), 'b2');
  queue.refused(b2);
  assert.equal(take(), 'b0');
  queue.refused(b0);
  assert.equal(take(), 'b1');
});

test('a success brings the oldest back to the front', () => {
  const { queue, take, deliver } = createBench(3);
  take();
  queue.refused(pending(0));
  deliver(take()!);
  assert.equal(take(), 'b0');
});

test('a batch that is refused while others are delivered waits longer each time', async () => {
  const { clock, queue, stored, take, deliver } = createBench(1);
  const waits: (number | undefined)[] = [];
  for (let next = 1; next < 13; next++) {
    assert.equal(take(), 'b0');
    queue.refused(pending(0));
    waits.push(queue.dueInMs);
    stored.push(pending(next));
    queue.add(pending(next));
    deliver(take()!);
    assert.equal(queue.hasNext(), (queue.dueInMs ?? 0) === 0);
    await clock.advance(queue.dueInMs ?? 0);
  }
  assert.deepEqual(waits.slice(0, 4), [0, 0, 4_000, 8_000]);
  assert.equal(waits.at(-1), 300_000);
});

test('halves stand where the whole stood', () => {
  const { queue, take } = createBench(2);
  const whole = queue.take()!;
  const halves = ['a', 'b'].map((half) => ({
    ...whole,
    id: whole.id + half,
    position: whole.position + half,
  }));
  queue.replaced(whole, halves);
  assert.deepEqual([take(), take(), take()], ['b0a', 'b0b', 'b1']);
});

test('a batch that was returned is the next one', () => {
  const { queue, take } = createBench(2);
  queue.returned(queue.take()!);
  assert.equal(take(), 'b0');
});

test('a postponed batch is not taken before its time, and its failures are counted', async () => {
  const { clock, queue, take } = createBench(1);
  const batch = queue.take()!;
  assert.equal(queue.failuresOf(batch), 1);
  queue.postponed(batch, 30_000);
  assert.equal(queue.failuresOf(batch), 2);
  assert.equal(queue.isEmpty, false);
  await clock.advance(29_999);
  assert.equal(take(), undefined);
  await clock.advance(1);
  assert.equal(take(), 'b0');
});

test('listing anew finds what was not told, and neither what is under way nor what was refused', () => {
  const { queue, stored, take } = createBench(3);
  take();
  queue.take();
  queue.refused(pending(1));
  stored.push(pending(3));
  queue.relist();
  assert.deepEqual([take(), take(), take(), take()], ['b2', 'b3', 'b1', undefined]);
});

test('a batch that is sealed late, before ones that were listed, is not lost', () => {
  const { queue, stored, take, deliver } = createBench(200);
  for (let i = 0; i < 100; i++) deliver(take()!);
  const late: PendingBatch = { id: 'late', flow: 'f', position: '000000x' };
  stored.unshift(late);
  queue.add(late);
  for (let i = 0; i < 16; i++) {
    stored.push(pending(200 + i));
    queue.add(pending(200 + i));
  }
  const taken: string[] = [];
  while (queue.hasNext()) {
    taken.push(take()!);
    deliver(taken.at(-1)!);
  }
  assert.equal(taken.length, 117);
  assert.ok(taken.includes('late'));
});
