/** One destination never slows another, whatever it does, and in the end each has everything. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBalanced, type LedgerRow } from '../../packages/agent/src/buffer/durable-buffer.ts';
import { fillBench, openDeliveryBench } from '../support/delivery-bench.ts';
import { DESTINATION_SUBJECTS } from '../support/destination-subjects.ts';
import { numbered } from '../support/fill-buffer.ts';
import { receivedIds, startIngestionServer } from '../support/ingestion-server.ts';
import { until } from '../support/until.ts';

const BATCHES = 40;
const RECORDS = BATCHES * 5;
const HOUR_MS = 3_600_000;
const OK = { status: 200 };
/** Nobody listens there. */
const DEAD = 'http://127.0.0.1:1';

for (const retryAfter of ['99999999999999999999', 'Fri, 31 Dec 9999 23:59:59 GMT']) {
  test(`of five destinations one is dead, one slow, one throttles until ${retryAfter}; two have everything meanwhile`, async (t) => {
    const gate = Promise.withResolvers<void>();
    let isThrottled = true;
    await using slow = await startIngestionServer(() => gate.promise.then(() => OK));
    await using throttling = await startIngestionServer(() =>
      isThrottled ? { status: 429, headers: { 'retry-after': retryAfter } } : OK,
    );
    await using healthy1 = await startIngestionServer(() => OK);
    await using healthy2 = await startIngestionServer(() => OK);
    const servers = { slow, throttling, healthy1, healthy2 };
    const origins = Object.entries(servers).map(([id, { origin }]) => [id, origin]);
    const bench = await openDeliveryBench(t, DESTINATION_SUBJECTS[0]!, {
      dead: DEAD,
      ...Object.fromEntries(origins),
    });
    const ids = ['dead', ...Object.keys(servers)];
    const row = (id: string): LedgerRow =>
      bench.buffer.ledger().find(({ destination }) => destination === id)!;
    const lane = (id: string) =>
      bench.delivery.status().find(({ destination }) => destination === id)!;
    for (let batch = 0; batch < BATCHES; batch++) {
      await fillBench(bench, numbered(5, batch * 5), ids);
    }

    await until('the healthy ones have everything', () =>
      ['healthy1', 'healthy2'].every((id) => row(id).delivered === RECORDS),
    );
    await until('the others have had their turn', () => lane('dead').lastFailure !== null);
    await until('the throttling one was heard', () => lane('throttling').inFlight === 0);
    for (const id of ['dead', 'slow', 'throttling']) assert.equal(row(id).buffered, RECORDS, id);
    // Uploads that were under way together, and none since.
    assert.ok(throttling.posts.length <= 4, `${throttling.posts.length} requests`);
    const { state, nextAttemptAtMs } = lane('throttling');
    assert.equal(state, 'waiting');
    assert.equal(nextAttemptAtMs, bench.host.clock.now() + HOUR_MS, 'no service is believed more');
    assert.ok(slow.posts.length <= 4, `${slow.posts.length} requests`);

    isThrottled = false;
    gate.resolve();
    await bench.host.clock.advance(HOUR_MS);
    await until('the others have everything, too', () =>
      ['slow', 'throttling'].every((id) => row(id).delivered === RECORDS),
    );
    const all = numbered(RECORDS).map(({ id }) => id);
    for (const [id, { posts }] of Object.entries(servers)) {
      assert.deepEqual(new Set(receivedIds(posts)), new Set(all), id);
      assert.equal(receivedIds(posts).length, RECORDS + (id === 'throttling' ? refused(posts) : 0));
    }
    assert.equal(row('dead').buffered, RECORDS);
    assert.ok(bench.buffer.ledger().every(isBalanced));
  });
}

/** Records in the batches that came more than once. */
function refused(posts: Parameters<typeof receivedIds>[0]): number {
  const ids = receivedIds(posts);
  return ids.length - new Set(ids).size;
}
