import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createSharedSlots,
  UploadSlots,
} from '../../../../packages/agent/src/delivery/upload-slots.ts';
import { settle } from '../../../support/until.ts';

const { signal: NEVER } = new AbortController();

function createTask(): { task: () => Promise<void>; end: () => void; runs: () => number } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let runs = 0;
  const task = (): Promise<void> => {
    runs += 1;
    return promise;
  };
  return { task, end: resolve, runs: () => runs };
}

test('a lane that works may have as many uploads as its concurrency allows', async () => {
  const slots = new UploadSlots(createSharedSlots(9), { concurrency: 2 });
  const tasks = [createTask(), createTask()];
  const runs = tasks.map(({ task }) => {
    assert.equal(slots.hasFree(false), true);
    return slots.run(task, NEVER);
  });
  assert.equal(slots.hasFree(false), false);
  for (const { end } of tasks) end();
  await Promise.all(runs);
  assert.equal(slots.hasFree(false), true);
});

test('a failing lane has its own slot only', async () => {
  const slots = new UploadSlots(createSharedSlots(100), { concurrency: 4 });
  assert.equal(slots.hasFree(true), true);
  const { task, end } = createTask();
  const run = slots.run(task, NEVER);
  assert.equal(slots.hasFree(true), false);
  assert.equal(slots.hasFree(false), true);
  end();
  await run;
});

test("a lane's first upload runs although others hold every shared slot", async () => {
  const shared = createSharedSlots(1);
  const hanging = new UploadSlots(shared, {});
  const stuck = [createTask(), createTask(), createTask()];
  const stuckRuns = stuck.map(({ task }) => hanging.run(task, NEVER));
  await settle();
  assert.deepEqual(
    stuck.map(({ runs }) => runs()),
    [1, 1, 0],
  );

  const healthy = new UploadSlots(shared, {});
  for (let upload = 0; upload < 3; upload += 1) {
    const { task, end, runs } = createTask();
    end();
    await healthy.run(task, NEVER);
    assert.equal(runs(), 1);
  }
  for (const { end } of stuck) end();
  await Promise.all(stuckRuns);
});

test('an upload that still waits for a slot is given up when the lane stops', async () => {
  const shared = createSharedSlots(1);
  const stop = new AbortController();
  const slots = new UploadSlots(shared, {});
  const [own, sharing, waiting] = [createTask(), createTask(), createTask()];
  const runs = [own, sharing, waiting].map(({ task }) => slots.run(task, stop.signal));
  await settle();
  stop.abort();
  await runs[2];
  assert.equal(waiting.runs(), 0);
  own.end();
  sharing.end();
  await Promise.all(runs);
});

test('an upload under way is waited for even after an abort', async () => {
  const stop = new AbortController();
  const slots = new UploadSlots(createSharedSlots(100), {});
  const { task, end } = createTask();
  let hasEnded = false;
  const run = slots.run(task, stop.signal).then(() => {
    hasEnded = true;
  });
  await settle();
  stop.abort();
  await settle();
  assert.equal(hasEnded, false);
  end();
  await run;
});

test('no more requests start within a second than the service takes', async (t) => {
  t.mock.timers.enable({ apis: ['Date', 'setTimeout'] });
  const slots = new UploadSlots(createSharedSlots(100), { concurrency: 100, requestsPerSecond: 3 });
  let started = 0;
  const task = async (): Promise<void> => {
    started += 1;
  };
  const runs = Array.from({ length: 5 }, () => slots.run(task, NEVER));
  await settle();
  assert.equal(started, 3);
  t.mock.timers.tick(1000);
  await Promise.all(runs);
  assert.equal(started, 5);
});
