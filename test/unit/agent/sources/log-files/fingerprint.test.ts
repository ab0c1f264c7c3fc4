import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fingerprintOf,
  hasFingerprint,
} from '../../../../../packages/agent/src/sources/log-files/fingerprint.ts';

const head = Buffer.from('2025-03-01 first line\n');

test('a file that has grown keeps its fingerprint', () => {
  const fingerprint = fingerprintOf(head);
  assert.ok(hasFingerprint(head, fingerprint));
  assert.ok(hasFingerprint(Buffer.concat([head, Buffer.from('more')]), fingerprint));
});

test('a file that is shorter, or begins otherwise, has another one', () => {
  const fingerprint = fingerprintOf(head);
  assert.ok(!hasFingerprint(head.subarray(1), fingerprint));
  assert.ok(!hasFingerprint(head.subarray(0, 5), fingerprint));
});

test('the fingerprint of an empty file fits every file', () => {
  assert.ok(hasFingerprint(head, fingerprintOf(Buffer.of())));
});

test('a fingerprint does not hold what was logged', () => {
  assert.match(fingerprintOf(head), /^22:[0-9a-f]{16}$/);
});

test('what is no fingerprint fits no file', () => {
  for (const text of ['', ':', 'x:y', '22:', '-1:00', '22']) {
    assert.ok(!hasFingerprint(head, text), text);
  }
});
