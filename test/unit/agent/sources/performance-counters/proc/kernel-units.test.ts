import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  parseKernelUnits,
  USUAL_UNITS,
} from '../../../../../../packages/agent/src/sources/performance-counters/proc/kernel-units.ts';

function auxv(...pairs: readonly [number, bigint][]): Buffer {
  const bytes = Buffer.alloc(16 * pairs.length);
  for (const [i, [key, value]] of pairs.entries()) {
    bytes.writeBigUInt64LE(BigInt(key), 16 * i);
    bytes.writeBigUInt64LE(value, 16 * i + 8);
  }
  return bytes;
}

test('the kernel says how large its pages and how long its ticks are', () => {
  const bytes = auxv([33, 0x7fff_0000_0000n], [6, 65_536n], [17, 250n], [0, 0n]);
  assert.deepEqual(parseKernelUnits(bytes), { pageBytes: 65_536, ticksPerSecond: 250 });
});

test('where it says nothing of use, they are as usual', () => {
  const odd = auxv([6, 0n], [17, 2n ** 63n]);
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(7), odd]) {
    assert.deepEqual(parseKernelUnits(bytes), USUAL_UNITS);
  }
});
