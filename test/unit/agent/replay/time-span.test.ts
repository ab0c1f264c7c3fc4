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

test('one stray time does not make a day of little out of a log of an hour', () => {
  const span = new TimeSpan();
  const noon = Date.UTC(2026, 10, 20, 12);
  for (let n = 0; n <= 3_600; n++) span.add(noon + n * 1_000);
  assert.equal(span.bulk, null);
  span.add(Date.UTC(1970, 0, 1));
  const { fromMs, toMs } = span.bulk ?? { fromMs: 0, toMs: 0 };
  assert.deepEqual([fromMs >= noon, toMs <= noon + 3_600_000], [true, true]);
  assert.ok(toMs - fromMs > 0.98 * 3_600_000);
  const perDay = span.perDay(100) ?? 0;
  assert.ok(perDay >= 2_400 && perDay < 2_500, String(perDay));
});

test('times all over the span, and few times, are no bulk', () => {
  const few = new TimeSpan();
  for (const at of [0, 1, 2, 1_000_000_000]) few.add(at);
  assert.equal(few.bulk, null);
  const even = new TimeSpan();
  for (let n = 0; n < 20_000; n++) even.add(n * 3_600_000);
  assert.equal(even.bulk, null);
  assert.deepEqual([even.fromMs, even.toMs], [0, 19_999 * 3_600_000]);
});

test('spans that are put together know their bulk', () => {
  const [a, b, both] = [new TimeSpan(), new TimeSpan(), new TimeSpan()];
  for (let n = 0; n < 500; n++) a.add(n * 1_000);
  b.add(1_000_000_000);
  for (const each of [a, b]) both.addSpan(each);
  assert.ok((both.bulk?.toMs ?? Number.NaN) < 500_000);
});
