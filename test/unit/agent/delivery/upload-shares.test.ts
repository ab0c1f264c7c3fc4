import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UploadShares } from '../../../../packages/agent/src/delivery/upload-shares.ts';

test('lanes at work share equally, and one alone has all', () => {
  const shares = new UploadShares(16);
  const lanes = Array.from({ length: 20 }, () => ({}));
  const each = lanes.map((lane) => {
    shares.join(lane);
    shares.join(lane);
    return shares.each;
  });
  assert.deepEqual(each.slice(0, 6), [16, 8, 5, 4, 3, 2]);
  assert.equal(each.at(-1), 0);
  for (const lane of lanes.slice(1)) shares.leave(lane);
  assert.equal(shares.each, 16);
});
