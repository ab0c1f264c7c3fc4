/**
 * Buffer, lanes and destinations together: what reaches a service that misbehaves, and what does
 * not.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { constants, inflateRawSync } from 'node:zlib';
import { isBalanced } from '../../packages/agent/src/buffer/durable-buffer.ts';
import { createDelivery } from '../../packages/agent/src/delivery/delivery.ts';
import { openDestination } from '../../packages/agent/src/destinations/kinds.ts';
import { createNetwork } from '../../packages/agent/src/host/network.ts';
import { query } from '../support/buffer-on-disk.ts';
import { fillBench, openDeliveryBench } from '../support/delivery-bench.ts';
import { DESTINATION_SUBJECTS, destinationContext } from '../support/destination-subjects.ts';
import { createFakeHost } from '../support/fake-host.ts';
import { createFakeTokens } from '../support/fake-tokens.ts';
import { fillBuffer, numbered } from '../support/fill-buffer.ts';
import {
  type Behaviour,
  type ReceivedPost,
  receivedIds,
  startIngestionServer,
} from '../support/ingestion-server.ts';
import { until } from '../support/until.ts';

function idsOf({ records }: ReceivedPost): number[] {
  return (records as { id: number }[]).map(({ id }) => id);
}

/** Ids in posts that were answered with success. */
function acceptedIds(
  posts: readonly ReceivedPost[],
  answer: (post: ReceivedPost, index: number) => Behaviour,
): number[] {
  return posts
    .filter((post, index) => {
      const behaviour = answer(post, index);
      return typeof behaviour === 'object' && behaviour.status < 300;
    })
    .flatMap(idsOf)
    .sort((one, other) => one - other);
}

