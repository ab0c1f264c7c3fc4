import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ColumnType, Json } from '@dcr-agent/schema';
import { encodeValue } from '../../../../packages/handlers/src/ingestion/encode-value.ts';

function assertEncodes(type: ColumnType, cases: readonly (readonly [Json, string])[]): void {
  for (const [value, expected] of cases) {
    const encoded = encodeValue(type, value);
    assert.equal(encoded, expected, `${type} of ${JSON.stringify(value)}`);
    JSON.parse(encoded);
  }
}

test('a string column takes everything as text', () => {
  assertEncodes('string', [
    ['a "b"\n', '"a \\"b\\"\\n"'],
    [1.5, '"1.5"'],
    [true, '"true"'],
    [{ a: ['x'] }, '"{\\"a\\":[\\"x\\"]}"'],
    [null, 'null'],
  ]);
});

test('an int is a whole number of 32 bits', () => {
  assertEncodes('int', [
    [7, '7'],
    [-0.5, '0'],
    [2_147_483_647, '2147483647'],
    [-2_147_483_648, '-2147483648'],
    [2_147_483_648, 'null'],
    [' +12 ', '12'],
    ['1.5', 'null'],
    ['0x10', 'null'],
    ['', 'null'],
    [true, '1'],
    [[1], 'null'],
    [Number.POSITIVE_INFINITY, 'null'],
  ]);
});

test('a long keeps every digit or is null', () => {
  assertEncodes('long', [
    [9_007_199_254_740_991, '9007199254740991'],
    [9_007_199_254_740_992, 'null'],
    ['9007199254740992', '"9007199254740992"'],
    ['9223372036854775807', '"9223372036854775807"'],
    ['-9223372036854775808', '"-9223372036854775808"'],
    ['9223372036854775808', 'null'],
    ['+5', '5'],
    ['five', 'null'],
    [{}, 'null'],
  ]);
});

test('a real is a finite number', () => {
  assertEncodes('real', [
    [0.1, '0.1'],
    ['1e3', '1000'],
    ['.5', '0.5'],
    ['1e999', 'null'],
    [Number.POSITIVE_INFINITY, 'null'],
    ['NaN', 'null'],
  ]);
});

test('a boolean is also written as a word or number', () => {
  assertEncodes('boolean', [
    [false, 'false'],
    ['TRUE', 'true'],
    ['0', 'false'],
    [2, 'true'],
    ['yes', 'null'],
    [[], 'null'],
  ]);
});

test('a datetime is text that is a time', () => {
  assertEncodes('datetime', [
    ['2025-03-01T10:11:12.3456789Z', '"2025-03-01T10:11:12.3456789Z"'],
    ['2025-03-01 12:11:12+02:00', '"2025-03-01T10:11:12Z"'],
    ['soon', 'null'],
    [1_740_823_872_000, 'null'],
  ]);
});

test('a dynamic value stays what it is, unless it nests without end', () => {
  const nested = (levels: number): Json => (levels === 0 ? 1 : [nested(levels - 1)]);
  assertEncodes('dynamic', [
    [{ a: [1, null, 'x'] }, '{"a":[1,null,"x"]}'],
    ['{"a":1}', '"{\\"a\\":1}"'],
    [nested(513), 'null'],
  ]);
  assert.notEqual(encodeValue('dynamic', nested(512)), 'null');
  assert.equal(encodeValue('string', nested(513)), 'null');
});
