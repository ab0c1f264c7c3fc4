/** Minutes the service does not take, from the rows of the pipeline to the ledger. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBalanced } from '../../../../../packages/agent/src/buffer/durable-buffer.ts';
import { createLane } from '../../../../../packages/agent/src/delivery/lane.ts';
import { UploadShares } from '../../../../../packages/agent/src/delivery/upload-shares.ts';
import { me } from '../../../../../packages/agent/src/destinations/custom-metrics/me.ts';
import { createNetwork } from '../../../../../packages/agent/src/host/network.ts';
import { metricStage } from '../../../../../packages/agent/src/pipeline/metrics/metric-stage.ts';
import { destinationContext } from '../../../../support/destination-subjects.ts';
import { createFakeHost } from '../../../../support/fake-host.ts';
import { createFakeTokens } from '../../../../support/fake-tokens.ts';
import { fillBuffer } from '../../../../support/fill-buffer.ts';
import { startIngestionServer } from '../../../../support/ingestion-server.ts';
import { MemoryBuffer } from '../../../../support/memory-buffer.ts';
import { rowOf } from '../../../../support/rows.ts';
import { until } from '../../../../support/until.ts';

const HOUR_MS = 3_600_000;
const ID = 'dcr-1/me';

function documentOf(startMs: number): unknown {
  const series = [{ instance: 'total', min: 1, max: 1, sum: 1, count: 1 }];
  const minute = { startMs, object: 'System', counter: 'Load1', isInsights: false, series };
  return rowOf(metricStage({}), 'me', minute);
}

test('a minute of before or after the clock jumped costs no other minute of its batch', async (t) => {
  const server = await startIngestionServer(() => ({ status: 200 }));
  const network = createNetwork({});
  t.after(async () => {
    await network.destroy();
    await server[Symbol.asyncDispose]();
  });
  const host = createFakeHost({ network });
  const buffer = new MemoryBuffer({ clock: host.clock });
  const nowMs = host.clock.now();
  const starts = [nowMs - HOUR_MS, nowMs, nowMs, nowMs + HOUR_MS, nowMs];
  const options = { destinations: [ID], protocol: 'me', stream: 's' } as const;
  await fillBuffer(buffer, starts.map(documentOf), options);
  const planned = { id: ID, protocol: 'me', endpoint: server.origin } as const;
  const destination = me.open(planned, destinationContext(host, createFakeTokens()));
  const lane = createLane({ destination, buffer, host, shares: new UploadShares(16) });
  lane.wake();
  await until('nothing is pending', () => buffer.ledger()[0]?.buffered === 0);
  await lane.stop();
  const row = buffer.ledger()[0]!;
  assert.equal(isBalanced(row), true);
  assert.deepEqual([row.delivered, row.dropped, row.quarantined], [3, 2, 0]);
  assert.deepEqual(row.reasons.map(({ reason }) => reason).toSorted(), [
    'metrics more than 5 minutes ahead',
    'metrics older than 20 minutes',
  ]);
  const times = server.posts.flatMap(({ records }) => records as { readonly time: string }[]);
  assert.deepEqual(new Set(times.map(({ time }) => Date.parse(time))), new Set([nowMs]));
});
