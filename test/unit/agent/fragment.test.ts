import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import {
  createFragment,
  type Fragment,
  inflateFragment,
} from '../../../packages/agent/src/fragment.ts';

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** From incompressible to very repetitive. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }).map(text),
  fc
    .tuple(fc.string({ minLength: 1, maxLength: 8 }), fc.nat(3_000))
    .map(([unit, times]) => text(unit.repeat(times))),
);

test('a fragment inflates to what it was made of, and knows its size and checksums', () => {
  fc.assert(
    fc.property(bytes, fc.nat(1_000), (json, recordCount) => {
      const fragment = createFragment(json, recordCount);
      assert.deepEqual(Buffer.from(inflateFragment(fragment)), Buffer.from(json));
      assert.equal(fragment.rawBytes, json.byteLength);
      assert.equal(fragment.recordCount, recordCount);
      assert.equal(fragment.crc32, crc32(json));
    }),
  );
});

test('a fragment ends with a full flush and has no final block', () => {
  const { deflated } = createFragment(text('{"a":1},{"a":2}'), 2);
  assert.deepEqual([...deflated.subarray(-4)], [0, 0, 0xff, 0xff]);
});

test('a fragment of which any byte is changed does not inflate silently to other content', () => {
  const json = text(JSON.stringify({ a: 'some text, some text', b: [1, 2, 3] }));
  const fragment = createFragment(json, 1);
  fc.assert(
    fc.property(fc.nat(fragment.deflated.length - 1), fc.integer({ min: 1, max: 255 }), (at, x) => {
      const deflated = Uint8Array.from(fragment.deflated);
      deflated[at]! ^= x;
      const damaged: Fragment = { ...fragment, deflated };
      let inflated: Uint8Array | undefined;
      try {
        inflated = inflateFragment(damaged);
      } catch (error) {
        assert.ok(error instanceof Error);
      }
      if (inflated) assert.deepEqual(Buffer.from(inflated), Buffer.from(json));
    }),
  );
});

test('inflating stops at the length the fragment declares', () => {
  const bomb = deflateRawSync(new Uint8Array(50_000_000));
  const fragment: Fragment = {
    deflated: bomb,
    rawBytes: 100,
    recordCount: 1,
    crc32: 0,
    adler32: 1,
  };
  assert.throws(() => inflateFragment(fragment), { code: 'ERR_BUFFER_TOO_LARGE' });
});

test('a fragment cut short is refused', () => {
  const fragment = createFragment(text('x'.repeat(10) + Math.PI), 1);
  const deflated = fragment.deflated.subarray(0, 5);
  assert.throws(() => inflateFragment({ ...fragment, deflated }), /damaged/);
});
