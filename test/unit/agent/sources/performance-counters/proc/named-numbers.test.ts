import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  parseNamedNumbers,
  wholeNumbers,
} from '../../../../../../packages/agent/src/sources/performance-counters/proc/named-numbers.ts';

test('names have their numbers, with a colon and a unit or without', () => {
  const numbers = parseNamedNumbers('MemTotal:  24684092 kB\nActive(anon): 12 kB\npgpgin 7\n');
  assert.deepEqual(
    [...numbers],
    [
      ['MemTotal', 24_684_092],
      ['Active(anon)', 12],
      ['pgpgin', 7],
    ],
  );
});

test('lines without a whole number are passed over', () => {
  for (const text of [
    '',
    '\n\n',
    'name',
    'name:',
    'name -1',
    'name 1.5',
    'name 0x1',
    `n ${'9'.repeat(21)}`,
  ]) {
    assert.equal(parseNamedNumbers(text).size, 0, text);
  }
});

test('a list of numbers is all numbers or none', () => {
  assert.deepEqual(wholeNumbers(['1', '18446744073709551615']), [1, 2 ** 64]);
  assert.equal(wholeNumbers(['1', '']), undefined);
});
