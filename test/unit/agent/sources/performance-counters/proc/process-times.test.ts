import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProcessTimes } from '../../../../../../packages/agent/src/sources/performance-counters/proc/process-times.ts';
import { processStat } from '../../../../../support/proc-machine.ts';

test('a process has its name, whatever that holds, and its numbers', () => {
  for (const name of ['init', 'a b', ') S 1 (', '(sd-pam)', '', 'x\ny']) {
    assert.deepEqual(parseProcessTimes(processStat({ pid: 1, name, user: 7, system: 8 })), {
      name,
      startTicks: 5,
      userTicks: 7,
      systemTicks: 8,
      virtualBytes: 1_048_576,
      residentPages: 10,
    });
  }
});

test('a line that is cut is none', () => {
  const whole = processStat({ pid: 1, name: 'init', user: 7, system: 8 });
  const end = whole.indexOf(' 1048576');
  for (let length = 0; length <= end; length += 1) {
    assert.equal(parseProcessTimes(whole.slice(0, length)), undefined);
  }
  assert.equal(parseProcessTimes(')('), undefined);
});
