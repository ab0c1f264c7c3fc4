import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Batch, HeartbeatRecord } from '../../../../../packages/agent/src/record.ts';
import { openHeartbeat } from '../../../../../packages/agent/src/sources/heartbeat/heartbeat.ts';
import { createFakeHost } from '../../../../support/fake-host.ts';
import { recordsOf } from '../../../../support/rows.ts';
import { settle } from '../../../../support/until.ts';

test('a sign of life at once and then at every interval, each with its own time', async () => {
  const host = createFakeHost();
  const startMs = host.clock.now();
  const abort = new AbortController();
  const batches: Batch<HeartbeatRecord>[] = [];
  const source = openHeartbeat('heartbeat', 60_000, host);
  const run = source.run(async (batch) => void batches.push(batch), abort.signal);
  assert.equal(source.key, 'heartbeat');
  assert.equal(batches.length, 1);
  await settle();
  await host.clock.advance(59_999);
  assert.equal(batches.length, 1);
  await host.clock.advance(60_001);
  assert.deepEqual(
    batches.map((batch) => recordsOf(batch).map(({ atMs }) => atMs - startMs)),
    [[0], [60_000], [120_000]],
  );
  abort.abort();
  await run;
  assert.equal(host.clock.sleeping, 0);
});

test('while one sign of life waits, no other is made', async () => {
  const host = createFakeHost();
  const abort = new AbortController();
  const gate = Promise.withResolvers<void>();
  let emitted = 0;
  const emit = (): Promise<void> => {
    emitted += 1;
    return gate.promise;
  };
  const run = openHeartbeat('heartbeat', 1_000, host).run(emit, abort.signal);
  await host.clock.advance(600_000);
  assert.equal(emitted, 1);
  gate.resolve();
  await settle();
  await host.clock.advance(1_000);
  assert.equal(emitted, 2);
  abort.abort();
  await run;
});

test('a signal that has aborted already leaves nothing to do', async () => {
  const host = createFakeHost();
  await openHeartbeat('heartbeat', 1_000, host).run(() => assert.fail(), AbortSignal.abort());
});
