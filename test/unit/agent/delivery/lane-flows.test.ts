import assert from 'node:assert/strict';
import { test } from 'node:test';
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
} from '../../../support/scripted-destination.ts';
import { settle, until } from '../../../support/until.ts';

/** Ids from here on are of the stream `sick`, the others of `well`. */
const SICK = 1_000_000;

interface Bench {
  readonly host: FakeHost;
  readonly buffer: MemoryBuffer;
  readonly lane: Lane;
  readonly attempts: readonly Attempt[];
  fill(stream: 'sick' | 'well', batches: number): Promise<void>;
  delivered(): number;
}

type Answer = (attempt: Attempt) => DeliveryOutcome | Promise<DeliveryOutcome>;

/** A lane whose destination takes `well` and answers as told for `sick`. */
function createBench(sick: Answer, options: LaneOptions = {}): Bench {
  const host = createFakeHost();
  const buffer = new MemoryBuffer({ clock: host.clock });
  const destination = createScriptedDestination('a', (attempt) =>
    Number(attempt.ids[0]) >= SICK ? sick(attempt) : DELIVERED,
  );
  const shares = new UploadShares(16);
  const lane = createLane({ destination, buffer, host, shares, options });
  buffer.onSealed((sealed) => lane.wake(sealed?.map(({ batch }) => batch)));
  let next = 0;
  return {
    host,
    buffer,
    lane,
    attempts: destination.attempts,
    async fill(stream, batches) {
      for (let i = 0; i < batches; i++) {
        const first = (stream === 'sick' ? SICK : 0) + next;
        next += 1;
        await fillBuffer(buffer, numbered(1, first), { destinations: ['a'], stream });
      }
    },
    delivered: () => buffer.ledger().find(({ flow }) => flow.endsWith('/well'))?.delivered ?? 0,
  };
}

const BUSY: DeliveryOutcome = { kind: 'retry', status: 503, reason: 'HTTP 503', concerns: 'flow' };

test('a flow that is refused keeps no other flow waiting, and is told in the status', async () => {
  const { lane, host, fill, delivered, attempts } = createBench(() => BUSY);
  await fill('sick', 3);
  await fill('well', 30);
  await until('the other is delivered', () => delivered() === 30);
  const sick = attempts.filter(({ ids }) => Number(ids[0]) >= SICK);
  assert.equal(sick.length, 1);
  const { state, troubledFlows, consecutiveFailures } = lane.status();
  assert.equal(state, 'waiting');
  assert.equal(consecutiveFailures, 1);
  assert.deepEqual(troubledFlows, [
    {
      flow: 'dcr-1/source/sick',
      reason: 'HTTP 503',
      isHeld: false,
      nextAttemptAtMs: host.clock.now() + 1_000,
    },
  ]);
  await lane.stop();
});

test('a flow that is never answered does not take the places of others', async () => {
  const { lane, fill, delivered } = createBench(({ signal }) => never(signal), { concurrency: 2 });
  await fill('sick', 10);
  await settle();
  await fill('well', 30);
  await until('the other is delivered', () => delivered() === 30);
  assert.equal(lane.status().inFlight, 2);
  await lane.stop();
});

test('what comes behind the long backlog of a refused flow goes at once', async () => {
  const { lane, fill, delivered, host, attempts } = createBench(() => BUSY);
  await fill('sick', 500);
  for (let round = 1; round <= 5; round++) {
    await host.clock.advance(60_000);
    await fill('well', 1);
    await until('it is delivered', () => delivered() === round);
  }
  assert.ok(attempts.length < 40, `${attempts.length} requests`);
  await lane.stop();
});

test('a flow that recovers is delivered whole', async () => {
  let isSick = true;
  const { lane, buffer, fill, host } = createBench(() => (isSick ? BUSY : DELIVERED));
  await fill('sick', 200);
  await fill('well', 5);
  await settle();
  isSick = false;
  await host.clock.advance(1_000);
  await until('all is delivered', () => buffer.usage().destinations.length === 0);
  assert.equal(lane.status().consecutiveFailures, 0);
  assert.deepEqual(lane.status().troubledFlows, []);
});

test('what concerns the destination holds all of its flows', async () => {
  const { lane, fill, attempts } = createBench(() => ({
    kind: 'retry',
    reason: 'host unreachable',
  }));
  await fill('sick', 1);
  await settle();
  await fill('well', 3);
  await settle();
  assert.equal(attempts.length, 1);
  assert.equal(lane.status().state, 'waiting');
  await lane.stop();
});

test('a lane that is told of its batches lists what there is once', async () => {
  const { lane, fill, buffer } = createBench(() => DELIVERED);
  const pendingFlows = buffer.pendingFlows.bind(buffer);
  const pending = buffer.pending.bind(buffer);
  await fill('well', 1);
  await until('it is delivered', () => buffer.usage().destinations.length === 0);
  let listings = 0;
  buffer.pendingFlows = (...call) => {
    listings += 1;
    return pendingFlows(...call);
  };
  buffer.pending = (...call) => {
    listings += 1;
    return pending(...call);
  };
  for (let round = 0; round < 20; round++) await fill('well', 1);
  await until('all is delivered', () => buffer.usage().destinations.length === 0);
  assert.equal(lane.status().state, 'idle');
  assert.equal(listings, 0);
});
