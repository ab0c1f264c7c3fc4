import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CounterGroup } from '@dcr-agent/schema';
import { isAgentError } from '../../../../../packages/agent/src/errors.ts';
import type { Batch, CounterSample } from '../../../../../packages/agent/src/record.ts';
import { FileSystemSpaces } from '../../../../../packages/agent/src/sources/performance-counters/file-system-spaces.ts';
import { openPerformanceCounters } from '../../../../../packages/agent/src/sources/performance-counters/performance-counters.ts';
import type { Source } from '../../../../../packages/agent/src/sources/source.ts';
import { createFakeHost, type FakeHost } from '../../../../support/fake-host.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { type ProcMachine, procMachine } from '../../../../support/proc-machine.ts';
import { recordsOf } from '../../../../support/rows.ts';
import { settle, until } from '../../../../support/until.ts';

const KEY = 'performanceCounters:dcr-1/c';
const FULL_MINUTE = Date.UTC(2026, 5, 1, 12);
const STAT = { bsize: 1, blocks: 2, bfree: 1, bavail: 1, files: 0, ffree: 0 };

interface Opened {
  readonly host: FakeHost;
  readonly machine: ProcMachine;
  readonly source: Source<CounterSample>;
}

async function open(
  groups: readonly CounterGroup[],
  statfs: (path: string) => Promise<typeof STAT> = async () => STAT,
): Promise<Opened> {
  const host = createFakeHost({ clock: new ManualClock(FULL_MINUTE + 1_000) });
  const machine = await procMachine();
  const parts = { folders: machine.folders, spaces: new FileSystemSpaces(statfs) };
  const settings = { key: KEY, groups, machine: parts, platform: 'linux' };
  return { host, machine, source: openPerformanceCounters(settings, host) };
}

const every = (everySeconds: number, ...specifiers: string[]): CounterGroup => {
  return { everySeconds, specifiers };
};

/** Seconds after the full minute, and counters, of a batch. */
function outline(batch: Batch<CounterSample>): string {
  const samples = recordsOf(batch);
  const seconds = (samples[0]!.atMs - FULL_MINUTE) / 1_000;
  return `${seconds}: ${samples.map(({ counter }) => counter).join(', ')}`;
}

test('each group is sampled at the multiples of its own period', async () => {
  const { host, source } = await open([every(10, 'System\\Load1'), every(25, 'System\\Load5')]);
  const abort = new AbortController();
  const batches: Batch<CounterSample>[] = [];
  const run = source.run(async (batch) => void batches.push(batch), abort.signal);
  await settle();
  for (let second = 1; second < 60; second += 1) await host.clock.advance(1_000);
  assert.deepEqual(batches.map(outline).toSorted(), [
    '10: Load1',
    '20: Load1',
    '25: Load5',
    '30: Load1',
    '40: Load1',
    '50: Load1',
    '50: Load5',
    '60: Load1',
  ]);
  assert.equal(source.describe?.().samples, 8);
  abort.abort();
  await run;
  assert.equal(host.clock.sleeping, 0);
});

test('the first moment that is due has rates, since the source had a look at its opening', async () => {
  const { host, machine, source } = await open([every(10, 'Memory\\Page Reads/sec')]);
  const abort = new AbortController();
  const batches: Batch<CounterSample>[] = [];
  const run = source.run(async (batch) => void batches.push(batch), abort.signal);
  await settle();
  machine.write({ 'proc/vmstat': 'pgpgin 1090\n' });
  await host.clock.advance(9_000);
  assert.equal(recordsOf(batches[0]!)[0]?.value, 10);
  abort.abort();
  await run;
});

