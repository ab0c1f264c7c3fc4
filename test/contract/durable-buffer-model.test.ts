import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { DurableBuffer } from '../../packages/agent/src/buffer/durable-buffer.ts';
import { BufferModel, DESTINATIONS, FLOWS, idsOf } from '../support/buffer-model.ts';
import {
  allPending,
  type BufferOnDisk,
  bufferOnDisk,
  copyState,
} from '../support/buffer-on-disk.ts';

const OPTIONS = { batchRecordsMax: 12, batchRawBytesMax: 60, quotaBytes: 50_000_000 };

/** The model, and the buffer it is compared with, which a crash replaces. */
interface World {
  readonly t: TestContext;
  readonly model: BufferModel;
  readonly root: string;
  disk: BufferOnDisk;
  buffer: DurableBuffer;
  crashes: number;
}

type Operation = (world: World) => Promise<void> | void;

const flow = fc.constantFrom(...FLOWS);
const destination = fc.constantFrom(...DESTINATIONS);
const place = fc.nat(20);

const appends: fc.Arbitrary<Operation> = fc
  .array(fc.tuple(flow, fc.nat(9)), { minLength: 1, maxLength: 4 })
  .map((commits) => async ({ model, buffer }) => {
    const made = commits.map(([name, count]) => model.commit(name, count));
    await Promise.all(made.map(({ commit }) => buffer.append(commit)));
    for (const { stored } of made) stored();
  });

const seals: fc.Arbitrary<Operation> = fc.constant(({ buffer }) => buffer.seal(0));

/** Does something to one of the batches that wait for a destination, if there is any. */
function onBatch(
  act: (world: World, destination: string, batchId: string) => void,
): fc.Arbitrary<Operation> {
  return fc.tuple(destination, place).map(([name, at]) => (world) => {
    const pending = allPending(world.buffer, name);
    const batchId = pending[at % Math.max(pending.length, 1)];
    if (batchId !== undefined) act(world, name, batchId);
  });
}

const acknowledges = onBatch(({ buffer, model }, name, batchId) => {
  model.settle(name, idsOf(buffer, batchId), 'delivered');
  buffer.acknowledge(name, batchId);
});

const rejects = onBatch(({ buffer, model }, name, batchId) => {
  model.settle(name, idsOf(buffer, batchId), 'rejected');
  buffer.reject(name, batchId, 'no');
});

const splits = onBatch(({ buffer }, name, batchId) => {
  buffer.split(name, batchId);
});

const restarts: fc.Arbitrary<Operation> = fc.constant(async (world) => {
  await world.buffer.close();
  world.buffer = world.disk.open(OPTIONS);
});

/** The files as they lie on the disk at this moment are all that remains. */
const crashes: fc.Arbitrary<Operation> = fc.constant(async (world) => {
  // Called, but not durable yet: it must be gone, with its cursor, or there, with its cursor.
  const lost = world.buffer.append(world.model.commit('012', 1).commit).catch(() => {});
  const to = join(world.root, `crash-${world.crashes++}`);
  const copy = copyState(world.t, world.disk, to);
  await lost;
  await world.buffer.close();
  rmSync(world.disk.path, { recursive: true });
  world.disk = copy;
  world.buffer = copy.open(OPTIONS);
});

const operations = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: appends },
    { weight: 2, arbitrary: seals },
    { weight: 4, arbitrary: acknowledges },
    { weight: 1, arbitrary: rejects },
    { weight: 2, arbitrary: splits },
    { weight: 1, arbitrary: restarts },
    { weight: 2, arbitrary: crashes },
  ),
  { minLength: 5, maxLength: 30 },
);

test('whatever is done, and whenever it crashes, each record is in exactly one place', async (t) => {
  await fc.assert(
    fc.asyncProperty(operations, async (todo) => {
      const disk = await bufferOnDisk(t);
      const buffer = disk.open(OPTIONS);
      const root = `${disk.path}-copies`;
      const world: World = { t, model: new BufferModel(), root, disk, buffer, crashes: 0 };
      for (const operation of todo) {
        await operation(world);
        world.model.check(world.buffer);
      }
      world.model.checkContent(world.buffer);
      await world.buffer.close();
      rmSync(root, { recursive: true, force: true });
    }),
    { numRuns: 60 },
  );
});
