import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  recordBoundary,
  recordsOf,
} from '../../../../packages/agent/src/fragment/record-boundaries.ts';
import { createFragment } from '../../../../packages/agent/src/fragment.ts';

test('the boundary after any number of records parts the JSON texts there', () => {
  const records = fc.array(fc.jsonValue(), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(records, fc.nat(), fc.constantFrom(undefined, 1, '\t'), (values, seed, indent) => {
      const count = 1 + (seed % (values.length - 1));
      const texts = values.map((value) => JSON.stringify(value, null, indent));
      const json = Buffer.from(texts.join(','));
      const at = recordBoundary(json, count);
      assert.equal(json.subarray(0, at).toString(), texts.slice(0, count).join(','));
      assert.equal(json.subarray(at + 1).toString(), texts.slice(count).join(','));
    }),
  );
});

test('there is no boundary after the last record, nor in text that was cut off', () => {
  assert.equal(recordBoundary(Buffer.from('1,2'), 2), -1);
  assert.equal(recordBoundary(Buffer.from(''), 1), -1);
  assert.equal(recordBoundary(Buffer.from('"a,b,\\"'), 1), -1);
  assert.equal(recordBoundary(Buffer.from('[1,2'), 1), -1);
});

test('a fragment that holds more or fewer records than it claims is not readable', () => {
  const json = Buffer.from('{"a":1},{"a":"2,3"}');
  assert.deepEqual(recordsOf(createFragment(json, 2)), json);
  assert.equal(recordsOf(createFragment(json, 1)), undefined);
  assert.equal(recordsOf(createFragment(json, 3)), undefined);
  assert.equal(recordsOf(createFragment(json, 0)), undefined);
  assert.equal(recordsOf({ ...createFragment(json, 2), deflated: Buffer.of(7) }), undefined);
});
