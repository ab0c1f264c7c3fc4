import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceLimiter } from '../../../../packages/agent/src/delivery/service-limit.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { settle } from '../../../support/until.ts';

const { signal: NEVER } = new AbortController();
const MANY = 1e9;

test('no more requests start within a second than make up the minute', async (t) => {
  t.mock.timers.enable({ apis: ['Date', 'setTimeout'] });
  const limit = { key: 'r', requestsPerMinute: 180, bytesPerMinute: MANY };
  const limiter = new ServiceLimiter(limit, new ManualClock());
  let started = 0;
  const runs = Array.from({ length: 5 }, async () => {
    await limiter.admit(1, NEVER);
    started += 1;
  });
  await settle();
  assert.equal(started, 3);
  t.mock.timers.tick(1000);
  await Promise.all(runs);
  assert.equal(started, 5);
});

test('in no minute more bytes are let through than the limit says, and nearly all of them', async () => {
  const clock = new ManualClock();
  const limit = { key: 'r', requestsPerMinute: 1e9, bytesPerMinute: 1_000_000 };
  const limiter = new ServiceLimiter(limit, clock);
  const sentAt: number[] = [];
  const sending = (async () => {
    for (let i = 0; i < 400; i++) {
      await limiter.admit(10_000, NEVER);
      sentAt.push(clock.monotonic());
    }
  })();
  while (sentAt.length < 400) {
    await settle();
    await clock.advance(clock.nextWakeMs ?? 0);
  }
  await sending;
  for (const start of sentAt) {
    const bytes = sentAt.filter((at) => at >= start && at < start + 60_000).length * 10_000;
    assert.ok(bytes <= 1_000_000, `${bytes} bytes from ${start} on`);
  }
  // Four minutes' worth, the first minute with its burst.
  assert.ok(sentAt.at(-1)! < 4.3 * 60_000, `${sentAt.at(-1)} ms`);
});

test('a load below the limit never waits', async () => {
  const clock = new ManualClock();
  const limit = { key: 'r', requestsPerMinute: 1e9, bytesPerMinute: 1_000_000 };
  const limiter = new ServiceLimiter(limit, clock);
  for (let i = 0; i < 300; i++) {
    await limiter.admit(9_000, NEVER);
    assert.equal(clock.sleeping, 0);
    await clock.advance(600);
  }
});

test('a wait ends when the lane stops', async () => {
  const limit = { key: 'r', requestsPerMinute: 1e9, bytesPerMinute: 1_000 };
  const limiter = new ServiceLimiter(limit, new ManualClock());
  const stop = new AbortController();
  const admitted = limiter.admit(1_000_000, stop.signal);
  await settle();
  stop.abort();
  await admitted;
});
