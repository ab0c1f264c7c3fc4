import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReplayClock } from '../../../../packages/agent/src/replay/replay-clock.ts';

const NOON = Date.UTC(2026, 10, 20, 12);
const HOUR = 3_600_000;

test('it is as late as the newest record, and never earlier again', () => {
  const clock = new ReplayClock(undefined);
  clock.note(NOON);
  clock.note(NOON - HOUR);
  clock.note(Number.NaN);
  assert.equal(clock.nowMs, NOON);
});

test('an event is collected when it is written', () => {
  const clock = new ReplayClock(undefined);
  clock.note(NOON);
  assert.equal(clock.collectedMs(NOON - HOUR), NOON - HOUR);
  assert.equal(clock.collectedMs(Number.NaN), NOON);
});

test('a moment that was given is the moment of everything', () => {
  const clock = new ReplayClock(NOON);
  clock.note(NOON + HOUR);
  const moments = [clock.nowMs, clock.yearMs, clock.undatedMs, clock.collectedMs(NOON - HOUR)];
  assert.deepEqual(moments, [NOON, NOON, NOON, NOON]);
});

test('before the first time it is the same moment on every machine', () => {
  const clock = new ReplayClock(undefined);
  assert.equal(clock.nowMs, Date.UTC(2000, 0, 1));
  assert.equal(new Date(clock.yearMs).getUTCFullYear(), 2000);
});

test('a time without a year may be up to half a year later than what was read', () => {
  const clock = new ReplayClock(undefined);
  clock.note(NOON);
  assert.equal(clock.yearMs - NOON, 180 * 24 * HOUR);
});
