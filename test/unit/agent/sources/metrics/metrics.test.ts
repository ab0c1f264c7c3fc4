import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Batch, MetricMinute } from '../../../../../packages/agent/src/record.ts';
import { openMetrics } from '../../../../../packages/agent/src/sources/metrics/metrics.ts';
import { FileSystemSpaces } from '../../../../../packages/agent/src/sources/performance-counters/file-system-spaces.ts';
import type { Source } from '../../../../../packages/agent/src/sources/source.ts';
import { createFakeHost, type FakeHost } from '../../../../support/fake-host.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { procMachine } from '../../../../support/proc-machine.ts';
import { recordsOf } from '../../../../support/rows.ts';
import { settle, until } from '../../../../support/until.ts';

const FULL_MINUTE = Date.UTC(2026, 5, 1, 12);
const HALF_MS = 30_000;
const STAT = { bsize: 1, blocks: 2, bfree: 1, bavail: 1, files: 0, ffree: 0 };

interface Opened {
  readonly host: FakeHost;
  readonly source: Source<MetricMinute>;
  /** Until this many half minutes have been sampled, of two counters each. */
  sampled(halves: number): Promise<void>;
}

async function open(): Promise<Opened> {
  const host = createFakeHost({ clock: new ManualClock(FULL_MINUTE) });
  const { folders } = await procMachine();
  const machine = { folders, spaces: new FileSystemSpaces(async () => STAT) };
  const groups = [{ everySeconds: 30, specifiers: ['System\\Load1', 'System\\Load5'] }];
  const settings = { key: 'metrics:dcr-1/c', groups, machine, platform: 'linux' };
  const source = openMetrics(settings, host);
  const samples = (): unknown => source.describe?.().samples;
  const sampled = async (halves: number): Promise<void> => {
    await until('a sample is waited for', () => host.clock.sleeping > 0);
    for (let half = 1; half <= halves; half += 1) {
      await settle();
      await host.clock.advance(HALF_MS);
      await until('it was sampled', () => samples() === 2 * half);
    }
  };
  return { host, source, sampled };
}

function minutesOf(batch: Batch<MetricMinute>): number[] {
  const starts = new Set(recordsOf(batch).map(({ startMs }) => startMs));
  return [...starts].map((startMs) => (startMs - FULL_MINUTE) / (2 * HALF_MS));
}

test('while nothing is taken the newest minutes are held, and the others counted', async () => {
  const { host, source, sampled } = await open();
  const space = Promise.withResolvers<void>();
  const batches: Batch<MetricMinute>[] = [];
  const abort = new AbortController();
  const run = source.run(async (batch) => {
    batches.push(batch);
    await space.promise;
  }, abort.signal);
  await sampled(2 * 40 + 1);
  assert.deepEqual(batches.map(minutesOf), [[0]]);
  space.resolve();
  await settle();
  await host.clock.advance(HALF_MS);
  await until('the rest is handed over', () => batches.length === 2);
  // Of the 15 that are held one is under way.
  const held = Array.from({ length: 14 }, (_, i) => 27 + i);
  assert.deepEqual(minutesOf(batches[1]!), held);
  const [reject, ...others] = batches[1]!.rejects ?? [];
  assert.deepEqual(reject, { reason: 'not taken for too many minutes', count: 2 * 26 });
  assert.deepEqual(others, []);
  abort.abort();
  await run;
  assert.equal(batches[2]?.rejects, undefined, 'what was told is not told again');
});

test('what is held when the agent stops is handed over also if nothing is taken any more', async () => {
  const { source, sampled } = await open();
  const batches: Batch<MetricMinute>[] = [];
  const abort = new AbortController();
  const run = source.run(async (batch) => {
    batches.push(batch);
    await new Promise((_, reject) => {
      if (abort.signal.aborted) reject(new Error('full'));
      abort.signal.addEventListener('abort', () => reject(new Error('full')));
    });
  }, abort.signal);
  await sampled(2 * 3);
  abort.abort();
  await assert.rejects(run, /full/);
  assert.deepEqual(batches.map(minutesOf), [[0], [1, 2, 3]]);
});
