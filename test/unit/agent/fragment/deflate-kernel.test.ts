import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
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

/** Always the same bytes: noise, but for what the seed says. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 255;
  });
}

test('so it does of nothing, of one byte, of noise and of the most there may be', () => {
  const some = noise(300_000, 1);
  const bytes = kernel.bytesMax;
  check(new Uint8Array());
  for (const length of [1, 2, 3, 4, 5, 11, 12, 13, 17]) check(some.subarray(0, length));
  check(some);
  check(new Uint8Array(bytes));
  check(new Uint8Array(bytes).fill(255));
  check(Uint8Array.from({ length: bytes }, (_, i) => some[i % some.length]!));
  // Every match is as far away as one can be, and one byte farther.
  for (const period of [32_767, 32_768, 32_769]) {
    check(Uint8Array.from({ length: 200_000 }, (_, i) => some[i % period]!));
  }
});

/** Rows of the same keys; values are as long as those before, or now and then are not. */
const row = fc.record({
  name: fc.constantFrom('sshd', 'kernel', 'cron'),
  number: fc.oneof(fc.integer({ min: 10_000, max: 99_999 }), fc.nat()),
  text: fc.constantFrom('accepted', 'refused', 'a text that is longer than sixteen bytes'),
  digits: fc.integer({ min: 0, max: 999 }).map((n) => String(n).padStart(3, '0')),
});

test('rows that differ in a few bytes come out as they went in', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 300 }), (rows) => {
      check(Buffer.from(rows.map((each) => JSON.stringify(each)).join(',')));
    }),
    { numRuns: 200 },
  );
});

test('what repeats in pieces of any length comes out as it went in', () => {
  const bytes = kernel.bytesMax;
  // With six bytes that are the same and one that is not there are as many matches as there can
  // be; four literals are written at once, and 64 bytes compared.
  for (const same of [5, 6, 7, 63, 64, 65, 257, 258, 259, 600]) {
    for (const different of [1, 3, 4, 5, 16, 17]) {
      const period = same + different;
      const length = same === 6 ? bytes : 60_000;
      const template = noise(8 * period, 1);
      const out = Uint8Array.from({ length }, (_, i) => template[i % template.length]!);
      const fresh = noise(length, 7);
      for (let i = template.length; i < length; i++) {
        if (i % period >= same) out[i] = fresh[i]!;
      }
      check(out);
    }
  }
});

test('a block ends at the most literals, at the most matches, and at neither', () => {
  for (const literals of [16_383, 16_384, 16_385, 40_959, 40_960, 40_961, 57_344, 90_000]) {
    check(noise(literals, 3));
    // What comes next is a match, which a new block may begin with.
    check(Buffer.concat([noise(literals, 3), noise(literals, 3).subarray(-30_000)]));
  }
  const words = Array.from({ length: 64 }, (_, i) => noise(7, i + 1));
  const choice = noise(150_000, 5);
  for (const matches of [24_575, 24_576, 24_577, 60_000, 150_000]) {
    check(Buffer.concat(Array.from(choice.subarray(0, matches), (n) => words[n % 64]!)));
  }
});

test('symbols so rare that their codes must be cut fit beside each other', () => {
  const counts = [1, 1];
  while (counts.length < 23) counts.push(counts.at(-1)! + counts.at(-2)!);
  const bytes = counts.flatMap((count, byte) => new Array<number>(count).fill(byte));
  const order = noise(4 * bytes.length, 11);
  const shuffled = Uint8Array.from(bytes.slice(8));
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = (order[2 * i]! | (order[2 * i + 1]! << 8) | (order[i]! << 16)) % (i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  // The rarest ones stand together, behind any number of bits.
  for (let before = 0; before < 24; before++) {
    const rarest = Uint8Array.from([0, 1, 2, 3]);
    check(Buffer.concat([shuffled.subarray(0, 100 + before), rarest, shuffled.subarray(100)]));
  }
});

test('any length is right, of what repeats and of what does not', () => {
  const bytes = noise(700, 13);
  for (let length = 0; length <= 700; length++) {
    check(bytes.subarray(0, length));
    check(Uint8Array.from({ length }, (_, i) => bytes[i % 100]!));
    check(new Uint8Array(length));
  }
});

test('what was compressed before makes no difference', () => {
  const rows = Buffer.from(Array.from({ length: 900 }, (_, i) => `{"n":${i},"m":"text"}`).join());
  const first = new DeflateKernel().deflate(rows).deflated;
  kernel.deflate(noise(kernel.bytesMax, 17));
  assert.deepEqual(kernel.deflate(rows).deflated, first);
});

test('rows become about as small as by the fastest level of zlib', () => {
  const values = noise(40_000, 19);
  const rows = Array.from({ length: 4_000 }, (_, i) => {
    const [a, b, c, d] = values.subarray(4 * i);
    const address = `10.${a! & 7}.${b}.${c}`;
    return `{"name":"sshd","number":"${1_000 + i}","text":"from ${address} port ${d! * 200}"}`;
  });
  const bytes = Buffer.from(rows.join());
  const { length } = deflateRawSync(bytes, { level: 1 });
  assert.ok(kernel.deflate(bytes).deflated.length < 1.1 * length);
});

test('one byte again and again takes next to nothing', () => {
  assert.ok(kernel.deflate(new Uint8Array(500_000)).deflated.length < 600);
});

test('what is more than there is room for is refused', () => {
  assert.throws(() => kernel.deflate(new Uint8Array(kernel.bytesMax + 1)), RangeError);
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
