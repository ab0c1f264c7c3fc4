import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeMemory } from '../../../../packages/agent/src/host/free-memory.ts';

test('memory of its own is freed, and whoever looks finds it empty', () => {
  const bytes = Buffer.alloc(100_000, 1);
  freeMemory(bytes);
  assert.equal(bytes.length, 0);
  freeMemory(bytes);
});

test('memory that others have a part of is left alone', () => {
  const whole = Buffer.alloc(100, 1);
  freeMemory(whole.subarray(0, 50));
  assert.equal(whole[99], 1);
  const pooled = Buffer.from('abc');
  freeMemory(pooled);
  assert.equal(String(pooled), 'abc');
  const shared = new Uint8Array(new SharedArrayBuffer(8));
  freeMemory(shared);
  assert.equal(shared.length, 8);
});