test('counters that are not known are told once, and the others are sampled', async () => {
  const { host, source } = await open([
    every(10, 'System\\Load1', 'Nothing\\At All'),
    every(20, 'Nothing'),
  ]);
  assert.deepEqual(
    host.log.entries.map(({ level, facts }) => [level, (facts as { counter: string }).counter]),
    [
      ['warn', 'Nothing\\At All'],
      ['warn', 'Nothing'],
    ],
  );
  assert.deepEqual(source.describe?.().unknownCounters, [
    "Nothing\\At All (there is no object 'Nothing' on Linux)",
    'Nothing (it is not of the form Object(instance)\\Counter)',
  ]);
});

test('a file system that hangs makes no other group wait, and is told once', async () => {
  const hanging = Promise.withResolvers<typeof STAT>();
  const { host, source } = await open(
    [every(10, 'Logical Disk(*)\\% Used Space'), every(15, 'System\\Load1')],
    (path) => (path === '/' ? hanging.promise : Promise.resolve(STAT)),
  );
  const abort = new AbortController();
  const batches: Batch<CounterSample>[] = [];
  const run = source.run(async (batch) => void batches.push(batch), abort.signal);
  await settle();
  for (let second = 1; second < 46; second += 1) await host.clock.advance(1_000);
  const loads = batches.map(outline).filter((text) => text.endsWith('Load1'));
  assert.deepEqual(loads, ['15: Load1', '30: Load1', '45: Load1']);
  const instances = batches.flatMap((batch) => recordsOf(batch).map(({ instance }) => instance));
  assert.ok(instances.includes('/srv/my data') && !instances.includes('/'));
  assert.deepEqual(source.describe?.().leftOut, ['/']);
  const told = (): unknown[] =>
    host.log.entries.map(({ level, facts }) => [level, (facts as { path: string }).path]);
  assert.deepEqual(told(), [['warn', '/']]);

  hanging.resolve(STAT);
  await settle();
  await host.clock.advance(10_000);
  await until('it is no longer left out', () => host.log.entries.length > 1);
  assert.deepEqual(told(), [
    ['warn', '/'],
    ['info', '/'],
  ]);
  abort.abort();
  await run;
});

test('a batch that has to wait holds up its own group only, and is followed by no burst', async () => {
  const { host, source } = await open([every(10, 'System\\Load1'), every(30, 'System\\Load5')]);
  const abort = new AbortController();
  const gate = Promise.withResolvers<void>();
  const outlines: string[] = [];
  const run = source.run((batch) => {
    outlines.push(outline(batch));
    return outlines.length === 1 ? gate.promise : Promise.resolve();
  }, abort.signal);
  await settle();
  for (let second = 1; second < 65; second += 1) await host.clock.advance(1_000);
  assert.deepEqual(outlines, ['10: Load1', '30: Load5', '60: Load5']);
  gate.resolve();
  for (let second = 65; second < 85; second += 1) await host.clock.advance(1_000);
  assert.deepEqual(outlines.slice(3), ['70: Load1', '80: Load1']);
  abort.abort();
  await run;
});

test('when one group fails all end, and then the failure is told', async () => {
  const { host, source } = await open([every(10, 'System\\Load1'), every(30, 'System\\Load5')]);
  const run = source.run(async () => {
    throw new Error('no room');
  }, new AbortController().signal);
  const failed = assert.rejects(run, /no room/);
  await settle();
  await host.clock.advance(10_000);
  await failed;
  assert.equal(host.clock.sleeping, 0);
});

test('a moment at which nothing can be told hands nothing over', async () => {
  const { host, source } = await open([every(10, 'Process(nobody)\\Used Memory')]);
  const abort = new AbortController();
  const run = source.run(() => assert.fail(), abort.signal);
  await settle();
  await host.clock.advance(60_000);
  abort.abort();
  await run;
});

test('on another system it cannot be opened', () => {
  const settings = { key: KEY, groups: [], platform: 'win32' };
  assert.throws(
    () => openPerformanceCounters(settings, createFakeHost()),
    (error) => isAgentError(error, 'SOURCE_UNAVAILABLE') && /win32/.test(error.message),
  );
});
