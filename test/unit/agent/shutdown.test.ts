import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RunningParts, shutDown } from '../../../packages/agent/src/shutdown.ts';
import { createFakeHost, type FakeHost } from '../../support/fake-host.ts';
import { settle } from '../../support/until.ts';

type Step =
  | 'rules'
  | 'seal'
  | 'drain'
  | 'delivery'
  | 'work'
  | 'answers'
  | 'socket'
  | 'buffer'
  | 'network';

interface Bench {
  readonly host: FakeHost;
  readonly parts: RunningParts;
  /** What was done, in order. */
  readonly done: string[];
  /** Time `drain` was given, each time. */
  readonly drains: number[];
}

const HANGS = new Promise<never>(() => {});

/** Parts that note what is done to them; a step may do something else instead. */
function createBench(instead: Partial<Record<Step, () => unknown>> = {}): Bench {
  const host = createFakeHost();
  const done: string[] = [];
  const feedLife = new AbortController();
  const life = new AbortController();
  feedLife.signal.addEventListener('abort', () => done.push('feed'));
  life.signal.addEventListener('abort', () => done.push('life'));
  const step = (name: Step) => async (): Promise<void> => {
    done.push(name);
    await instead[name]?.();
  };
  const network = { destroy: step('network') };
  const drains: number[] = [];
  const parts = {
    host: { ...host, network },
    buffer: { seal: step('seal'), close: step('buffer') },
    delivery: {
      drain: (ms: number) => {
        drains.push(ms);
        return step('drain')();
      },
      stop: step('delivery'),
    },
    rules: { stop: step('rules') },
    socket: { path: '', answered: step('answers'), close: step('socket') },
    feedLife,
    life,
    work: Promise.resolve(instead.work?.()),
  };
  return { host, done, drains, parts: parts as unknown as RunningParts };
}

const ORDER = [
  ...['feed', 'rules', 'seal', 'drain', 'life', 'delivery'],
  ...['answers', 'socket', 'buffer', 'network'],
];

test('ends in order: rules, sources, what they gave, everything else', async () => {
  const { parts, done, host } = createBench();
  await shutDown(parts, 20_000);
  assert.deepEqual(done, ORDER);
  assert.equal(host.clock.sleeping, 0, 'no time limit runs on');
});

test('delivery has the time that the sources have left', async () => {
  const gate = Promise.withResolvers<void>();
  const bench = createBench({ rules: () => gate.promise });
  const stopped = shutDown(bench.parts, 20_000);
  await bench.host.clock.advance(3_000);
  gate.resolve();
  await stopped;
  assert.deepEqual(bench.drains, [17_000]);
});

test('a step that fails keeps no other from being done, and is the failure of the whole', async () => {
  const { parts, done, host } = createBench({
    seal: () => {
      throw new Error('the disk is gone');
    },
    delivery: () => Promise.reject(new Error('a second one')),
  });
  await assert.rejects(shutDown(parts, 20_000), /the disk is gone/);
  assert.deepEqual(done, ORDER);
  const told = host.log.entries.filter(({ level }) => level === 'error');
  assert.deepEqual(
    told.map(({ facts }) => facts),
    [
      { step: 'seal batches', reason: 'the disk is gone' },
      { step: 'stop delivery', reason: 'a second one' },
    ],
  );
});

test('parts that never let go do not hold up the end', async () => {
  const hang = (): Promise<never> => HANGS;
  const { parts, done, host } = createBench({ rules: hang, delivery: hang, work: hang });
  const stopped = assert.rejects(shutDown(parts, 20_000), /not done within 20 s/);
  for (let turn = 0; turn < 3; turn++) {
    await settle();
    await host.clock.advance(host.clock.nextWakeMs ?? 0);
  }
  await stopped;
  assert.deepEqual(done, ORDER);
});

test('sources have some time even when delivery has none', async () => {
  const gate = Promise.withResolvers<void>();
  const bench = createBench({ rules: () => gate.promise });
  const stopped = shutDown(bench.parts, 0);
  await bench.host.clock.advance(4_000);
  gate.resolve();
  await stopped;
  assert.deepEqual([bench.done, bench.drains], [ORDER, [0]]);
});
