import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan, PlannedSource } from '@dcr-agent/schema';
import { AgentError } from '../../../packages/agent/src/errors.ts';
import type { Pipeline } from '../../../packages/agent/src/pipeline/pipeline.ts';
import { Supervisor } from '../../../packages/agent/src/supervisor.ts';
import { createFakeHost, type FakeHost } from '../../support/fake-host.ts';
import { MoodyBuffer } from '../../support/moody-buffer.ts';
import {
  createPlayedSources,
  markingPipeline,
  type PlayedSource,
  type PlayOptions,
  planOf,
  storedRecords,
} from '../../support/played-sources.ts';
import { settle, until } from '../../support/until.ts';

interface Bench {
  readonly host: FakeHost;
  readonly buffer: MoodyBuffer;
  readonly supervisor: Supervisor;
  readonly opened: readonly PlayedSource[];
  /** The last opening of a source by its name. */
  last(name: string): PlayedSource;
}

interface BenchOptions extends PlayOptions {
  readonly compile?: (planned: PlannedSource, plan: Plan) => Pipeline<never>;
}

function createBench(options: BenchOptions = {}): Bench {
  const host = createFakeHost();
  const { compile = () => markingPipeline('p') } = options;
  const buffer = new MoodyBuffer({ clock: host.clock });
  const { open, opened } = createPlayedSources(options);
  const supervisor = new Supervisor({ host, buffer, open, compile, commitIntervalMs: 0 });
  const last = (name: string): PlayedSource =>
    opened.findLast(({ key }) => key === `logFiles:${name}`)!;
  return { host, buffer, supervisor, opened, last };
}

const states = (supervisor: Supervisor): string[] =>
  supervisor.status().map(({ key, state }) => `${key} ${state}`);

test('a source that cannot be opened does not touch the others', async () => {
  const { supervisor, buffer, last, opened } = createBench({
    refuse: ({ key }) => (key === 'logFiles:bad' ? new Error('forbidden') : undefined),
  });
  await supervisor.apply(planOf('bad', 'good'));
  await last('good').emit([1]);
  assert.deepEqual(storedRecords(buffer), ['1 by p']);
  assert.deepEqual(states(supervisor), ['logFiles:bad failed', 'logFiles:good reading']);
  assert.equal(opened.length, 1);
  await supervisor.stop();
});

test('a source that fails while it runs does not touch the others', async () => {
  const { supervisor, host, buffer, last, opened } = createBench();
  await supervisor.apply(planOf('a', 'b'));
  last('a').fail(new Error('gone'));
  await until('it has failed', () => states(supervisor)[0] === 'logFiles:a failed');
  await last('b').emit([1]);
  await host.clock.advance(10_000);
  assert.deepEqual(
    opened.map(({ key }) => key),
    ['logFiles:a', 'logFiles:b', 'logFiles:a'],
  );
  assert.deepEqual(storedRecords(buffer), ['1 by p']);
  await supervisor.stop();
});

test('a pipeline is exchanged between two batches, and the source stays open', async () => {
  let name = 'old';
  const { supervisor, buffer, last, opened } = createBench({
    compile: () => markingPipeline(name),
  });
  await supervisor.apply(planOf('a'));
  await last('a').emit([1, 2]);
  name = 'new';
  await supervisor.apply(planOf('a'));
  await last('a').emit([3]);
  assert.deepEqual(storedRecords(buffer), ['1 by old', '2 by old', '3 by new']);
  assert.equal(opened.length, 1);
  await supervisor.stop();
});

test('a batch that waits for space is stored as the plan it was read under made it', async () => {
  let name = 'old';
  const { supervisor, host, buffer, last } = createBench({
    compile: () => markingPipeline(name),
  });
  await supervisor.apply(planOf('a'));
  buffer.refusal = new AgentError('BUFFER_FULL', 'the disk is full');
  const waiting = last('a').emit([1]);
  await until('it waits', () => states(supervisor)[0] === 'logFiles:a waiting for space');
  name = 'new';
  await supervisor.apply(planOf('a'));
  buffer.refusal = undefined;
  await host.clock.advance(500);
  await waiting;
  await last('a').emit([2]);
  assert.deepEqual(storedRecords(buffer), ['1 by old', '2 by new']);
  await supervisor.stop();
});

