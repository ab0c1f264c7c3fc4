import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, crc32, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { adler32 } from '../../../../packages/agent/src/fragment/checksum.ts';
import { compressRows } from '../../../../packages/agent/src/fragment/compress.ts';
import { DeflateKernel } from '../../../../packages/agent/src/fragment/deflate-kernel.ts';
import { KernelCompressor } from '../../../../packages/agent/src/fragment/kernel-compressor.ts';
import { inflateFragment } from '../../../../packages/agent/src/fragment.ts';

const kernel = new DeflateKernel();

function check(bytes: Uint8Array): void {
  const { deflated, crc32: crc, adler32: adler } = kernel.deflate(bytes);
  assert.deepEqual([crc, adler], [crc32(bytes), adler32(bytes)]);
  assert.deepEqual([...deflated.subarray(-4)], [0, 0, 0xff, 0xff]);
  const inflated = inflateRawSync(deflated, { finishFlush: constants.Z_SYNC_FLUSH });
  assert.ok(inflated.equals(bytes), `${bytes.length} bytes`);
}

/** A piece of what came before, or something new: what a compressor has to find and to leave. */
const step = fc.oneof(
  fc.record({
    back: fc.integer({ min: 1, max: 40_000 }),
    length: fc.integer({ min: 3, max: 600 }),
  }),
  fc.uint8Array({ minLength: 1, maxLength: 60 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).map((text) => Buffer.from(text)),
  fc.record({ byte: fc.nat(255), length: fc.integer({ min: 1, max: 70_000 }) }),
);

type Step = Uint8Array | { back: number; length: number } | { byte: number; length: number };

function build(steps: readonly Step[]): Uint8Array {
  const bytes = Buffer.alloc(kernel.bytesMax);
  let end = 0;
  for (const each of steps) {
    const room = bytes.length - end;
    if (each instanceof Uint8Array) {
      bytes.set(each.subarray(0, room), end);
      end += Math.min(each.length, room);
      continue;
    }
    const length = Math.min(each.length, room);
    if ('byte' in each) bytes.fill(each.byte, end, end + length);
    else if (end > 0) {
      const back = Math.min(each.back, end);
      for (let i = 0; i < length; i++) bytes[end + i] = bytes[end + i - back]!;
    }
    end += 'byte' in each || end > 0 ? length : 0;
  }
  return bytes.subarray(0, end);
}

test('zlib reads what the kernel writes, and the checksums are right', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => check(build(steps))),
    { numRuns: 400 },
  );
});

test('so it does of nothing, of one byte, of noise and of the most there may be', () => {
  const noise = Uint8Array.from(
    { length: 300_000 },
    (_, i) => (Math.imul(i, 2_654_435_761) >>> 13) & 255,
  );
  const bytes = kernel.bytesMax;
  check(new Uint8Array());
  for (const length of [1, 2, 3, 4, 5, 11, 12, 13, 17]) check(noise.subarray(0, length));
  check(noise);
  check(new Uint8Array(bytes));
  check(new Uint8Array(bytes).fill(255));
  check(Uint8Array.from({ length: bytes }, (_, i) => noise[i % noise.length]!));
  // Every match is as far away as one can be, and one byte farther.
  for (const period of [32_767, 32_768, 32_769]) {
    check(Uint8Array.from({ length: 200_000 }, (_, i) => noise[i % period]!));
  }
});

test('threads compress what they share with others, whoever is first', async () => {
  const compressor = new KernelCompressor();
  const blocks = Array.from({ length: 8 }, (_, i) => {
    const block = Buffer.from(new SharedArrayBuffer(50_000 * (i + 1)));
    block.fill(`{"n":${i},"text":"some text"},`);
    return block;
  });
  const results = await Promise.all(blocks.map((block) => compressor.deflate(block)));
  results.forEach(({ deflated }, i) => {
    const inflated = inflateRawSync(deflated, { finishFlush: constants.Z_SYNC_FLUSH });
    assert.ok(inflated.equals(blocks[i]!));
  });
  assert.equal(compressor.failure, undefined);
});

test('where the kernel cannot run, the block is still there for others', async () => {
  const compressor = new KernelCompressor(new URL('./no-such-worker.js', import.meta.url));
  const block = Buffer.from(new SharedArrayBuffer(1_000)).fill('a');
  await assert.rejects(compressor.deflate(block));
  assert.ok(compressor.failure instanceof Error);
  assert.equal(block.toString(), 'a'.repeat(1_000));
});

test('large and small blocks become fragments of the same kind', async () => {
  for (const bytes of [10, 255_000, 950_000]) {
    const json = Buffer.from(new SharedArrayBuffer(bytes));
    json.fill('{"a":1},');
    const fragment = await compressRows(json, 3);
    assert.equal(fragment.recordCount, 3);
    assert.equal(fragment.adler32, adler32(json));
    assert.deepEqual(Buffer.from(inflateFragment(fragment)), Buffer.from(json));
  }
});
