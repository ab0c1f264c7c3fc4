import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJsonDigits } from '../../../../packages/handlers/src/http/json.ts';

test('whole numbers that a double does not hold are their digits', () => {
  const text =
    '[{"a":9007199254740993,"b":-9223372036854775808,"c":9007199254740991,"d":1e300,"e":0.1234567890123456}]';
  assert.deepEqual(parseJsonDigits(text), [
    {
      ...{ a: '9007199254740993', b: '-9223372036854775808', c: 9007199254740991 },
      ...{ d: 1e300, e: 0.1234567890123456 },
    },
  ]);
});

test('digits in texts and names stay as they are, whatever is escaped', () => {
  const value = {
    '9007199254740993': 'say "9007199254740993" \\',
    b: '\\" 9007199254740993',
    c: '',
    d: '\u2028',
  };
  assert.deepEqual(parseJsonDigits(JSON.stringify(value)), value);
});

test('one value that nests deeply costs no other its digits', () => {
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  const [first, , last] = parseJsonDigits(
    `[{"l":9007199254740993},{"d":${deep}},{"l":9007199254740995}]`,
  ) as object[];
  assert.deepEqual([first, last], [{ l: '9007199254740993' }, { l: '9007199254740995' }]);
});
