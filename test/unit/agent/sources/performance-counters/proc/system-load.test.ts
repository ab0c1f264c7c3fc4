import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  parseLoadAverages,
  parseUptime,
} from '../../../../../../packages/agent/src/sources/performance-counters/proc/system-load.ts';

test('load averages are the first three numbers, uptime the first', () => {
  const load = { load1: 0.98, load5: 1.54, load15: 12 };
  assert.deepEqual(parseLoadAverages('0.98 1.54 12 1/135 10076\n'), load);
  assert.equal(parseUptime('71821.39 77251.46\n'), 71_821.39);
});

test('what is no number is nothing', () => {
  for (const text of ['', '1 2', 'a b c', '1 2 NaN', '-1 2 3', '1e9 2 3']) {
    assert.equal(parseLoadAverages(text), undefined, text);
  }
  for (const text of ['', 'Infinity 1', '-3 1']) assert.equal(parseUptime(text), undefined, text);
});
