import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  compareInstants,
  millisecondsBetween,
  readInstant,
  readTime,
} from '../../../../../packages/dcr-schema/src/xpath/value/time-text.ts';

const FILETIME_EPOCH_MS = -11_644_473_600_000n;

test('times are read to a tick, in UTC if nothing else is said', () => {
  const day = Date.UTC(2025, 5, 8);
  for (const [text, epochMs, ticks] of [
    ['2025-06-08', day, 0],
    ['2025-06-08T07:12', day + 25_920_000, 0],
    ['2025-06-08T07:12Z', day + 25_920_000, 0],
    ['2025-06-08T07:12:52', day + 25_972_000, 0],
    ['2025-06-08T07:12:52Z', day + 25_972_000, 0],
    ['2025-06-08T07:12:52.1Z', day + 25_972_100, 0],
    ['2025-06-08T07:12:52.1635583Z', day + 25_972_163, 5583],
    ['2025-06-08T07:12:52.163558399Z', day + 25_972_163, 5583],
    ['2025-06-08T09:12:52+02:00', day + 25_972_000, 0],
    ['2025-06-08T02:42:52.5-0430', day + 25_972_500, 0],
    ['1601-01-01T00:00:00Z', Number(FILETIME_EPOCH_MS), 0],
    ['2024-02-29', Date.UTC(2024, 1, 29), 0],
    ['2000-02-29', Date.UTC(2000, 1, 29), 0],
  ] as const) {
    assert.deepEqual(readTime(text), { epochMs, ticks }, text);
  }
});

test('what is no time of the calendar or not so written is not read', () => {
  for (const text of [
    ...['', '2025', '2025-06', '2025-6-8', '2025/06/08', '20250608', '2025-06-08 07:12:52Z'],
    ...['2025-13-01', '2025-00-01', '2025-06-31', '2025-06-00', '2023-02-29', '1900-02-29'],
    ...['1600-12-31', '2025-06-08T24:00', '2025-06-08T07:60', '2025-06-08T07:12:60'],
    ...['2025-06-08T', '2025-06-08T07', '2025-06-08T07:12:', '2025-06-08T07:12:52.'],
    ...['2025-06-08T07:12:52.1234567890Z', '2025-06-08T07:12:52z', '2025-06-08T07:12:52ZZ'],
    ...['2025-06-08T07:12:52+25:00', '2025-06-08T07:12:52+2', ' 2025-06-08', '2025-06-08 '],
    ...['2025-06-08t07:12:52Z', '2025-06-08T07-12', '2025-06-08Z', '٢٠٢٥-06-08', '2025-06-0x'],
  ]) {
    assert.equal(readTime(text), null, text);
  }
});

test('a count of 100 ns since 1601 is a time where an instant is asked for', () => {
  const instant = readInstant('133938403721635583');
  assert.deepEqual(instant, readTime('2025-06-08T07:12:52.1635583Z'));
  assert.equal(readTime('133938403721635583'), null);
  assert.deepEqual(readInstant('0'), readTime('1601-01-01'));
  assert.equal(readInstant('18446744073709551616'), null);
  assert.equal(readInstant('-1'), null);
  assert.equal(readInstant('1.5'), null);
});

test('order and distance agree with the count of 100 ns', () => {
  const count = fc.bigInt({ min: 0n, max: 3n * 10n ** 17n });
  fc.assert(
    fc.property(count, count, (a, b) => {
      const [from, to] = [readInstant(printed(a))!, readInstant(printed(b))!];
      assert.deepEqual(from, readInstant(String(a)));
      assert.equal(Math.sign(compareInstants(from, to)), a < b ? -1 : a > b ? 1 : 0);
      const floored = (b - a - ((((b - a) % 10_000n) + 10_000n) % 10_000n)) / 10_000n;
      assert.equal(millisecondsBetween(from, to), Number(floored));
    }),
  );
});

/** As Windows prints a FILETIME. */
function printed(count: bigint): string {
  const milliseconds = count / 10_000n + FILETIME_EPOCH_MS;
  const ticks = String(count % 10_000n).padStart(4, '0');
  return new Date(Number(milliseconds)).toISOString().replace('Z', `${ticks}Z`);
}
