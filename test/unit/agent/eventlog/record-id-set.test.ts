import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RecordIdSet } from '../../../../packages/agent/src/eventlog/record-id-set.ts';

test('it answers like a set, in whatever order identifiers come', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60), { maxLength: 200 }), (ids) => {
      const ranges = new RecordIdSet();
      const plain = new Set<number>();
      for (const id of ids) {
        assert.equal(ranges.add(id), !plain.has(id), `${id} of ${ids}`);
        plain.add(id);
      }
    }),
  );
});

test('identifiers far apart do not fill the memory', () => {
  const ids = new RecordIdSet();
  for (let id = 0; id < 200_000; id += 2) ids.add(id);
  assert.equal(ids.add(199_998), false, 'the latest are remembered');
  assert.equal(ids.add(0), true, 'the lowest are forgotten');
});
