import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBalanced } from '../../../../packages/agent/src/buffer/durable-buffer.ts';
import {
  createLane,
  type Lane,
  type LaneOptions,
} from '../../../../packages/agent/src/delivery/lane.ts';
import { UploadShares } from '../../../../packages/agent/src/delivery/upload-shares.ts';
import type { DeliveryOutcome } from '../../../../packages/agent/src/destinations/destination.ts';
import { createFakeHost, type FakeHost } from '../../../support/fake-host.ts';
import { fillBuffer, numbered } from '../../../support/fill-buffer.ts';
import { MemoryBuffer } from '../../../support/memory-buffer.ts';
import {
  type Attempt,
  createScriptedDestination,
  DELIVERED,
  never,
  type ScriptedDestination,
} from '../../../support/scripted-destination.ts';
import { settle, until } from '../../../support/until.ts';

interface Bench {
  readonly host: FakeHost;
  readonly buffer: MemoryBuffer;
  readonly destination: ScriptedDestination;
  readonly lane: Lane;
}

interface BenchOptions extends LaneOptions {
  readonly shares?: UploadShares;
  readonly random?: () => number;
}

type Answer = (attempt: Attempt, index: number) => DeliveryOutcome | Promise<DeliveryOutcome>;

/** A lane to destination `a` with one sealed batch per number of records given. */
async function createBench(
  batches: readonly number[],
  answer: Answer,
  { shares = new UploadShares(16), random, ...limits }: BenchOptions = { concurrency: 1 },
): Promise<Bench> {
  const host = createFakeHost(random && { random });
  const buffer = new MemoryBuffer({ clock: host.clock });
  let first = 0;
  for (const count of batches) {
    await fillBuffer(buffer, numbered(count, first), { destinations: ['a'] });
    first += count;
  }
  const destination = createScriptedDestination('a', answer);
  const lane = createLane({ destination, buffer, host, shares, options: limits });
  return { host, buffer, destination, lane };
}

function attemptedIds({ attempts }: ScriptedDestination): unknown[] {
  return attempts.flatMap(({ ids }) => ids);
}

const SERVER_BUSY: DeliveryOutcome = { kind: 'retry', status: 503, reason: 'HTTP 503' };

test('batches are delivered oldest first and acknowledged', async () => {
  const { lane, buffer, destination } = await createBench([2, 1, 3], () => DELIVERED);
  lane.wake();
  await until('all is delivered', () => buffer.usage().destinations.length === 0);
  assert.deepEqual(attemptedIds(destination), [0, 1, 2, 3, 4, 5]);
  assert.equal(buffer.ledger()[0]?.delivered, 6);
});

test('uploads run side by side up to the concurrency', async () => {
  const { lane, destination } = await createBench([1, 1, 1, 1, 1], ({ signal }) => never(signal), {
    concurrency: 3,
  });
  lane.wake();
  lane.wake();
  await settle();
  assert.equal(destination.attempts.length, 3);
  assert.equal(lane.status().inFlight, 3);
  assert.equal(new Set(destination.attempts.map(({ batchId }) => batchId)).size, 3);
  await lane.stop();
});

test('a lane waits after a failure, then sends the same batch again', async () => {
  const { lane, host, destination, buffer } = await createBench([1], (_, index) =>
    index === 0 ? SERVER_BUSY : DELIVERED,
  );
  lane.wake();
  await settle();
  assert.equal(lane.status().state, 'waiting');
  assert.equal(lane.status().nextAttemptAtMs, host.clock.now() + 1_000);
  lane.wake();
  await host.clock.advance(999);
  assert.equal(destination.attempts.length, 1);
  await host.clock.advance(1);
  await settle();
  assert.deepEqual(attemptedIds(destination), [0, 0]);
  assert.equal(destination.attempts[0]?.batchId, destination.attempts[1]?.batchId);
  assert.equal(buffer.ledger()[0]?.delivered, 1);
});

