import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  increase,
  rate,
} from '../../../../../../packages/agent/src/sources/performance-counters/counters/increase.ts';

test('a counter that grew has grown by the difference', () => {
  assert.equal(increase(5, 5), 0);
  assert.equal(increase(5, 2 ** 40), 2 ** 40 - 5);
});

test('a counter that passed its largest value has wrapped around', () => {
  assert.equal(increase(2 ** 32 - 10, 20), 30);
  assert.equal(increase(2 ** 64 - 2 ** 20, 2 ** 20), 2 ** 21);
});

test('a counter that is less than it was, and was not near its end, began anew', () => {
  assert.equal(increase(1000, 10), undefined);
  assert.equal(increase(2 ** 32 - 10, 2 ** 31), undefined);
  assert.equal(increase(2 ** 31, 20), undefined);
  assert.equal(increase(2 ** 32 + 10, 20), undefined);
  assert.equal(increase(2 ** 64, 20), undefined);
});

test('a rate needs two readings and time between them', () => {
  assert.equal(rate(10, 40, 3), 10);
  assert.equal(rate(undefined, 40, 3), undefined);
  assert.equal(rate(10, undefined, 3), undefined);
  assert.equal(rate(10, 40, 0), undefined);
  assert.equal(rate(40, 10, 3), undefined);
});
