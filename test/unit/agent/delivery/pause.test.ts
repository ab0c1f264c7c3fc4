import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pause } from '../../../../packages/agent/src/delivery/pause.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

function createPause(): { clock: ManualClock; pause: Pause; ends: number[] } {
  const clock = new ManualClock(1_000_000);
  const ends: number[] = [];
  const pause = new Pause(clock, () => ends.push(clock.now()));
  return { clock, pause, ends };
}

test('a pause ends after its time and says so once', async () => {
  const { clock, pause, ends } = createPause();
  pause.start(5_000, false);
  assert.equal(pause.isOn, true);
  assert.equal(pause.endsAtMs, 1_005_000);
  await clock.advance(4_999);
  assert.deepEqual(ends, []);
  await clock.advance(1);
  assert.deepEqual(ends, [1_005_000]);
  assert.equal(pause.isOn, false);
  assert.equal(pause.endsAtMs, null);
});

test('of two pauses the later end wins', async () => {
  const { clock, pause, ends } = createPause();
  pause.start(5_000, false);
  pause.start(2_000, true);
  assert.equal(pause.isHeld, false);
  pause.start(9_000, true);
  assert.equal(pause.isHeld, true);
  await clock.advance(20_000);
  assert.deepEqual(ends, [1_009_000]);
});

test('a cancelled pause never says it ended and leaves no timer', async () => {
  const { clock, pause, ends } = createPause();
  pause.start(5_000, false);
  pause.cancel();
  assert.equal(pause.isOn, false);
  assert.equal(clock.sleeping, 0);
  await clock.advance(10_000);
  assert.deepEqual(ends, []);
});

test('a clock set back or forward does not change how long a pause lasts', async () => {
  const { clock, pause, ends } = createPause();
  pause.start(5_000, false);
  clock.jumpTo(0);
  await clock.advance(4_999);
  assert.equal(ends.length, 0);
  await clock.advance(1);
  assert.equal(ends.length, 1);
});