test('waits grow with each failure and start anew after a success', async () => {
  const answers = [SERVER_BUSY, SERVER_BUSY, SERVER_BUSY, DELIVERED, SERVER_BUSY];
  const { lane, host } = await createBench([1, 1], (_, index) => answers[index] ?? DELIVERED);
  const waits: (number | undefined)[] = [];
  lane.wake();
  await settle();
  for (let round = 0; round < 4; round += 1) {
    waits.push(host.clock.nextWakeMs);
    await host.clock.advance(host.clock.nextWakeMs ?? 0);
    await settle();
  }
  // Chance is fixed at one half: half of 2, 2.6 and 3.38 s, and of 2 s after the success.
  assert.deepEqual(waits, [1_000, 1_300, 1_690, 1_000]);
  assert.equal(lane.status().state, 'idle');
});

test('a wait the service asks for wins over the own back-off', async () => {
  const { lane, host } = await createBench([1], () => ({ ...SERVER_BUSY, afterMs: 42_000 }));
  lane.wake();
  await settle();
  assert.equal(lane.status().nextAttemptAtMs, host.clock.now() + 42_000);
  await lane.stop();
});

test('the longest wait asked for by uploads under way together counts', async () => {
  const afterMs = [3_000, 90_000, 20_000];
  const { lane, host } = await createBench(
    [1, 1, 1],
    (_, index) => ({ ...SERVER_BUSY, afterMs: afterMs[index]! }),
    { concurrency: 3 },
  );
  lane.wake();
  await settle();
  assert.equal(lane.status().consecutiveFailures, 1);
  assert.equal(lane.status().nextAttemptAtMs, host.clock.now() + 90_000);
  await lane.stop();
});

test('uploads that fail together draw the wait once', async () => {
  const chances = [0.6, 0.9, 0.99];
  const { lane, host } = await createBench([1, 1, 1], () => SERVER_BUSY, {
    concurrency: 3,
    random: () => chances.shift()!,
  });
  lane.wake();
  await settle();
  assert.equal(host.clock.nextWakeMs, 1_200);
  await lane.stop();
});

test('a failing lane probes with one upload, and goes wide again after a success', async () => {
  let isUp = false;
  const { lane, host, destination, buffer } = await createBench(
    Array<number>(8).fill(1),
    () => (isUp ? DELIVERED : SERVER_BUSY),
    { concurrency: 4 },
  );
  lane.wake();
  await settle();
  assert.equal(destination.attempts.length, 4);
  await host.clock.advance(1_000);
  await settle();
  assert.equal(destination.attempts.length, 5);
  isUp = true;
  await host.clock.advance(2_000);
  await until('all is delivered', () => buffer.ledger()[0]?.delivered === 8);
  assert.equal(destination.attempts.length, 13);
});

test('a batch the service keeps stumbling over does not keep the others waiting', async () => {
  const { lane, host, buffer } = await createBench([1, 1, 1, 1], ({ ids }) =>
    ids.includes(0) ? SERVER_BUSY : DELIVERED,
  );
  lane.wake();
  for (let second = 0; second < 10; second += 1) {
    await host.clock.advance(1_000);
    await settle();
  }
  assert.equal(buffer.ledger()[0]?.delivered, 3);
  assert.equal(buffer.ledger()[0]?.buffered, 1);
  await lane.stop();
});

test('after a success the batch that was refused before is first again', async () => {
  const { lane, host, destination } = await createBench([1, 1, 1], (_, index) =>
    index === 0 ? SERVER_BUSY : DELIVERED,
  );
  lane.wake();
  await settle();
  await host.clock.advance(1_000);
  await until('all was tried', () => destination.attempts.length === 4);
  assert.deepEqual(attemptedIds(destination), [0, 1, 0, 2]);
});

