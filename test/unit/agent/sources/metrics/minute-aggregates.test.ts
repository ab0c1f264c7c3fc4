import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CounterSample } from '../../../../../packages/agent/src/record.ts';
import { MinuteAggregates } from '../../../../../packages/agent/src/sources/metrics/minute-aggregates.ts';

const TEN = Date.parse('2025-03-01T10:10:00Z');

function sample(atMs: number, value: number, change: Partial<CounterSample> = {}): CounterSample {
  return { atMs, object: 'Processor', counter: '% Idle Time', instance: 'total', value, ...change };
}

test('samples of a minute become its least, greatest, sum and count, by instance', () => {
  const minutes = new MinuteAggregates();
  for (const [second, value] of [4, -2, 7].entries()) minutes.add(sample(TEN + second, value));
  minutes.add(sample(TEN + 59_999, 5, { instance: '0' }));
  const [metric, ...others] = minutes.take();
  assert.equal(others.length, 0);
  assert.deepEqual(metric, {
    startMs: TEN,
    object: 'Processor',
    counter: '% Idle Time',
    isInsights: false,
    series: [
      { instance: 'total', min: -2, max: 7, sum: 9, count: 3 },
      { instance: '0', min: 5, max: 5, sum: 5, count: 1 },
    ],
  });
  assert.deepEqual(minutes.take(), []);
});

test('a minute is taken once it is over, whatever order samples come in', () => {
  const minutes = new MinuteAggregates();
  minutes.add(sample(TEN + 60_000, 1));
  minutes.add(sample(TEN + 59_999, 2));
  assert.deepEqual(minutes.take(TEN + 59_999), []);
  assert.deepEqual(
    minutes.take(TEN + 60_000).map(({ startMs }) => startMs),
    [TEN],
  );
  assert.deepEqual(
    minutes.take().map(({ startMs }) => startMs),
    [TEN + 60_000],
  );
});

test('counters are told apart, and a metric of very many instances comes in pieces', () => {
  const minutes = new MinuteAggregates();
  for (let i = 0; i < 1_001; i++) minutes.add(sample(TEN, i, { instance: `p${i}` }));
  minutes.add(sample(TEN, 1, { counter: '% User Time' }));
  minutes.add(sample(TEN, 1, { object: 'Computer', counter: 'Heartbeat', tags: {} }));
  assert.deepEqual(
    minutes.take().map(({ counter, isInsights, series }) => [counter, isInsights, series.length]),
    [
      ['% Idle Time', false, 500],
      ['% Idle Time', false, 500],
      ['% Idle Time', false, 1],
      ['% User Time', false, 1],
      ['Heartbeat', true, 1],
    ],
  );
});
