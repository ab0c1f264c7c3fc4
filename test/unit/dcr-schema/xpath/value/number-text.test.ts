import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  isSameNumber,
  readNumber,
  readPrintedNumber,
} from '../../../../../packages/dcr-schema/src/xpath/value/number-text.ts';

test('decimal and hexadecimal numbers are read, blanks around them allowed', () => {
  for (const [text, number] of [
    ['0', 0],
    ['007', 7],
    ['-1', -1],
    ['+1', 1],
    ['1.', 1],
    ['1.5', 1.5],
    ['1.5e-3', 0.0015],
    ['1E3', 1000],
    ['0x3e7', 999],
    ['0X3E7', 999],
    [' \t\r\n12 ', 12],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740993', 9_007_199_254_740_993n],
    ['0x20000000000001', 9_007_199_254_740_993n],
    ['-9223372036854775808', -9_223_372_036_854_775_808n],
  ] as const) {
    assert.equal(readNumber(text), number, text);
  }
});

test('other texts are no numbers', () => {
  const texts = ['', ' ', '-', '.5', '1e', '1 2', '0x', '0x1 2', '0xg', 'NaN', 'Infinity', '1,5'];
  const tooLong = ['0x12345678901234567', '1'.repeat(41)];
  for (const text of [...texts, ...tooLong, '1_0', '١', '0b1', '--1', '\u00a01']) {
    assert.equal(readNumber(text), null, text);
  }
});

test('the printed form has no leading zeros, no plus and lower case', () => {
  for (const text of ['0', '10', '-128', '1.5', '1e+20', '1.5e-07', '0x0', '0x3e7']) {
    assert.notEqual(readPrintedNumber(text), null, text);
  }
  for (const text of ['00', '007', '+1', '1.', '1.50', '1e20', '0x03', '0x3E7', '0X1', ' 1', '-']) {
    assert.equal(readPrintedNumber(text), null, text);
  }
});

test('64-bit numbers keep every digit', () => {
  const wide = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n });
  fc.assert(
    fc.property(wide, wide, (a, b) => {
      const [left, right] = [readNumber(String(a))!, readNumber(String(b))!];
      assert.equal(BigInt(left), a);
      assert.equal(isSameNumber(left, right), a === b);
      assert.equal(left < right, a < b);
    }),
  );
});

test('a whole number beyond 2^53 is compared exactly with a fraction', () => {
  assert.equal(isSameNumber(9_007_199_254_740_993n, 9_007_199_254_740_992), false);
  assert.equal(isSameNumber(2n ** 60n, 2 ** 60), true);
  assert.equal(isSameNumber(1, 1.5), false);
});
