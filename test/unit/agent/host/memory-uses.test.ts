import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryUses } from '../../../../packages/agent/src/host/memory-uses.ts';

function bytesOf(length: number): Uint8Array {
  return new Uint8Array(length);
}

test('memory is freed with its last use', () => {
  const uses = new MemoryUses();
  const bytes = bytesOf(64);
  uses.add(bytes);
  uses.add(bytes);
  uses.remove(bytes);
  assert.equal(bytes.length, 64);
  uses.remove(bytes);
  assert.equal(bytes.length, 0);
});

for (const order of [
  ['leave', 'remove'],
  ['remove', 'leave'],
] as const) {
  test(`memory that somebody may still look at is never freed: ${order.join(', ')}`, () => {
    const uses = new MemoryUses();
    const bytes = bytesOf(64);
    uses.add(bytes);
    uses.add(bytes);
    for (const end of order) uses[end](bytes);
    assert.equal(bytes.length, 64);
  });
}

test('what was never added is not freed', () => {
  const bytes = bytesOf(64);
  new MemoryUses().remove(bytes);
  assert.equal(bytes.length, 64);
});
