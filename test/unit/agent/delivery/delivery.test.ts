import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedDestination } from '@dcr-agent/schema';
import {
  createDelivery,
  type Delivery,
  type DeliveryOptions,
} from '../../../../packages/agent/src/delivery/delivery.ts';
import type { DeliveryOutcome } from '../../../../packages/agent/src/destinations/destination.ts';
import { createFakeHost, type FakeHost } from '../../../support/fake-host.ts';
import { appendRecords, fillBuffer, numbered } from '../../../support/fill-buffer.ts';
import { MemoryBuffer } from '../../../support/memory-buffer.ts';
import {
  type Attempt,
  createScriptedDestination,
  DELIVERED,
  never,
} from '../../../support/scripted-destination.ts';
import { settle, until } from '../../../support/until.ts';

interface Bench {
  readonly host: FakeHost;
  readonly buffer: MemoryBuffer;
  readonly delivery: Delivery;
  readonly opened: PlannedDestination[];
  readonly attempts: (Attempt & { destination: string })[];
}

type Answer = (
  destination: string,
  signal: AbortSignal,
) => DeliveryOutcome | Promise<DeliveryOutcome>;

function createBench(answer: Answer = () => DELIVERED, options: DeliveryOptions = {}): Bench {
  const host = createFakeHost();
  const buffer = new MemoryBuffer({ clock: host.clock });
  const opened: PlannedDestination[] = [];
  const attempts: Bench['attempts'] = [];
  const open = (planned: PlannedDestination) => {
    opened.push(planned);
    if (planned.endpoint === 'unusable') throw new Error('not encrypted');
    return createScriptedDestination(planned.id, (attempt) => {
      attempts.push({ ...attempt, destination: planned.id });
      return answer(planned.id, attempt.signal);
    });
  };
  return {
    host,
    buffer,
    opened,
    attempts,
    delivery: createDelivery({ buffer, host, open, options }),
  };
}

function planned(id: string, endpoint = `https://${id}.example`): PlannedDestination {
  return { id, protocol: 'ods', endpoint };
}

function states(delivery: Delivery): Record<string, string> {
  return Object.fromEntries(
    delivery.status().map(({ destination, state }) => [destination, state]),
  );
}

test('every destination of a batch receives it, and it is stored until the last one has', async () => {
  const { buffer, delivery, attempts } = createBench();
  await delivery.setDestinations([planned('a'), planned('b')]);
  await fillBuffer(buffer, numbered(3), { destinations: ['a', 'b'] });
  await until('both have it', () => buffer.usage().diskBytes === 0);
  assert.deepEqual(attempts.map(({ destination }) => destination).sort(), ['a', 'b']);
  assert.equal(new Set(attempts.map(({ batchId }) => batchId)).size, 1);
  await delivery.stop();
});

test('sealing wakes the lanes', async () => {
  const { buffer, delivery } = createBench();
  await delivery.setDestinations([planned('a')]);
  await appendRecords(buffer, numbered(1), { destinations: ['a'] });
  await settle();
  assert.equal(buffer.ledger()[0]?.delivered, 0);
  buffer.seal(0);
  await settle();
  assert.equal(buffer.ledger()[0]?.delivered, 1);
  await delivery.stop();
});

test('lanes of destinations that never answer do not slow another lane', async () => {
  const dead = ['dead1', 'dead2', 'dead3', 'dead4'];
  const { buffer, delivery } = createBench(
    (destination, signal) => (destination === 'live' ? DELIVERED : never(signal)),
    { concurrency: 4, sharedUploads: 2 },
  );
  await delivery.setDestinations([...dead, 'live'].map((id) => planned(id)));
  for (let batch = 0; batch < 30; batch += 1) {
    await fillBuffer(buffer, numbered(1, batch), { destinations: [...dead, 'live'] });
  }
  const rows = () => new Map(buffer.ledger().map((row) => [row.destination, row]));
  await until('the live one has everything', () => rows().get('live')?.delivered === 30);
  for (const id of dead) assert.equal(rows().get(id)?.buffered, 30);
  await delivery.stop();
});

