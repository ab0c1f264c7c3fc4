import assert from 'node:assert/strict';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { test } from 'node:test';
import { noteWork } from '../../../../packages/agent/src/host/engine-memory.ts';

test('ten seconds after the last work, memory is given back', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const collections = await countMajor(() => {
    noteWork();
    t.mock.timers.tick(9_000);
    noteWork();
    t.mock.timers.tick(9_000);
  });
  assert.equal(collections, 0);
  assert.notEqual(await countMajor(() => t.mock.timers.tick(1_000)), 0);
  assert.equal('gc' in globalThis, false);
});

/** Entries come with a turn of the event loop. */
async function countMajor(action: () => void): Promise<number> {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind } = (entry as unknown as { detail: { kind: number } }).detail;
      if (kind === constants.NODE_PERFORMANCE_GC_MAJOR) count += 1;
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  action();
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  observer.disconnect();
  return count;
}
