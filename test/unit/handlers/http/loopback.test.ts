import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback } from '../../../../packages/handlers/src/http/loopback.ts';

test('loopback is what never leaves the machine', () => {
  for (const host of [
    '127.0.0.1',
    '127.8.9.1',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    'LocalHost',
  ]) {
    assert.equal(isLoopback(host), true, host);
  }
  for (const host of [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '::ffff:10.0.0.1',
    'localhost.example',
    '127.0.0.1.nip.io',
    '',
    '2130706433',
  ]) {
    assert.equal(isLoopback(host), false, host);
  }
});
