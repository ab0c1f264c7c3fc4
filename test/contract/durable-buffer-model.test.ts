/**
 * The buffer against a model of it, with whatever may happen in between. A failure is told as the
 * shortest list of commands that still fails, with the seed to run it again.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type {
  DurableBuffer,
  QuarantineOutcome,
} from '../../packages/agent/src/buffer/durable-buffer.ts';
import { isAgentError } from '../../packages/agent/src/errors.ts';
import {
  BufferModel,
  type CommitOptions,
  DESTINATIONS,
  FLOWS,
  idsOf,
} from '../support/buffer-model.ts';
import {
  allPending,
  type BufferOnDisk,
  bufferOnDisk,
  copyState,
  query,
} from '../support/buffer-on-disk.ts';

const DROP_AFTER_MS = 60_000;
const OPTIONS = {
  batchRecordsMax: 12,
  batchRawBytesMax: 60,
  quotaBytes: 1_000_000,
  dropAfterMs: DROP_AFTER_MS,
};
const NOISE_BYTES = 30_000;

/** What the buffer should hold, now and after each transaction since the last orderly start. */
interface Expected {
  now: BufferModel;
  past: BufferModel[];
}

/** The buffer, which a crash replaces. */
interface World {
  readonly t: TestContext;
  readonly root: string;
  disk: BufferOnDisk;
  buffer: DurableBuffer;
  crashes: number;
  /** The database file after the last orderly start. */
  untouched: string;
}

type Command = fc.AsyncCommand<Expected, World>;
type Run = (expected: Expected, world: World) => Promise<void> | void;

/** Afterwards, buffer and model must agree. */
function command(name: string, run: Run, check: (expected: Expected) => boolean): Command {
  return {
    check,
    toString: () => name,
    async run(expected, world) {
      await run(expected, world);
      assertAgrees(expected.now, world);
      expected.past.push(expected.now.copy());
    },
  };
}

function assertAgrees(model: BufferModel, { buffer, disk }: World): void {
  model.check(buffer);
  assert.deepEqual(quarantineOf(disk), model.entries());
}

/** Numbers of the entries. */
function quarantineOf({ database }: BufferOnDisk): number[] {
  return query(database, 'SELECT id FROM quarantine ORDER BY id').map(({ id }) => Number(id));
}

const always = (): boolean => true;
const flow = fc.constantFrom(...FLOWS);
const destination = fc.constantFrom(...DESTINATIONS);

const appends = fc.array(fc.tuple(flow, fc.nat(9)), { minLength: 1, maxLength: 4 }).map((commits) =>
  command(
    `append ${commits.map(([name, count]) => `${count} to ${name}`).join(', ')}`,
    async (expected, { buffer }) => {
      for (const [name, count] of commits) await appendOrRefuse(expected, buffer, name, count);
    },
    always,
  ),
);

/** Tells whether it was stored; what was refused must have left no trace. */
async function appendOrRefuse(
  { now, past }: Expected,
  buffer: DurableBuffer,
  name: string,
  count: number,
  options: CommitOptions = {},
): Promise<boolean> {
  const droppedBefore = droppedRecords(buffer);
  const { commit, stored } = now.commit(name, count, options);
  const isStored = await buffer.append(commit).then(
    () => true,
    (error: unknown) => {
      assert.ok(isAgentError(error, 'BUFFER_FULL'), String(error));
      return false;
    },
  );
  if (droppedRecords(buffer) > droppedBefore) {
    buffer.seal(0);
    for (const each of DESTINATIONS) now.drop(buffer, each);
    past.push(now.copy());
  }
  if (isStored) stored();
  past.push(now.copy());
  return isStored;
}

function droppedRecords(buffer: DurableBuffer): number {
  return buffer.ledger().reduce((sum, { dropped }) => sum + dropped, 0);
}

/**
 * Who waits for nothing before loses nothing by what is appended, unless senders replace their
 * own records by it.
 */
