import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from '../../../../../packages/agent/src/sources/log-files/pace.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { settle } from '../../../../support/until.ts';

const { signal } = new AbortController();

async function discover(pace: Pace, clock: ManualClock, tookMs: number): Promise<void> {
  pace.beginDiscovery();
  await clock.advance(tookMs);
  pace.endDiscovery(false);
}

/** How long a rest is, found by letting time pass. */
async function restOf(pace: Pace, clock: ManualClock, startedMs: number): Promise<number> {
  const from = clock.monotonic();
  let isOver = false;
  void pace.rest(startedMs, signal).then(() => {
    isOver = true;
  });
  await settle();
  while (!isOver) await clock.advance(clock.nextWakeMs!);
  return clock.monotonic() - from;
}

test('new files are looked for at once, then every second', async () => {
  const clock = new ManualClock();
  const pace = new Pace(clock, 250);
  assert.ok(pace.isDiscoveryDue);
  await discover(pace, clock, 0);
  await clock.advance(999);
  assert.ok(!pace.isDiscoveryDue);
  await clock.advance(1);
  assert.ok(pace.isDiscoveryDue);
});

test('a look that takes long is not repeated before it was a twentieth of the time', async () => {
  const clock = new ManualClock();
  const pace = new Pace(clock, 250);
  await discover(pace, clock, 100);
  await clock.advance(1899);
  assert.ok(!pace.isDiscoveryDue);
  await clock.advance(1);
  assert.ok(pace.isDiscoveryDue);
});

test('a rest is the poll interval, or nineteen times the round that was in vain', async () => {
  const clock = new ManualClock();
  const pace = new Pace(clock, 250);
  await discover(pace, clock, 1_000);
  assert.equal(await restOf(pace, clock, clock.monotonic()), 250);
  assert.equal(await restOf(pace, clock, clock.monotonic() - 100), 1900);
});

test('a rest ends when new files are to be looked for', async () => {
  const clock = new ManualClock();
  const pace = new Pace(clock, 5_000);
  await discover(pace, clock, 0);
  assert.equal(await restOf(pace, clock, clock.monotonic()), 1000);
});

test('a hint ends the rest, and files are looked for as soon as may be', async () => {
  const clock = new ManualClock();
  const pace = new Pace(clock, 250);
  await discover(pace, clock, 10);
  const rested = pace.rest(clock.monotonic(), signal);
  pace.hint();
  await rested;
  assert.ok(!pace.isDiscoveryDue);
  await clock.advance(90);
  assert.ok(pace.isDiscoveryDue);
  assert.equal(clock.sleeping, 0);
});

test('a hint while files are looked for counts for the next time', async () => {
  const clock = new ManualClock();
  const pace = new Pace(clock, 250);
  pace.beginDiscovery();
  pace.hint();
  pace.endDiscovery(false);
  assert.ok(pace.isDiscoveryDue);
});

test('the signal ends the rest', async () => {
  const clock = new ManualClock();
  const pace = new Pace(clock, 250);
  await discover(pace, clock, 0);
  const abort = new AbortController();
  const rested = pace.rest(clock.monotonic(), abort.signal);
  abort.abort();
  await rested;
  assert.equal(clock.sleeping, 0);
});