for (const subject of DESTINATION_SUBJECTS) {
  const contract = (name: string, run: (t: TestContext) => Promise<void>): void => {
    test(`${subject.kind.protocol}: ${name}`, run);
  };

  contract(
    'a poisoned record ends in the quarantine; all others arrive exactly once',
    async (t) => {
      const poison = 137;
      const answer = (post: ReceivedPost): Behaviour =>
        idsOf(post).includes(poison)
          ? { status: 400, body: '{"error":{"code":"InvalidPayload"}}' }
          : { status: 204 };
      await using server = await startIngestionServer(answer);
      const bench = await openDeliveryBench(t, subject, { a: server.origin });
      for (let batch = 0; batch < 5; batch += 1) {
        await fillBench(bench, numbered(50, batch * 50), ['a']);
      }
      await until('the lane is idle', () => bench.delivery.status()[0]?.state === 'idle');

      assert.deepEqual(
        acceptedIds(server.posts, answer),
        numbered(250)
          .map(({ id }) => id)
          .filter((id) => id !== poison),
      );
      const [row] = bench.buffer.ledger();
      assert.deepEqual(row?.reasons, [{ reason: 'HTTP 400 InvalidPayload', count: 1 }]);
      assert.equal(row.delivered, 249);
      assert.ok(isBalanced(row));

      await bench.delivery.stop();
      await bench.buffer.close();
      const kept = query(bench.database, 'SELECT status, detail, deflated FROM quarantine');
      const { status, detail, deflated } = kept[0]!;
      assert.deepEqual([kept.length, status], [1, 400]);
      assert.match(String(detail), /InvalidPayload/);
      const finishFlush = constants.Z_SYNC_FLUSH;
      const records = String(inflateRawSync(deflated as Uint8Array, { finishFlush }));
      assert.deepEqual(JSON.parse(records), { id: poison });
    },
  );

  contract('a body over the limit of the service is split until it fits', async (t) => {
    const answer = ({ records }: ReceivedPost): Behaviour => ({
      status: records.length > 7 ? 413 : 200,
    });
    await using server = await startIngestionServer(answer);
    const bench = await openDeliveryBench(t, subject, { a: server.origin });
    await fillBench(bench, numbered(100), ['a']);
    await until('all is delivered', () => bench.buffer.ledger()[0]?.delivered === 100);
    assert.deepEqual(
      acceptedIds(server.posts, answer),
      numbered(100).map(({ id }) => id),
    );
  });

  contract('a service that was away for a while gets everything once', async (t) => {
    let isUp = false;
    const accepted: number[] = [];
    await using server = await startIngestionServer((post) => {
      if (!isUp) return { status: 503 };
      accepted.push(...idsOf(post));
      return { status: 200 };
    });
    const bench = await openDeliveryBench(t, subject, { a: server.origin });
    for (let batch = 0; batch < 6; batch += 1) {
      await fillBench(bench, numbered(2, batch * 2), ['a']);
    }
    const lane = () => bench.delivery.status()[0]!;
    for (let round = 1; round <= 5; round += 1) {
      await until(
        'it failed again',
        () => lane().consecutiveFailures === round && lane().inFlight === 0,
      );
      assert.equal(lane().state, 'waiting');
      if (round === 5) isUp = true;
      await bench.host.clock.advance(bench.host.clock.nextWakeMs!);
    }
    await until('all is delivered', () => bench.buffer.ledger()[0]?.delivered === 12);
    assert.deepEqual(
      accepted.sort((one, other) => one - other),
      numbered(12).map(({ id }) => id),
    );
    assert.equal(lane().consecutiveFailures, 0);
    const levels = bench.host.log.entries.map(({ level }) => level);
    assert.equal(levels.filter((level) => level === 'warn').length, 1);
    assert.equal(levels.filter((level) => level === 'error').length, 0);
  });

  contract('a service that never answers does not slow another', async (t) => {
    await using dead = await startIngestionServer(() => 'hang');
    await using live = await startIngestionServer(() => ({ status: 200 }));
    const bench = await openDeliveryBench(t, subject, { dead: dead.origin, live: live.origin });
    for (let batch = 0; batch < 40; batch += 1) {
      await fillBench(bench, numbered(5, batch * 5), ['dead', 'live']);
    }
    const row = (id: string) => {
      return bench.buffer.ledger().find(({ destination }) => destination === id);
    };
    await until('the live one has everything', () => row('live')?.delivered === 200);
    assert.equal(new Set(receivedIds(live.posts)).size, 200);
    assert.equal(receivedIds(live.posts).length, 200);
    assert.equal(row('dead')?.buffered, 200);
  });

  contract('no request mixes streams or solutions', async (t) => {
    await using server = await startIngestionServer(() => ({ status: 200 }));
    const bench = await openDeliveryBench(t, subject, { a: server.origin });
    const { protocol } = subject.kind;
    const pairs = [
      { stream: 'A', solution: 'One' },
      { stream: 'A', solution: 'Two' },
      { stream: 'B', solution: 'One' },
    ];
    for (const { stream, solution } of [...pairs, ...pairs]) {
      await fillBuffer(bench.buffer, [{ id: `${stream}/${solution}` }], {
        destinations: ['a'],
        protocol,
        stream,
        solution,
      });
    }
    await until('all is delivered', () => server.posts.length === 6);
    for (const { url, json, records } of server.posts) {
      const ids = new Set((records as { id: string }[]).map(({ id }) => id));
      assert.equal(ids.size, 1);
      const [stream, solution] = [...ids][0]!.split('/');
      if (protocol === 'gig') {
        assert.ok(url.includes(`/streams/${stream}?`), url);
        continue;
      }
      // Metrics are of a resource, whatever stream they were asked for as.
      if (protocol === 'me') continue;
      const { DataType, IPName } = json as { DataType: string; IPName: string };
      assert.deepEqual({ DataType, IPName }, { DataType: stream, IPName: solution });
    }
  });

  contract('stopping in mid-request keeps the batch, and the next run sends it', async (t) => {
    let isUp = false;
    await using server = await startIngestionServer(() => (isUp ? { status: 200 } : 'hang'));
    const bench = await openDeliveryBench(t, subject, { a: server.origin });
    await fillBench(bench, numbered(3), ['a']);
    await until('it was sent', () => server.posts.length === 1);
    await bench.delivery.stop();
    assert.equal(bench.buffer.ledger()[0]?.buffered, 3);

    isUp = true;
    const network = createNetwork();
    t.after(() => network.destroy());
    const context = destinationContext(
      createFakeHost({ network, clock: bench.host.clock }),
      createFakeTokens(),
    );
    const next = createDelivery({
      buffer: bench.buffer,
      host: context.host,
      open: (planned) => openDestination(planned, context),
    });
    await next.setDestinations([]);
    await until('it is delivered', () => bench.buffer.ledger()[0]?.delivered === 3);
    const ids = server.posts.map(({ headers }) => headers['x-ms-client-request-id']);
    assert.equal(new Set(ids).size, 1);
    await next.stop();
  });
}
