import assert from 'node:assert/strict';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { noteWork, startLean } from '../../../../packages/agent/src/host/engine-memory.ts';
import { until } from '../../../support/until.ts';

/** In what `%GetOptimizationStatus` returns; source: `OptimizationStatus` in V8's `runtime.h`. */
const IS_OPTIMIZED = 1 << 4;

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

test('an agent that waits optimises nothing, until a source has records', async () => {
  startLean();
  assert.equal(isOptimised(), false);
  noteWork();
  // The compiler has a thread of its own, which comes to its turn when the machine has time.
  await until('a function that runs and runs is optimised', isOptimised);
});

/** Whether a function is that runs and runs. */
function isOptimised(): boolean {
  setFlagsFromString('--allow-natives-syntax');
  const status: number = runInNewContext(`
    const hot = new Function('n', 'let sum = 0; for (let i = 0; i < n; i++) sum += i; return sum');
    for (let i = 0; i < 3000; i++) hot(2000);
    %GetOptimizationStatus(hot);
  `);
  setFlagsFromString('--no-allow-natives-syntax');
  return (status & IS_OPTIMIZED) !== 0;
}

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
