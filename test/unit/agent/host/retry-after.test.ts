import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfterMs } from '../../../../packages/agent/src/host/retry-after.ts';

const NOW_MS = Date.UTC(2025, 2, 1, 10, 11, 12);

test('seconds are taken as they are', () => {
  assert.equal(retryAfterMs('30', NOW_MS), 30_000);
  assert.equal(retryAfterMs(' 1 ', NOW_MS), 1_000);
  assert.equal(retryAfterMs('0.5', NOW_MS), 500);
});

test('an HTTP date counts from the given time', () => {
  assert.equal(retryAfterMs('Saturday, 01-Mar-25 10:12:12 GMT', NOW_MS), 60_000);
  assert.equal(retryAfterMs('Sat, 01 Mar 2025 10:12:12 GMT', NOW_MS), 60_000);
});

test('nobody is believed who asks for more than an hour', () => {
  for (const header of ['3601', '86400', '99999999999999999999']) {
    assert.equal(retryAfterMs(header, NOW_MS), 3_600_000, header);
  }
  assert.equal(retryAfterMs('Fri, 31 Dec 9999 23:59:59 GMT', NOW_MS), 3_600_000);
});

test('what is absent, unreadable, zero, negative or past leaves the wait to the caller', () => {
  const headers = [
    undefined,
    '',
    'soon',
    'tomorrow 2090',
    'in 5 minutes',
    '0x10',
    '1e9',
    'NaN',
    '0',
    '-1',
    '-99999',
    'Sat, 01 Mar 2025 10:00:00 GMT',
  ];
  for (const header of headers) assert.equal(retryAfterMs(header, NOW_MS), undefined, header);
});
