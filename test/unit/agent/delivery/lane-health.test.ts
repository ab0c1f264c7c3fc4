import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SealedBatch } from '../../../../packages/agent/src/buffer/durable-buffer.ts';
import { LaneHealth } from '../../../../packages/agent/src/delivery/lane-health.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { createRecordedLog, type RecordedLog } from '../../../support/recorded-log.ts';

function createHealth(): { clock: ManualClock; log: RecordedLog; health: LaneHealth } {
  const clock = new ManualClock(5_000);
  const log = createRecordedLog();
  return { clock, log, health: new LaneHealth(clock, log) };
}

const batch: SealedBatch = {
  id: 'b1',
  outlet: { flow: 'f', stream: 's', protocol: 'ods', destinations: ['a'] },
  recordCount: 3,
  rawBytes: 10,
  createdAtMs: 0,
  fragments: [],
};

test('a success does not take the memory of the last failure', () => {
  const { clock, health } = createHealth();
  health.failed('HTTP 503');
  clock.jumpTo(9_000);
  health.succeeded();
  assert.equal(health.lastSuccessAtMs, 9_000);
  assert.deepEqual(health.lastFailure, { atMs: 5_000, reason: 'HTTP 503' });
});

test('thousands of refused batches are logged once a minute, with their number', async () => {
  const { clock, health, log } = createHealth();
  const refusal = { reason: 'HTTP 400', detail: 'bad column' };
  for (let round = 0; round < 1000; round += 1) health.rejected(batch, refusal);
  await clock.advance(60_000);
  health.rejected(batch, refusal);
  assert.deepEqual(
    log.entries.map(({ level, facts }) => ({ level, ...facts })),
    [
      { level: 'error', batches: 1, records: 3, lastBatch: 'b1', reason: 'HTTP 400: bad column' },
      {
        level: 'error',
        batches: 1000,
        records: 3000,
        lastBatch: 'b1',
        reason: 'HTTP 400: bad column',
      },
    ],
  );
});

test('requests are counted by status, and apart when no answer came', () => {
  const { health } = createHealth();
  health.count({ kind: 'delivered', status: 200 });
  health.count({ kind: 'delivered', status: 200 });
  health.count({ kind: 'retry', status: 429, reason: 'HTTP 429' });
  health.count({ kind: 'retry', reason: 'connection refused' });
  assert.deepEqual(health.requests, { '200': 2, '429': 1, none: 1 });
});
