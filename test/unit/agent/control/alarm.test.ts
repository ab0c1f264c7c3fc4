import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Alarm } from '../../../../packages/agent/src/control/alarm.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

function setUp() {
  const clock = new ManualClock();
  return { clock, alarm: new Alarm(clock), abort: new AbortController() };
}

suite('a wait that can be cut short', () => {
  test('ends by itself', async () => {
    const { clock, alarm, abort } = setUp();
    const wait = alarm.wait(1_000, abort.signal);
    await clock.advance(1_000);
    assert.equal(await wait, false);
  });

  test('ends with a ring and leaves no timer', async () => {
    const { clock, alarm, abort } = setUp();
    const wait = alarm.wait(1_000, abort.signal);
    alarm.ring();
    assert.equal(await wait, true);
    assert.equal(clock.sleeping, 0);
  });

  test('does not begin after a ring that nobody waited for, unless it was silenced', async () => {
    const { clock, alarm, abort } = setUp();
    alarm.ring();
    assert.equal(await alarm.wait(1_000, abort.signal), true);
    alarm.ring();
    alarm.silence();
    const wait = alarm.wait(1_000, abort.signal);
    assert.equal(clock.sleeping, 1);
    await clock.advance(1_000);
    assert.equal(await wait, false);
  });

  test('ends with the signal, also one that was aborted before', async () => {
    const { clock, alarm, abort } = setUp();
    const wait = alarm.wait(1_000, abort.signal);
    abort.abort();
    assert.equal(await wait, false);
    assert.equal(await alarm.wait(1_000, abort.signal), false);
    assert.equal(clock.sleeping, 0);
  });
});
