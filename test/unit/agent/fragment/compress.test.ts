import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, inflateSync } from 'node:zlib';
import { compressRows } from '../../../../packages/agent/src/fragment/compress.ts';
import {
  type Join,
  joinFragments,
} from '../../../../packages/agent/src/fragment/join-fragments.ts';
import { inflateFragment } from '../../../../packages/agent/src/fragment.ts';

/** Text that compresses well in some places and not at all in others. */
function block(seed: number, bytes: number): Buffer {
  const text = Buffer.alloc(bytes);
  let state = seed;
  for (let i = 0; i < bytes; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text[i] = i % 1_000 < 300 ? state >>> 24 : 0x61 + (i % 20);
  }
  return text;
}

function bodyOf(join: Join): Buffer {
  return Buffer.concat(joinFragments(join).pieces);
}

test('blocks compressed at the same time and after one another can be joined', async () => {
  for (let round = 0; round < 3; round++) {
    const blocks = [1, 2, 3, 200_000, 1_000_000, 950_000, 17, 128 * 1024, 40_000, 5, 6, 7].map(
      (bytes, i) => block(round * 100 + i, bytes),
    );
    const fragments = await Promise.all(blocks.map((json) => compressRows(json, 1)));
    fragments.forEach((fragment, i) => {
      assert.deepEqual(Buffer.from(inflateFragment(fragment)), blocks[i]);
    });
    const expected = Buffer.from(
      `[${blocks.map((json) => json.toString('latin1')).join(',')}]`,
      'latin1',
    );
    const parts = { prefix: Buffer.from('['), suffix: Buffer.from(']'), fragments };
    assert.deepEqual(gunzipSync(bodyOf({ ...parts, wrapper: 'gzip' })), expected);
    assert.deepEqual(inflateSync(bodyOf({ ...parts, wrapper: 'zlib' })), expected);
  }
});