/** Batches that two good destinations have had after ten seconds, beside these others. */
async function progressBeside(others: Readonly<Record<string, Answer>>): Promise<number> {
  const { host, buffer, delivery } = createBench(async (destination, signal) => {
    const other = others[destination];
    if (other !== undefined) return other(destination, signal);
    await host.clock.sleep(100, signal);
    return DELIVERED;
  });
  const destinations = ['good1', 'good2', ...Object.keys(others)];
  await delivery.setDestinations(destinations.map((id) => planned(id)));
  for (let batch = 0; batch < 500; batch += 1) {
    await fillBuffer(buffer, numbered(1, batch), { destinations });
  }
  for (let ms = 0; ms < 10_000; ms += 50) await host.clock.advance(50);
  const rows = buffer.ledger().filter(({ destination }) => destination.startsWith('good'));
  await delivery.stop();
  return rows.reduce((sum, { delivered }) => sum + delivered, 0);
}

test('a dead, a slow and a throttled destination do not cost the others a twentieth', async () => {
  const alone = await progressBeside({});
  assert.ok(alone > 700, `${alone} batches`);
  const dead: Answer = async () => ({ kind: 'retry', reason: 'connection refused' });
  const beside = await progressBeside({
    dead,
    slow: (_, signal) => never(signal),
    throttled: async () => ({ kind: 'retry', status: 429, reason: 'HTTP 429', afterMs: 3_600_000 }),
  });
  assert.ok(beside >= 0.95 * alone, `${beside} batches instead of ${alone}`);
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`dead${i}`, dead]));
  const besideMany = await progressBeside(many);
  assert.ok(besideMany >= 0.95 * alone, `${besideMany} batches instead of ${alone}`);
});

test('a change of rules keeps the lanes it does not concern', async () => {
  const { delivery, opened } = createBench();
  await delivery.setDestinations([planned('a'), planned('b')]);
  await delivery.setDestinations([planned('b'), planned('c')]);
  assert.deepEqual(
    opened.map(({ id }) => id),
    ['a', 'b', 'c'],
  );
  assert.deepEqual(Object.keys(states(delivery)), ['b', 'c']);
  await delivery.stop();
});

test('a destination that moved is opened anew, once its old requests have ended', async () => {
  const oldRequest = Promise.withResolvers<DeliveryOutcome>();
  const answers: Answer[] = [() => oldRequest.promise, () => DELIVERED];
  const { buffer, delivery, opened, attempts } = createBench((...call) =>
    answers.shift()!(...call),
  );
  await delivery.setDestinations([planned('a')]);
  await fillBuffer(buffer, numbered(1), { destinations: ['a'] });
  await settle();
  const moved = delivery.setDestinations([planned('a', 'https://moved.example')]);
  await settle();
  assert.equal(attempts.length, 1);
  assert.equal(attempts[0]?.signal.aborted, true);
  oldRequest.resolve({ kind: 'retry', reason: 'aborted' });
  await moved;
  await until('it is delivered', () => buffer.ledger()[0]?.delivered === 1);
  assert.deepEqual(
    opened.map(({ endpoint }) => endpoint),
    ['https://a.example', 'https://moved.example'],
  );
  await delivery.stop();
});

test('the lane of a removed rule stays until its backlog is delivered, open batches too', async () => {
  let isUp = false;
  const { host, buffer, delivery } = createBench(() =>
    isUp ? DELIVERED : { kind: 'retry', reason: 'HTTP 503' },
  );
  await delivery.setDestinations([planned('a')]);
  await fillBuffer(buffer, numbered(1), { destinations: ['a'] });
  await appendRecords(buffer, numbered(1, 1), { destinations: ['a'] });
  await delivery.setDestinations([]);
  assert.equal(delivery.status()[0]?.isRetired, true);
  isUp = true;
  await host.clock.advance(2_000);
  await settle();
  assert.deepEqual(Object.keys(states(delivery)), ['a']);
  buffer.seal(0);
  await until('the lane has closed', () => delivery.status().length === 0);
  assert.equal(buffer.ledger()[0]?.delivered, 2);
  await delivery.stop();
});

