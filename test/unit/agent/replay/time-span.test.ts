import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimeSpan } from '../../../../packages/agent/src/replay/time-span.ts';

function spanOf(...times: number[]): TimeSpan {
  const span = new TimeSpan();
  for (const time of times) span.add(time);
  return span;
}

test('an amount of six hours is a quarter of that of a day', () => {
  assert.equal(spanOf(6 * 3_600_000, 0, 3_600_000).perDay(100), 400);
});

test('nothing is said of a day from less than a minute, from one time, or from none', () => {
  assert.equal(spanOf(0, 59_999).perDay(100), null);
  assert.equal(spanOf(0, 60_000).perDay(1), 1_440);
  assert.equal(spanOf(7).perDay(100), null);
  assert.equal(spanOf().perDay(100), null);
});

test('records without a time widen nothing', () => {
  const span = spanOf(Number.NaN);
  assert.ok(span.isEmpty);
  span.addSpan(spanOf());
  assert.ok(span.isEmpty);
  span.addSpan(spanOf(5, 9));
  assert.deepEqual([span.fromMs, span.toMs], [5, 9]);
});
