import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { equalsIgnoringCase } from '../../../../../packages/dcr-schema/src/xpath/value/ordinal-case.ts';

test('letters of every script are equal to their other case', () => {
  for (const [a, b] of [
    ['Security', 'sECURITY'],
    ['straße', 'STRAßE'],
    ['Émile', 'éMILE'],
    ['ЖУРНАЛ', 'журнал'],
    ['ΑΒΓ', 'αβγ'],
    ['@[`{', '@[`{'],
    ['', ''],
  ] as const) {
    assert.equal(equalsIgnoringCase(a, b), true, `${a} ${b}`);
  }
});

test('the comparison is unit by unit and never maps into ASCII', () => {
  for (const [a, b] of [
    ['ß', 'SS'],
    ['ı', 'I'],
    ['ſ', 'S'],
    ['\u212a', 'k'],
    ['é', 'e'],
    ['@', '`'],
    ['[', '{'],
    ['a', 'ab'],
    ['é', 'e\u0301'],
  ] as const) {
    assert.equal(equalsIgnoringCase(a, b), false, `${a} ${b}`);
  }
});

test('any text equals itself, and ASCII texts equal exactly their case variants', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => equalsIgnoringCase(text, text)));
  const short = fc.string({ maxLength: 3, unit: fc.constantFrom('a', 'A', 'z', 'Z', '@', '[') });
  fc.assert(
    fc.property(short, short, (a, b) => {
      assert.equal(equalsIgnoringCase(a, b), a.toLowerCase() === b.toLowerCase());
    }),
  );
});