async function sparingIdle(
  model: BufferModel,
  isPushed: boolean,
  append: () => Promise<void>,
): Promise<void> {
  const idle = isPushed ? [] : DESTINATIONS.filter((each) => !model.waitsFor(each));
  const before = idle.map((each) => model.count(each, 'dropped'));
  await append();
  const after = idle.map((each) => model.count(each, 'dropped'));
  assert.deepEqual(after, before);
}

const fills = fc.tuple(flow, fc.boolean(), fc.option(flow)).map(([name, isPushed, later]) =>
  command(
    `fill with ${name}${isPushed ? ', pushed' : ''}${later ? `, then ${later} after a while` : ''}`,
    async (expected, { buffer, disk }) => {
      const noise = () => randomBytes(NOISE_BYTES).toString('base64');
      const append = (to: string): Promise<boolean> =>
        appendOrRefuse(expected, buffer, to, 1, { noise, isPushed });
      await sparingIdle(expected.now, isPushed, async () => {
        for (let i = 0; i < 40 && (await append(name)); i++);
      });
      if (later !== null) {
        await disk.host.clock.advance(DROP_AFTER_MS);
        await sparingIdle(expected.now, isPushed, async () => {
          for (let i = 0; i < 5; i++) await append(later);
        });
      }
      assert.ok(buffer.usage().diskBytes <= OPTIONS.quotaBytes);
    },
    always,
  ),
);

const seals = fc.constant(command('seal', (_, { buffer }) => buffer.seal(0), always));

/** Does something to one of the batches that wait for a destination. */
function onBatch(
  verb: string,
  act: (expected: Expected, world: World, destination: string, batchId: string) => void,
): fc.Arbitrary<Command> {
  return fc.tuple(destination, fc.nat(20)).map(([name, place]) =>
    command(
      `${verb} batch ${place} of ${name}`,
      (expected, world) => {
        // What waits for nothing but its seal would leave nothing to do.
        if (allPending(world.buffer, name).length === 0) world.buffer.seal(0);
        const pending = allPending(world.buffer, name);
        const batchId = pending[place % Math.max(pending.length, 1)];
        if (batchId !== undefined) act(expected, world, name, batchId);
      },
      ({ now }) => now.waitsFor(name),
    ),
  );
}

const acknowledges = onBatch('acknowledge', ({ now }, { buffer }, name, batchId) => {
  now.move(name, idsOf(buffer, batchId), 'waiting', 'delivered');
  buffer.acknowledge(name, batchId);
});

const drains = destination.map((name) =>
  command(
    `acknowledge all of ${name}`,
    ({ now, past }, { buffer }) => {
      for (const batchId of allPending(buffer, name)) {
        now.move(name, idsOf(buffer, batchId), 'waiting', 'delivered');
        buffer.acknowledge(name, batchId);
        past.push(now.copy());
      }
    },
    ({ now }) => now.waitsFor(name),
  ),
);

const rejects = onBatch('reject', ({ now }, { buffer, disk }, name, batchId) => {
  const ids = idsOf(buffer, batchId);
  buffer.reject(name, batchId, 'no');
  now.refuse(name, ids, quarantineOf(disk));
});

/** Does something to one of the entries of the quarantine, or to one that is gone or to come. */
function onEntry(
  verb: string,
  act: (buffer: DurableBuffer, entry: number) => QuarantineOutcome,
  to: 'waiting' | 'dropped',
): fc.Arbitrary<Command> {
  return fc.nat(20).map((place) =>
    command(
      `${verb} entry ${place} of the quarantine`,
      ({ now }, { buffer }) => {
        const entries = [...now.entries(), 1 + (place % (now.lastEntry + 1))];
        const entry = entries[place % entries.length]!;
        const isThere = now.entries().includes(entry);
        const outcome = unlessFull(() => act(buffer, entry));
        if (outcome === undefined) return;
        assert.equal(outcome, isThere ? 'done' : 'missing');
        if (isThere) now.release(entry, to);
      },
      ({ now }) => now.lastEntry > 0,
    ),
  );
}

