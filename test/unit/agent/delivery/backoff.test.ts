import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs, HELD, TRANSIENT } from '../../../../packages/agent/src/delivery/backoff.ts';

const HIGHEST = 1 - Number.EPSILON;

test('the bound of the wait grows by a third with each failure and stops at half a minute', () => {
  const bounds = [1, 2, 3, 4, 11, 12, 20].map((failures) =>
    backoffMs(TRANSIENT, failures, HIGHEST),
  );
  assert.deepEqual(bounds, [2_000, 2_600, 3_380, 4_394, 27_572, 30_000, 30_000]);
});

test('an outage of a quarter of an hour is asked about some sixty times, not hundreds', () => {
  let [elapsedMs, failures] = [0, 0];
  while (elapsedMs < 900_000) elapsedMs += backoffMs(TRANSIENT, ++failures, 0.5);
  assert.ok(failures > 40 && failures < 80, String(failures));
});

test('the wait is spread over the whole range up to its bound', () => {
  const waits = [0.25, 0.5, 0.75].map((random) => backoffMs(TRANSIENT, 12, random));
  assert.deepEqual(waits, [7_500, 15_000, 22_500]);
});

test('the wait is never shorter than a second, so that no service is hammered', () => {
  assert.equal(backoffMs(TRANSIENT, 1, 0), 1_000);
  assert.equal(backoffMs(TRANSIENT, 9, 0), 1_000);
});

test('a destination that needs someone to act is asked less often', () => {
  assert.equal(backoffMs(HELD, 1, 0), 15_000);
  assert.equal(backoffMs(HELD, 3, 0.5), 60_000);
  assert.equal(backoffMs(HELD, 30, HIGHEST), 300_000);
});

test('months of failures do not overflow the wait', () => {
  assert.equal(backoffMs(TRANSIENT, 1e6, HIGHEST), 30_000);
});
