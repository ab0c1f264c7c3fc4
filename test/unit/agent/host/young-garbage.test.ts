import assert from 'node:assert/strict';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { test } from 'node:test';
import { noteYoungBytes } from '../../../../packages/agent/src/host/young-garbage.ts';

test('when many bytes have come, what is young is collected', async () => {
  const collected = Promise.withResolvers<void>();
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind } = (entry as unknown as { detail: { kind: number } }).detail;
      if (kind === constants.NODE_PERFORMANCE_GC_MINOR) collected.resolve();
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  for (let i = 0; i < 400; i++) noteYoungBytes(65_536);
  await collected.promise;
  observer.disconnect();
});

test('what it takes is not left behind for others', () => {
  noteYoungBytes(100_000_000);
  assert.equal('gc' in globalThis, false);
});
