import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTime } from '../../../../packages/handlers/src/ingestion/time.ts';

const AT = Date.parse('2025-03-01T10:11:12Z');

test('times are read as ISO 8601 and kept in UTC, with their digits', () => {
  for (const [text, epochMs, kept] of [
    ['2025-03-01T10:11:12Z', AT, '2025-03-01T10:11:12Z'],
    ['2025-03-01T10:11:12.3456789Z', AT + 345, '2025-03-01T10:11:12.3456789Z'],
    ['2025-03-01T10:11:12.123456789Z', AT + 123, '2025-03-01T10:11:12.1234567Z'],
    ['2025-03-01T10:11:12,5', AT + 500, '2025-03-01T10:11:12.5Z'],
    ['2025-03-01 10:11:12', AT, '2025-03-01T10:11:12Z'],
    ['2025-03-01T05:11:12-0500', AT, '2025-03-01T10:11:12Z'],
    ['2025-03-01T15:41:12.25+05:30', AT + 250, '2025-03-01T10:11:12.25Z'],
    ['2025-03-01T12:11:12+02', AT, '2025-03-01T10:11:12Z'],
    ['2025-03-01T10:11z', AT - 12_000, '2025-03-01T10:11:00Z'],
    [' 2025-03-01 ', Date.parse('2025-03-01'), '2025-03-01T00:00:00Z'],
    ['2024-02-29T00:00:00Z', Date.parse('2024-02-29'), '2024-02-29T00:00:00Z'],
  ] as const) {
    assert.deepEqual(parseTime(text), { epochMs, text: kept }, text);
  }
});

test('what is no time on the calendar or clock is none', () => {
  for (const text of [
    '',
    'now',
    '1740823872',
    '2025-02-30T10:11:12Z',
    '2025-02-29 10:11:12',
    '2025-13-01T10:11:12Z',
    '2025-03-01T25:11:12Z',
    '2025-03-01T10:61:12Z',
    '2025-03-01T10:11:12+99:00',
    '01/03/2025',
  ]) {
    assert.equal(parseTime(text), undefined, text);
  }
});
