import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import {
  adler32,
  combineAdler32,
  combineCrc32,
} from '../../../../packages/agent/src/fragment/checksum.ts';

const bytes = fc.uint8Array({ maxLength: 20_000, size: 'max' });

function adlerOfZlib(raw: Uint8Array): number {
  return deflateSync(raw, { level: 0 }).readUInt32BE(deflateSync(raw, { level: 0 }).length - 4);
}

test('the Adler-32 of any bytes is the one zlib writes', () => {
  fc.assert(fc.property(bytes, (raw) => assert.equal(adler32(raw), adlerOfZlib(raw))));
});

test('the Adler-32 of a long run of the largest byte does not overflow', () => {
  const raw = new Uint8Array(1_000_000).fill(0xff);
  assert.equal(adler32(raw), adlerOfZlib(raw));
});

test('checksums of two pieces combine to the checksum of both together', () => {
  fc.assert(
    fc.property(bytes, bytes, (first, second) => {
      const both = Buffer.concat([first, second]);
      assert.equal(combineCrc32(crc32(first), crc32(second), second.length), crc32(both));
      const adler = combineAdler32(adler32(first), adler32(second), second.length);
      assert.equal(adler, adler32(both));
    }),
  );
});

test('combination holds for pieces beyond 2^32 bytes: it is associative', () => {
  const length = fc.integer({ min: 0, max: 2 ** 40 });
  const sum = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(sum, sum, sum, length, length, (a, b, c, bLength, cLength) => {
      const left = combineCrc32(combineCrc32(a, b, bLength), c, cLength);
      const right = combineCrc32(a, combineCrc32(b, c, cLength), bLength + cLength);
      assert.equal(left, right);
    }),
  );
});
