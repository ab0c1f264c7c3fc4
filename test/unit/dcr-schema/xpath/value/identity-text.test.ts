import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readIdentity } from '../../../../../packages/dcr-schema/src/xpath/value/identity-text.ts';

test('a GUID has one spelling', () => {
  const guid = '{54849625-5478-4994-a5ba-3e3b0328c30d}';
  assert.equal(readIdentity(guid), guid);
  assert.equal(readIdentity(guid.toUpperCase()), guid);
});

test('a SID has one spelling', () => {
  assert.equal(readIdentity('S-1-5-18'), 'S-1-5-18');
  assert.equal(readIdentity('s-1-05-0018'), 'S-1-5-18');
  assert.equal(readIdentity('S-1-0x5-18'), 'S-1-5-18');
  assert.equal(readIdentity('S-1-5-21-4294967295-1-2-500'), 'S-1-5-21-4294967295-1-2-500');
  assert.equal(readIdentity('S-1-5'), 'S-1-5');
});

test('other texts identify nothing', () => {
  for (const text of [
    ...['', '-', 'S-1-', 'S-2-5-18', 'S-1-5-x', 'S-1-5-', `S-1-5${'-1'.repeat(16)}`, 'XS-1-5-18'],
    ...['54849625-5478-4994-a5ba-3e3b0328c30d', '{54849625-5478-4994-a5ba-3e3b0328c30}'],
    ...['{54849625547849945aba3e3b0328c30d}', '{54849625-5478-4994-a5ba-3e3b0328c30g}', '%{x}'],
  ]) {
    assert.equal(readIdentity(text), null, text);
  }
});
