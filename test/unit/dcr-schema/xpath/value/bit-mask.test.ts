import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasBitOf, readMask } from '../../../../../packages/dcr-schema/src/xpath/value/bit-mask.ts';

test('a value shares a bit with a mask as 64-bit AND has it, whatever form the value has', () => {
  const wide = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  fc.assert(
    fc.property(wide, wide, (value, mask) => {
      const sparse = mask & (mask >> 3n) & (mask << 5n);
      const expected = (value & sparse) !== 0n;
      const signed = String(BigInt.asIntN(64, sparse));
      for (const text of [String(value), `0x${value.toString(16)}`, `0X${value.toString(16)}`]) {
        assert.equal(hasBitOf(text, readMask(String(BigInt.asUintN(64, sparse)))!), expected);
        assert.equal(hasBitOf(text, readMask(signed)!), expected);
      }
      assert.equal(hasBitOf(String(BigInt.asIntN(64, value)), readMask(signed)!), expected);
    }),
  );
});

test('a mask needs a bit in neither half of its own', () => {
  assert.equal(hasBitOf('1', readMask('4294967297')!), true);
  assert.equal(hasBitOf('4294967296', readMask('4294967297')!), true);
  assert.equal(hasBitOf('2', readMask('4294967297')!), false);
  assert.equal(hasBitOf('9007199254740993', readMask('1')!), true);
});

test('fractions, texts and numbers beyond 64 bits have no bits', () => {
  for (const text of ['', 'x', '1.5', '18446744073709551616', '-9223372036854775809', '1e30']) {
    assert.equal(readMask(text), null, text);
    assert.equal(hasBitOf(text, readMask('-1')!), false, text);
  }
});