test('a refused token holds the lane, its batches stay, and it asks again later', async () => {
  const { lane, host, buffer } = await createBench([2], (_, index) =>
    index < 2 ? { kind: 'unauthorized', status: 403, reason: 'HTTP 403' } : DELIVERED,
  );
  lane.wake();
  await settle();
  assert.equal(lane.status().state, 'held');
  assert.match(lane.status().lastFailure!.reason, /^HTTP 403 \(warming up since 2025-03-01T10:11:/);
  const waits = [host.clock.nextWakeMs!];
  await host.clock.advance(waits[0]!);
  await settle();
  waits.push(host.clock.nextWakeMs!);
  assert.deepEqual(waits, [15_000, 30_000]);
  assert.equal(buffer.ledger()[0]?.buffered, 2);
  await host.clock.advance(waits[1]!);
  await settle();
  assert.equal(buffer.ledger()[0]?.delivered, 2);
  assert.equal(lane.status().state, 'idle');
});

test('an outcome that needs someone to act holds the lane', async () => {
  const { lane } = await createBench([1], () => ({
    kind: 'retry',
    status: 404,
    reason: 'HTTP 404',
    isHeld: true,
  }));
  lane.wake();
  await settle();
  assert.equal(lane.status().state, 'held');
  await lane.stop();
});

test('one poisoned record is isolated by splitting; all others arrive exactly once', async () => {
  const poison = 37;
  const delivered: unknown[] = [];
  const { lane, buffer, destination } = await createBench([64, 1], ({ ids }) => {
    if (ids.includes(poison)) {
      return ids.length > 1
        ? { kind: 'split', status: 400, reason: 'HTTP 400' }
        : { kind: 'rejected', status: 400, reason: 'HTTP 400 BadColumn', detail: 'it is 37' };
    }
    delivered.push(...ids);
    return DELIVERED;
  });
  lane.wake();
  await until('the lane is idle', () => lane.status().state === 'idle');
  assert.deepEqual(
    delivered,
    numbered(65)
      .map(({ id }) => id)
      .filter((id) => id !== poison),
  );
  const [row] = buffer.ledger();
  assert.deepEqual(row?.reasons, [{ reason: 'HTTP 400 BadColumn', count: 1 }]);
  assert.ok(isBalanced(row!));
  const [refused, ...others] = buffer.quarantine;
  assert.equal(others.length, 0);
  const { status, detail } = refused!.answer;
  assert.deepEqual([status, detail], [400, 'it is 37']);
  assert.equal(lane.status().lastFailure?.reason, 'HTTP 400 BadColumn: it is 37');
  // The path down a halving tree of 64 leaves, plus the batch behind it.
  assert.equal(destination.attempts.length, 1 + 2 * 6 + 1);
});

test('records that are too late for anybody are dropped and counted, and others go on', async () => {
  const { lane, buffer } = await createBench([3, 1], (_, index) =>
    index === 0 ? { kind: 'expired', reason: 'too late' } : DELIVERED,
  );
  lane.wake();
  await until('the lane is idle', () => lane.status().state === 'idle');
  const [row] = buffer.ledger();
  assert.deepEqual([row?.dropped, row?.delivered, row?.quarantined], [3, 1, 0]);
  assert.deepEqual(row?.reasons, [{ reason: 'too late', count: 3 }]);
  assert.ok(isBalanced(row!));
});

test('a single record the service wants split is rejected', async () => {
  const { lane, buffer } = await createBench([1], () => ({
    kind: 'split',
    status: 413,
    reason: 'HTTP 413',
  }));
  lane.wake();
  await settle();
  assert.deepEqual(buffer.ledger()[0]?.reasons, [{ reason: 'HTTP 413', count: 1 }]);
});

test('a destination that throws is logged, treated as a failure and tried again', async () => {
  const { lane, host, buffer } = await createBench([1], (_, index) => {
    if (index === 0) throw new TypeError('x is not a function');
    return DELIVERED;
  });
  lane.wake();
  await settle();
  assert.ok(host.log.entries.some(({ level }) => level === 'error'));
  assert.equal(lane.status().lastFailure?.reason, 'internal error: x is not a function');
  await host.clock.advance(1_000);
  await settle();
  assert.equal(buffer.ledger()[0]?.delivered, 1);
});

test('a buffer that fails pauses the lane and does not end it', async () => {
  const { lane, host, buffer } = await createBench([1], () => DELIVERED);
  const pending = buffer.pending.bind(buffer);
  buffer.pending = () => {
    throw new Error('disk I/O error');
  };
  lane.wake();
  assert.equal(lane.status().lastFailure?.reason, 'the buffer cannot be read: disk I/O error');
  buffer.pending = pending;
  await host.clock.advance(1_000);
  await settle();
  assert.equal(buffer.ledger()[0]?.delivered, 1);
});

test('a batch that cannot be read does not keep the others waiting', async () => {
  const { lane, host, buffer } = await createBench([1, 1, 1], () => DELIVERED);
  const [damaged] = buffer.pending('a', 1);
  const read = buffer.read.bind(buffer);
  buffer.read = (id) => {
    if (id === damaged?.id) throw new Error('damaged page');
    return read(id);
  };
  lane.wake();
  for (let second = 0; second < 5; second += 1) {
    await host.clock.advance(1_000);
    await settle();
  }
  assert.equal(buffer.ledger()[0]?.delivered, 2);
  await lane.stop();
});

test('a service that refuses a batch for good works, so its failures are over', async () => {
  const { lane, host } = await createBench([1], (_, index) =>
    index === 0 ? SERVER_BUSY : { kind: 'rejected', status: 400, reason: 'HTTP 400' },
  );
  lane.wake();
  await settle();
  assert.equal(lane.status().consecutiveFailures, 1);
  await host.clock.advance(1_000);
  await settle();
  assert.equal(lane.status().consecutiveFailures, 0);
});

test('a batch whose acknowledgement cannot be stored is sent again', async () => {
  const { lane, host, buffer, destination } = await createBench([1], () => DELIVERED);
  const acknowledge = buffer.acknowledge.bind(buffer);
  buffer.acknowledge = () => {
    throw new Error('disk I/O error');
  };
  lane.wake();
  await settle();
  buffer.acknowledge = acknowledge;
  await host.clock.advance(1_000);
  await settle();
  assert.equal(destination.attempts.length, 2);
  assert.equal(buffer.ledger()[0]?.delivered, 1);
});

test('a batch that is gone when it is read is passed over', async () => {
  const { lane, buffer } = await createBench([1, 1], () => DELIVERED);
  const [gone] = buffer.pending('a', 1);
  const read = buffer.read.bind(buffer);
  buffer.read = (id) => (id === gone?.id ? undefined : read(id));
  lane.wake();
  await settle();
  assert.equal(buffer.ledger()[0]?.delivered, 1);
  assert.equal(lane.status().state, 'idle');
});

test('stop aborts what is under way and leaves it unacknowledged', async () => {
  const { lane, buffer, destination, host } = await createBench(
    [1, 1],
    ({ signal }) => never(signal),
    { concurrency: 2 },
  );
  lane.wake();
  await settle();
  await lane.stop();
  await lane.stop();
  assert.ok(destination.attempts.every(({ signal }) => signal.aborted));
  assert.equal(buffer.ledger()[0]?.buffered, 2);
  assert.equal(host.clock.sleeping, 0);
  assert.deepEqual(host.log.entries, []);
  lane.wake();
  await settle();
  assert.equal(destination.attempts.length, 2);
});

test('stop waits for a request that ends with an answer after all, and keeps the answer', async () => {
  const answer = Promise.withResolvers<DeliveryOutcome>();
  const { lane, buffer } = await createBench([1], () => answer.promise);
  lane.wake();
  await settle();
  const stopped = lane.stop();
  answer.resolve(DELIVERED);
  await stopped;
  assert.equal(buffer.ledger()[0]?.delivered, 1);
});

test('drain does not wait out a back-off and resolves when all is delivered', async () => {
  let isUp = false;
  const { lane, buffer } = await createBench([1, 1, 1], () => (isUp ? DELIVERED : SERVER_BUSY));
  lane.wake();
  await settle();
  assert.equal(lane.status().state, 'waiting');
  isUp = true;
  await lane.drain(new AbortController().signal);
  assert.equal(buffer.ledger()[0]?.delivered, 3);
});

test('drain gives a dead destination one attempt', async () => {
  const { lane, destination } = await createBench([1, 1], () => SERVER_BUSY);
  lane.wake();
  await settle();
  await lane.drain(new AbortController().signal);
  assert.equal(destination.attempts.length, 2);
  assert.equal(lane.status().state, 'waiting');
  await lane.stop();
});

test('drain of an empty lane resolves at once', async () => {
  const { lane } = await createBench([], () => DELIVERED);
  await lane.drain(new AbortController().signal);
});

test('drain resolves at its deadline although a request never ends', async () => {
  const { lane } = await createBench([1], ({ signal }) => never(signal));
  const deadline = new AbortController();
  const drained = lane.drain(deadline.signal);
  await settle();
  deadline.abort();
  await drained;
  assert.equal(lane.status().inFlight, 1);
  await lane.stop();
});

const UNKNOWN_STREAM: DeliveryOutcome = {
  kind: 'aside',
  status: 400,
  reason: 'HTTP 400 InvalidStream',
};

test('a stream that is not known is put aside, others go on, and it is asked for again', async () => {
  let isKnown = false;
  const { lane, host, destination, buffer } = await createBench([], ({ ids }) =>
    Number(ids[0]) < 10 && !isKnown ? UNKNOWN_STREAM : DELIVERED,
  );
  for (const [first, stream] of [
    [0, 'new'],
    [1, 'new'],
    [10, 'old'],
    [11, 'old'],
  ] as const) {
    await fillBuffer(buffer, numbered(1, first), { destinations: ['a'], stream });
  }
  lane.wake();
  await until('the others are delivered', () => buffer.ledger()[1]?.delivered === 2);
  await settle();
  assert.deepEqual(attemptedIds(destination), [0, 10, 11]);
  assert.equal(lane.status().state, 'held');
  assert.equal(lane.status().nextAttemptAtMs, host.clock.now() + 300_000);
  isKnown = true;
  await host.clock.advance(300_000);
  await until('all is delivered', () => buffer.usage().destinations.length === 0);
  assert.equal(lane.status().state, 'idle');
  assert.equal(host.log.entries.filter(({ level }) => level === 'warn').length, 1);
});

test('records that were put aside for two days are rejected', async () => {
  const { lane, host, buffer } = await createBench([2], () => UNKNOWN_STREAM);
  lane.wake();
  await settle();
  assert.equal(buffer.ledger()[0]?.rejected, 0);
  await host.clock.advance(48 * 3_600_000 + 300_000);
  await until('it is let go of', () => buffer.usage().destinations.length === 0);
  assert.deepEqual(buffer.ledger()[0]?.reasons, [{ reason: 'HTTP 400 InvalidStream', count: 2 }]);
  await lane.stop();
});

for (const jumpMs of [49, -49].map((hours) => hours * 3_600_000)) {
  test(`a clock that jumps by ${jumpMs} ms makes nothing old that was put aside`, async () => {
    const { lane, host, buffer } = await createBench([2], () => UNKNOWN_STREAM);
    lane.wake();
    await settle();
    host.clock.jumpTo(host.clock.now() + jumpMs);
    await fillBuffer(buffer, numbered(3, 2), { destinations: ['a'] });
    await host.clock.advance(300_000);
    await settle();
    assert.deepEqual([buffer.ledger()[0]?.rejected, buffer.ledger()[0]?.buffered], [0, 5]);
    await host.clock.advance(48 * 3_600_000 + 300_000);
    await lane.stop();
  });
}

test('status tells where the lane stands', async () => {
  const { lane, host } = await createBench([1, 1], (_, index) =>
    index === 0 ? DELIVERED : { ...SERVER_BUSY, detail: 'be patient' },
  );
  const startedAtMs = host.clock.now();
  lane.wake();
  await settle();
  assert.deepEqual(lane.status(), {
    destination: 'a',
    address: 'https://a.example',
    state: 'waiting',
    inFlight: 0,
    lastSuccessAtMs: startedAtMs,
    lastFailure: { atMs: startedAtMs, reason: 'HTTP 503: be patient' },
    trouble: { reason: 'HTTP 503: be patient', isHeld: false },
    nextAttemptAtMs: startedAtMs + 1_000,
    consecutiveFailures: 1,
    troubledFlows: [],
    requests: { '200': 1, '503': 1 },
  });
  await lane.stop();
});
