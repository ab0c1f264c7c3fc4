import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineTimes } from '../../../../packages/agent/src/replay/line-times.ts';
import { ReplayClock } from '../../../../packages/agent/src/replay/replay-clock.ts';

const YEAR = Date.UTC(2026, 11, 31);

function timesOf(lines: readonly string[], receivedMs?: number): number[] {
  const times = new LineTimes(new ReplayClock(receivedMs));
  return lines.map((line) => {
    const bytes = Buffer.from(line);
    const place = { bytes, start: 0, end: bytes.length };
    return times.timeOf({ ...place, filePath: '', timeMs: 0 });
  });
}

test('the format of a log is found where its first time is', () => {
  const times = timesOf([
    'no time at all',
    '2026-11-20T10:00:00Z a',
    'goes on',
    '2026-11-20T10:00:01Z',
  ]);
  const first = Date.UTC(2026, 10, 20, 10);
  assert.deepEqual(times, [Number.NaN, first, Number.NaN, first + 1_000]);
});

test('formats of web servers and of daemons are found', () => {
  assert.deepEqual(timesOf(['20/Nov/2026:10:00:00 +0000 GET /']), [Date.UTC(2026, 10, 20, 10)]);
  assert.deepEqual(timesOf(['Nov 20 10:00:00 host app: a'], YEAR), [
    new Date(2026, 10, 20, 10).getTime(),
  ]);
});

test('a log without times is not searched for ever', () => {
  const lines = Array.from({ length: 100 }, () => 'no time');
  assert.ok(Number.isNaN(timesOf([...lines, '2026-11-20T10:00:00Z'])[100]));
});

test('a year of two digits is one of this century, or of the one before the given moment', () => {
  const texts = ['260301 10:11:12 a', '991231 10:11:12 b'];
  const years = (times: readonly number[]): number[] =>
    times.map((time) => new Date(time).getFullYear());
  assert.deepEqual(years(timesOf(texts)), [2026, 2099]);
  assert.deepEqual(years(timesOf(texts, YEAR)), [2026, 1999]);
});
