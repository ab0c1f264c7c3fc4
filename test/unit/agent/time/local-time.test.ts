import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createLocalTime,
  daysInMonth,
  latestEpochMs,
  systemUtcOffsetMinutes,
} from '../../../../packages/agent/src/time/local-time.ts';

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
const inUtc = (wallMs: number): number => wallMs;

/** Central Europe in 2025: UTC+1, UTC+2 from 30 March 01:00 UTC to 26 October 01:00 UTC. */
function berlin(epochMs: number): number {
  const isSummer = epochMs >= Date.UTC(2025, 2, 30, 1) && epochMs < Date.UTC(2025, 9, 26, 1);
  return isSummer ? 120 : 60;
}

test('a wall time is turned by the offset in force then, not now', () => {
  const toEpochMs = createLocalTime(berlin);
  assert.equal(toEpochMs(Date.UTC(2025, 0, 15, 12)), Date.UTC(2025, 0, 15, 11));
  assert.equal(toEpochMs(Date.UTC(2025, 6, 15, 12)), Date.UTC(2025, 6, 15, 10));
  assert.equal(toEpochMs(Date.UTC(2025, 0, 15, 12)), Date.UTC(2025, 0, 15, 11));
});

test('the last second before and the first after a shift are a second apart', () => {
  const toEpochMs = createLocalTime(berlin);
  const before = toEpochMs(Date.UTC(2025, 2, 30, 1, 59, 59));
  const after = toEpochMs(Date.UTC(2025, 2, 30, 3, 0, 0));
  assert.equal(after - before, 1000);
});

test('an hour that comes twice is read as one of the two', () => {
  const wallMs = Date.UTC(2025, 9, 26, 2, 30);
  const read = createLocalTime(berlin)(wallMs);
  assert.ok(read === wallMs - 2 * HOUR_MS || read === wallMs - HOUR_MS);
});

test('the zone is looked up once for all times of a quarter of an hour', () => {
  let lookUps = 0;
  const toEpochMs = createLocalTime(() => {
    lookUps += 1;
    return 0;
  });
  for (let second = 0; second < 900; second++) toEpochMs(Date.UTC(2025, 0, 1) + second * 1000);
  assert.equal(lookUps, 2);
});

test('the system knows a zone', () => {
  const offset = systemUtcOffsetMinutes(Date.UTC(2025, 0, 1));
  assert.equal(offset, -new Date(Date.UTC(2025, 0, 1)).getTimezoneOffset());
});

const yearCases: readonly [
  name: string,
  nowMs: number,
  month: number,
  day: number,
  year: number,
][] = [
  ['today', Date.UTC(2025, 2, 1, 12), 3, 1, 2025],
  ['tomorrow, from a clock that is ahead', Date.UTC(2025, 2, 1, 12), 3, 2, 2025],
  ['in four days is four days short of a year ago', Date.UTC(2025, 2, 1, 12), 3, 5, 2024],
  ['31 December on 1 January', Date.UTC(2025, 0, 1, 0, 0, 5), 12, 31, 2024],
  [
    '1 January on 31 December, from a clock that is ahead',
    Date.UTC(2025, 11, 31, 23, 59),
    1,
    1,
    2026,
  ],
  ['1 January on 1 January', Date.UTC(2025, 0, 1, 13), 1, 1, 2025],
  ['29 February in a leap year', Date.UTC(2024, 2, 1), 2, 29, 2024],
  ['29 February a year later', Date.UTC(2025, 2, 1), 2, 29, 2024],
  ['29 February around a year 2100 without one', Date.UTC(2103, 5, 1), 2, 29, 2096],
  ['a clock at its beginning', 0, 12, 31, 1969],
];

for (const [name, nowMs, month, day, year] of yearCases) {
  test(`the year of a date without one: ${name}`, () => {
    const epochMs = latestEpochMs({ month, day, timeOfDayMs: 0 }, nowMs, inUtc);
    assert.equal(epochMs, Date.UTC(year, month - 1, day));
  });
}

test('of every day within a year back, the year is found', () => {
  const nowMs = Date.UTC(2025, 2, 1, 12);
  for (let daysAgo = -1; daysAgo < 362; daysAgo++) {
    const then = new Date(nowMs - daysAgo * DAY_MS);
    const time = {
      month: then.getUTCMonth() + 1,
      day: then.getUTCDate(),
      timeOfDayMs: 12 * HOUR_MS,
    };
    assert.equal(latestEpochMs(time, nowMs, inUtc), then.getTime(), `${daysAgo} days ago`);
  }
});

test('a day no year has gives no time', () => {
  assert.equal(latestEpochMs({ month: 2, day: 30, timeOfDayMs: 0 }, 0, inUtc), null);
  assert.equal(latestEpochMs({ month: 13, day: 1, timeOfDayMs: 0 }, 0, inUtc), null);
});

test('months are as long as they are', () => {
  const lengths = Array.from({ length: 12 }, (_, month) => daysInMonth(2025, month + 1));
  assert.deepEqual(lengths, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
  assert.deepEqual(
    [2024, 2000, 1900].map((year) => daysInMonth(year, 2)),
    [29, 29, 28],
  );
});