test('a retired lane whose rule comes back is not retired any more', async () => {
  const { buffer, delivery, opened } = createBench((_, signal) => never(signal));
  await delivery.setDestinations([planned('a')]);
  await fillBuffer(buffer, numbered(1), { destinations: ['a'] });
  await delivery.setDestinations([]);
  await delivery.setDestinations([planned('a')]);
  assert.equal(delivery.status()[0]?.isRetired, false);
  assert.equal(opened.length, 1);
  await delivery.stop();
});

test('a backlog left by an earlier run is delivered although no rule names its place', async () => {
  const { buffer, delivery } = createBench();
  buffer.rememberDestinations([planned('gone')]);
  await fillBuffer(buffer, numbered(2), { destinations: ['gone'] });
  await delivery.setDestinations([]);
  await until('it is delivered', () => buffer.ledger()[0]?.delivered === 2);
  await until('the lane has closed', () => delivery.status().length === 0);
  await delivery.stop();
});

test('a destination that cannot be opened is held with its reason; the others work', async () => {
  const { buffer, delivery } = createBench();
  await delivery.setDestinations([planned('bad', 'unusable'), planned('good')]);
  await fillBuffer(buffer, numbered(1), { destinations: ['bad', 'good'] });
  await settle();
  assert.deepEqual(states(delivery), { bad: 'held', good: 'idle' });
  assert.equal(delivery.status()[0]?.lastFailure?.reason, 'not encrypted');
  const rows = buffer.ledger();
  assert.equal(rows.find(({ destination }) => destination === 'bad')?.buffered, 1);
  assert.equal(rows.find(({ destination }) => destination === 'good')?.delivered, 1);
  await delivery.stop();
});

test('drain delivers what is left, and gives up at its deadline', async () => {
  const { host, buffer, delivery } = createBench((destination, signal) =>
    destination === 'dead' ? never(signal) : DELIVERED,
  );
  await delivery.setDestinations([planned('dead'), planned('live')]);
  await appendRecords(buffer, numbered(1), { destinations: ['dead', 'live'] });
  buffer.seal(0);
  let hasEnded = false;
  const drained = delivery.drain(5_000).then(() => {
    hasEnded = true;
  });
  await settle();
  assert.equal(buffer.ledger().find((row) => row.destination === 'live')?.delivered, 1);
  assert.equal(hasEnded, false);
  await host.clock.advance(5_000);
  await drained;
  await delivery.stop();
});

test('drain that is done early leaves no timer', async () => {
  const { host, buffer, delivery } = createBench();
  await delivery.setDestinations([planned('a')]);
  await fillBuffer(buffer, numbered(1), { destinations: ['a'] });
  await delivery.drain(60_000);
  assert.equal(host.clock.sleeping, 0);
  assert.equal(buffer.ledger()[0]?.delivered, 1);
  await delivery.stop();
});

test('nothing is sent after stop, and what was under way is still in the buffer', async () => {
  const { host, buffer, delivery, attempts } = createBench((_, signal) => never(signal));
  await delivery.setDestinations([planned('a')]);
  await fillBuffer(buffer, numbered(1), { destinations: ['a'] });
  await settle();
  await delivery.stop();
  await fillBuffer(buffer, numbered(1), { destinations: ['a', 'b'] });
  await delivery.setDestinations([planned('a'), planned('b')]);
  await host.clock.advance(600_000);
  assert.equal(attempts.length, 1);
  assert.equal(buffer.ledger()[0]?.buffered, 2);
});