const replays = onEntry('replay', (buffer, entry) => buffer.replayQuarantined(entry), 'waiting');
const discards = onEntry('drop', (buffer, entry) => buffer.dropQuarantined(entry), 'dropped');

function unlessFull<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    assert.ok(isAgentError(error, 'BUFFER_FULL'), String(error));
    return undefined;
  }
}

const splits = onBatch('split', (_, { buffer }, name, batchId) => {
  unlessFull(() => buffer.split(name, batchId));
});

/** Changes when the log is folded into the file, which SQLite flushes the log for. */
function stampOf({ database }: BufferOnDisk): string {
  const { size, mtimeMs } = statSync(database);
  return `${size} ${mtimeMs}`;
}

const restarts = fc.constant(
  command(
    'restart',
    async (expected, world) => {
      await world.buffer.close();
      world.buffer = world.disk.open(OPTIONS);
      world.untouched = stampOf(world.disk);
      expected.past = [];
    },
    always,
  ),
);

/** The files as they lie on the disk at this moment are all that remains. */
const kills = fc.constant(
  command(
    'kill',
    async (expected, world) => {
      // Called, but not durable yet: it must be gone, with its cursor.
      const lost = world.buffer.append(expected.now.commit('012', 1).commit).catch(() => {});
      await crash(world, () => {}, lost);
    },
    always,
  ),
);

/** What was not flushed is gone from the end of the log: an earlier moment is left, and all of it. */
const powerCuts = fc.nat(100).map((percent) =>
  command(
    `cut the power with ${percent} % of the log flushed`,
    async (expected, world) => {
      const isFlushed = stampOf(world.disk) !== world.untouched;
      await crash(world, ({ database }) => {
        if (isFlushed) return;
        const log = `${database}-wal`;
        const { size } = statSync(log, { throwIfNoEntry: false }) ?? { size: 0 };
        if (size > 0) truncateSync(log, Math.floor((size * percent) / 100));
      });
      const { past } = expected;
      const at = past.findLastIndex((model) => agrees(model, world));
      assert.ok(at >= 0, 'the state is that of some moment since the last orderly start');
      expected.now = past[at]!.copy();
      expected.past = past.slice(0, at);
    },
    always,
  ),
);

async function crash(
  world: World,
  damage: (copy: BufferOnDisk) => void,
  lost?: Promise<void>,
): Promise<void> {
  const to = join(world.root, `crash-${world.crashes++}`);
  const isUntouched = stampOf(world.disk) === world.untouched;
  const copy = copyState(world.t, world.disk, to);
  await lost;
  await world.buffer.close();
  rmSync(world.disk.path, { recursive: true });
  damage(copy);
  world.disk = copy;
  world.buffer = copy.open(OPTIONS);
  world.untouched = isUntouched ? stampOf(copy) : '';
}

function agrees(model: BufferModel, world: World): boolean {
  try {
    assertAgrees(model, world);
    return true;
  } catch {
    return false;
  }
}

const commands = fc.commands(
  [
    appends,
    appends,
    appends,
    fills,
    seals,
    acknowledges,
    acknowledges,
    drains,
    rejects,
    rejects,
    replays,
    discards,
    splits,
    restarts,
    kills,
    powerCuts,
  ],
  { maxCommands: 30, size: 'max' },
);

test('whatever is done, and whenever it crashes, each record is in exactly one place', async (t) => {
  await fc.assert(
    fc.asyncProperty(commands, async (todo) => {
      const disk = await bufferOnDisk(t);
      const root = `${disk.path}-copies`;
      const buffer = disk.open(OPTIONS);
      const untouched = stampOf(disk);
      const world: World = { t, root, disk, buffer, crashes: 0, untouched };
      const model = new BufferModel();
      const expected: Expected = { now: model, past: [model.copy()] };
      await fc.asyncModelRun(() => ({ model: expected, real: world }), todo);
      expected.now.checkContent(world.buffer);
      await world.buffer.close();
      rmSync(world.disk.path, { recursive: true, force: true });
      rmSync(root, { recursive: true, force: true });
    }),
    { numRuns: 15 },
  );
});
