import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import type { SealedBatch } from '../../../../../packages/agent/src/buffer/durable-buffer.ts';
import { bodyOf } from '../../../../../packages/agent/src/destinations/log-analytics/body.ts';
import { encodeFragment } from '../../../../support/fragments.ts';

const BATCH: SealedBatch = {
  id: 'b',
  outlet: { flow: 'f', stream: 's', protocol: 'ods', destinations: ['a', 'b'] },
  recordCount: 2,
  rawBytes: 3,
  createdAtMs: 0,
  fragments: [encodeFragment([1, 2])],
};

function envelope(prefix: string) {
  const text = new TextEncoder();
  return { prefix: text.encode(prefix), suffix: text.encode(']'), wrapper: 'zlib' as const };
}

test('destinations that get the same of a batch share its body', () => {
  const body = bodyOf(BATCH, envelope('['));
  assert.equal(inflateSync(body).toString(), '[1,2]');
  assert.equal(bodyOf({ ...BATCH }, envelope('[')), body);
});

test('a batch with another envelope, or read again, has a body of its own', () => {
  const body = bodyOf(BATCH, envelope('['));
  assert.equal(inflateSync(bodyOf(BATCH, envelope('[0,'))).toString(), '[0,1,2]');
  const again = { ...BATCH, fragments: [...BATCH.fragments] };
  assert.notEqual(bodyOf(again, envelope('[')), body);
});