test('a source no longer wanted is stopped after its last batch, and the rest runs on', async () => {
  const { supervisor, buffer, last } = createBench({
    lastAct: (played) => (played.key === 'logFiles:a' ? played.emit([7]) : Promise.resolve()),
  });
  await supervisor.apply(planOf('a', 'b'));
  await supervisor.apply(planOf('b'));
  assert.equal(last('a').hasEnded, true);
  assert.deepEqual(storedRecords(buffer), ['7 by p']);
  assert.deepEqual(states(supervisor), ['logFiles:b reading']);
  assert.equal(last('b').isAborted, false);
  await supervisor.stop();
});

test('changes are carried out in turn: a source comes back only after it has ended', async () => {
  const gate = Promise.withResolvers<void>();
  const { supervisor, opened } = createBench({ lastAct: () => gate.promise });
  await supervisor.apply(planOf('a'));
  const changes = [supervisor.apply(planOf()), supervisor.apply(planOf('a'))];
  await settle();
  assert.deepEqual([opened.length, opened[0]!.hasEnded], [1, false]);
  gate.resolve();
  await Promise.all(changes);
  assert.deepEqual([opened.length, opened[0]!.hasEnded], [2, true]);
  assert.deepEqual(states(supervisor), ['logFiles:a reading']);
  await supervisor.stop();
});

test('a source that is to read something else is opened anew after its last batch', async () => {
  const { supervisor, opened, buffer } = createBench({ lastAct: (played) => played.emit([7]) });
  await supervisor.apply(planOf('a', 'b'));
  const [a, b] = planOf('a', 'b').sources;
  const other = { ...a, patterns: ['a', 'c'] } as PlannedSource;
  await supervisor.apply({ sources: [other, b!], destinations: [], skipped: [] });
  assert.deepEqual(
    opened.map(({ key, hasEnded }) => `${key} ${hasEnded}`),
    ['logFiles:a true', 'logFiles:b false', 'logFiles:a false'],
  );
  assert.deepEqual(storedRecords(buffer), ['7 by p']);
  await supervisor.stop();
});

test('a throw from compile leaves the others, and what ran before, as they are', async () => {
  let broken = new Set<string>();
  let version = 1;
  const { supervisor, host, buffer, last, opened } = createBench({
    compile: ({ key }) => {
      if (broken.has(key)) throw new Error('no such column');
      return markingPipeline(`v${version}`);
    },
  });
  await supervisor.apply(planOf('a'));
  broken = new Set(['logFiles:a', 'logFiles:b']);
  version = 2;
  await supervisor.apply(planOf('a', 'b', 'c'));
  await last('a').emit([1]);
  await last('c').emit([2]);
  assert.deepEqual(storedRecords(buffer), ['1 by v1', '2 by v2']);
  const reason = 'its flows cannot be compiled: no such column';
  assert.deepEqual(
    supervisor.status().map(({ key, state, lastFailure }) => [key, state, lastFailure?.reason]),
    [
      ['logFiles:a', 'reading', reason],
      ['logFiles:c', 'reading', undefined],
      ['logFiles:b', 'failed', reason],
    ],
  );
  const told = host.log.entries.filter(({ level }) => level === 'error');
  assert.equal(told.length, 2);

  broken = new Set();
  await supervisor.apply(planOf('a', 'b', 'c'));
  assert.equal(opened.length, 3);
  assert.ok(supervisor.status().every(({ lastFailure }) => lastFailure === undefined));
  await supervisor.stop();
});

test('stop waits for every source, and nothing starts afterwards', async () => {
  const { supervisor, buffer, opened } = createBench({
    lastAct: (played) => played.emit([played.key.length]),
  });
  await supervisor.apply(planOf('a', 'bb'));
  await Promise.all([supervisor.stop(), supervisor.stop()]);
  assert.deepEqual(storedRecords(buffer), ['10 by p', '11 by p']);
  assert.ok(opened.every(({ hasEnded }) => hasEnded));
  await supervisor.apply(planOf('c'));
  assert.equal(opened.length, 2);
  assert.deepEqual(supervisor.status(), []);
});
