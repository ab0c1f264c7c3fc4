import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  integer,
  levelName,
  timeGenerated,
} from '../../../../../packages/agent/src/pipeline/windows-event/cell-values.ts';

test('a whole number of 32 bits is one, in decimal or hexadecimal', () => {
  const numbers = ['0', '007', '-1', '2147483647', '-2147483648', '0x0', '0x3E7', '0X7fffffff'];
  assert.deepEqual(numbers.map(integer), [0, 7, -1, 2 ** 31 - 1, -(2 ** 31), 0, 999, 2 ** 31 - 1]);
});

test('anything else, and what a column cannot hold, is no number', () => {
  const others = ['', ' 1', '1 ', '1.0', '1e3', '+1', '0x', '-0x1', '2147483648', '0x80000000'];
  for (const text of [...others, '-2147483649', '99999999999', 'x', 'NaN', undefined]) {
    assert.equal(integer(text), undefined, text);
  }
});

test('a time has seven fraction digits, however many there were', () => {
  const times = {
    '2025-06-08T07:12:52Z': '2025-06-08T07:12:52.0000000Z',
    '2025-06-08T07:12:52.163Z': '2025-06-08T07:12:52.1630000Z',
    '2025-06-08T07:12:52.1635583Z': '2025-06-08T07:12:52.1635583Z',
    '2025-06-08T07:12:52.163558399Z': '2025-06-08T07:12:52.1635583Z',
    '1601-01-01T00:00:00.0000000Z': '1601-01-01T00:00:00.0000000Z',
  };
  for (const [stored, sent] of Object.entries(times)) assert.equal(timeGenerated(stored), sent);
});

test('what is no time is left out', () => {
  const others = [
    undefined,
    '',
    '2025-06-08',
    '2025-06-08T07:12:52',
    '2025-06-08 07:12:52Z',
    '2025-06-08T07:12:52.Z',
    '2025-06-08T07:12:52.1234567890Z',
    '2025-13-08T07:12:52Z',
    '2025-00-08T07:12:52Z',
    '2025-06-32T07:12:52Z',
    '2025-06-08T24:12:52Z',
    '2025-06-08T07:60:52Z',
    '2025-06-08T07:12:60Z',
    'x2025-06-08T07:12:52Z',
  ];
  for (const text of others) assert.equal(timeGenerated(text), undefined, text);
});

test('levels have the names Windows gives them; a provider’s own keep their number', () => {
  const names = ['Information', 'Critical', 'Error', 'Warning', 'Information', 'Verbose'];
  assert.deepEqual([0, 1, 2, 3, 4, 5].map(levelName), names);
  assert.deepEqual([16, -1, undefined].map(levelName), ['16', '-1', undefined]);
});
