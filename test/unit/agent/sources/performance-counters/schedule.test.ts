import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextDue } from '../../../../../packages/agent/src/sources/performance-counters/schedule.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { settle } from '../../../../support/until.ts';

const MINUTE = 60_000;
const AT_NOON = Date.UTC(2026, 5, 1, 12);

/** Waits again and again, taking `workMs` each time, until aborted. */
function due(clock: ManualClock, workMs = 0): { moments: number[]; stop: () => Promise<void> } {
  const abort = new AbortController();
  const moments: number[] = [];
  const run = async (): Promise<void> => {
    for (let dueMs: number | undefined; ; ) {
      dueMs = await nextDue(clock, MINUTE, abort.signal, dueMs);
      if (abort.signal.aborted) return;
      moments.push((clock.now() - AT_NOON) / 1_000);
      if (workMs > 0) await clock.sleep(workMs, abort.signal);
    }
  };
  const running = run();
  const stop = async (): Promise<void> => {
    abort.abort();
    await running;
  };
  return { moments, stop };
}

test('moments are the full minutes, whenever one begins to wait and however long one works', async () => {
  const clock = new ManualClock(AT_NOON + 12_345);
  const { moments, stop } = due(clock, 700);
  await clock.advance(5 * MINUTE);
  assert.deepEqual(moments, [60, 120, 180, 240, 300]);
  await stop();
  assert.equal(clock.sleeping, 0);
});

test('a full minute itself is waited for once', async () => {
  const clock = new ManualClock(AT_NOON);
  const { moments, stop } = due(clock);
  await clock.advance(MINUTE);
  assert.deepEqual(moments, [60]);
  await stop();
});

test('what was missed while one worked or the machine slept is not made up for', async () => {
  const clock = new ManualClock(AT_NOON);
  const { moments, stop } = due(clock, 2.5 * MINUTE);
  await clock.advance(7 * MINUTE);
  assert.deepEqual(moments, [60, 240, 420]);
  await stop();
});

test('after the clock was set forward one is late once, then on time', async () => {
  const clock = new ManualClock(AT_NOON + 1_000);
  const { moments, stop } = due(clock);
  await settle();
  clock.jumpTo(AT_NOON + 3_600_000 + 30_000);
  await clock.advance(3 * MINUTE);
  // The wait that was under way ends 59 s later; only one is made of all that went by.
  assert.deepEqual(moments, [3_689, 3_720, 3_780]);
  await stop();
});

test('a clock that was set back makes nobody wait for much longer than a period', async () => {
  const clock = new ManualClock(AT_NOON + 59_000);
  const { moments, stop } = due(clock);
  await settle();
  clock.jumpTo(AT_NOON - 3_600_000 + 10_000);
  await clock.advance(3 * MINUTE);
  assert.deepEqual(moments, [-3_540, -3_480, -3_420]);
  await stop();
});

test('a clock that is corrected by a little does not make a moment come twice', async () => {
  const clock = new ManualClock(AT_NOON);
  const { moments, stop } = due(clock, 100);
  await clock.advance(MINUTE);
  clock.jumpTo(AT_NOON + MINUTE - 1_000);
  await clock.advance(2 * MINUTE);
  assert.deepEqual(moments, [60, 120]);
  await stop();
});

test('a timer that ends early does not make a moment of its own', async () => {
  const clock = new ManualClock(AT_NOON);
  const hasty = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (ms: number, signal?: AbortSignal) => clock.sleep(Math.max(1, ms - 2), signal),
  };
  const waiting = nextDue(hasty, MINUTE, new AbortController().signal);
  await clock.advance(MINUTE - 1);
  await clock.advance(1);
  await waiting;
  assert.equal(clock.now(), AT_NOON + MINUTE);
});
