import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { nextPollMs } from '../../../../packages/agent/src/control/poll-schedule.ts';

const INTERVAL_MS = 300_000;

suite('when the control plane is asked again', () => {
  test('after a success at the interval, a tenth either way', () => {
    assert.equal(nextPollMs(INTERVAL_MS, 0, 0, 0), 270_000);
    assert.equal(nextPollMs(INTERVAL_MS, 0, 0, 0.5), 300_000);
    assert.equal(nextPollMs(INTERVAL_MS, 0, 0, 1), 330_000);
  });

  test('after failures at a minute, doubling up to the interval', () => {
    const waits = [1, 2, 3, 4, 50].map((failures) => nextPollMs(INTERVAL_MS, failures, 0, 0.5));
    assert.deepEqual(waits, [60_000, 120_000, 240_000, 300_000, 300_000]);
  });

  test('never later after a failure than without one', () => {
    assert.equal(nextPollMs(5_000, 1, 0, 0.5), 5_000);
  });

  test('not before the service wants it', () => {
    assert.equal(nextPollMs(INTERVAL_MS, 1, 900_000, 0.5), 900_000);
    assert.equal(nextPollMs(INTERVAL_MS, 1, 1_000, 0.5), 60_000);
  });
});
