import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import {
  type Join,
  joinFragments,
  type Wrapper,
} from '../../../../packages/agent/src/fragment/join-fragments.ts';
import { createFragment } from '../../../../packages/agent/src/fragment.ts';

const UNWRAP = { gzip: gunzipSync, zlib: inflateSync } as const;

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function bodyOf(join: Join): Buffer {
  const { pieces, byteLength } = joinFragments(join);
  const body = Buffer.concat(pieces);
  assert.equal(body.length, byteLength);
  return body;
}

function joined(prefix: Uint8Array, parts: readonly Uint8Array[], suffix: Uint8Array): Buffer {
  const pieces = parts.flatMap((part, i) => (i === 0 ? [part] : [text(','), part]));
  return Buffer.concat([prefix, ...pieces, suffix]);
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }).map(text),
);

for (const wrapper of ['gzip', 'zlib'] as const satisfies readonly Wrapper[]) {
  test(`joined fragments are one valid ${wrapper} body of prefix, records, suffix`, () => {
    fc.assert(
      fc.property(bytes, fc.array(bytes, { maxLength: 12 }), bytes, (prefix, parts, suffix) => {
        const fragments = parts.map((part) => createFragment(part, 1));
        const body = bodyOf({ prefix, suffix, fragments, wrapper });
        assert.deepEqual(UNWRAP[wrapper](body), joined(prefix, parts, suffix));
      }),
      { numRuns: 300 },
    );
  });
}

test('a prefix longer than one stored block is still one body', () => {
  const prefix = new Uint8Array(200_000).map((_, i) => i * 31);
  const suffix = prefix.subarray(0, 0x1_ffff);
  for (const wrapper of ['gzip', 'zlib'] as const) {
    const body = bodyOf({ prefix, suffix, fragments: [], wrapper });
    assert.deepEqual(UNWRAP[wrapper](body), joined(prefix, [], suffix));
  }
});

test('a joined body holds the fragments as they are, compressed once', () => {
  const fragment = createFragment(text('{"a":1},'.repeat(500).slice(0, -1)), 500);
  const fragments = [fragment, fragment];
  const body = bodyOf({ prefix: text('['), suffix: text(']'), fragments, wrapper: 'gzip' });
  const at = body.indexOf(fragment.deflated);
  assert.ok(at > 0);
  assert.ok(body.indexOf(fragment.deflated, at + 1) > at);
});
