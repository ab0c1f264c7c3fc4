import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateFragment } from '../../../../packages/agent/src/fragment.ts';
import {
  type CompiledFlow,
  createPipeline,
} from '../../../../packages/agent/src/pipeline/pipeline.ts';

interface Thing {
  readonly n: number;
  readonly text?: string;
}

function flow(id: string, parts: Partial<CompiledFlow<Thing>> = {}): CompiledFlow<Thing> {
  return {
    flow: { id, stream: 'Custom-Things', destinations: ['d1', 'd2'] },
    stage: { keep: () => true, shape: () => (thing) => ({ n: thing.n }) },
    destinations: new Map([['gig', ['d1', 'd2']]]),
    ...parts,
  };
}

function texts(entries: readonly { fragment: Parameters<typeof inflateFragment>[0] }[]): string[] {
  return entries.map(({ fragment }) => Buffer.from(inflateFragment(fragment)).toString());
}

const things = (...ns: number[]): Thing[] => ns.map((n) => ({ n }));

test('several destinations of one protocol share one encoding', () => {
  const { entries, counts } = createPipeline([flow('f')]).process(
    { records: things(1, 2), cursors: [{ key: 'k', value: '2' }] },
    0,
  );
  assert.deepEqual(texts(entries), ['{"n":1},{"n":2}']);
  assert.deepEqual(entries[0]!.outlet.destinations, ['d1', 'd2']);
  assert.deepEqual(counts, [
    { flow: 'f', destinations: ['d1', 'd2'], read: 2, filtered: 0, rejected: [] },
  ]);
});

test('each protocol of a flow gets its own encoding of the same records', () => {
  const mixed = flow('f', {
    stage: {
      keep: ({ n }) => n > 1,
      shape:
        (protocol) =>
        ({ n }) => ({ [protocol]: n }),
    },
    destinations: new Map([
      ['ods', ['d1']],
      ['gig', ['d2']],
    ]),
  });
  const { entries, counts } = createPipeline([mixed]).process(
    { records: things(1, 2), cursors: [] },
    0,
  );
  assert.deepEqual(texts(entries), ['{"ods":2}', '{"gig":2}']);
  assert.deepEqual(
    entries.map((e) => [e.outlet.protocol, e.outlet.destinations]),
    [
      ['ods', ['d1']],
      ['gig', ['d2']],
    ],
  );
  assert.deepEqual([counts[0]!.read, counts[0]!.filtered], [2, 1]);
});

test('a record that cannot be shaped is rejected alone, whatever its stage throws', () => {
  const broken = flow('f', {
    stage: {
      keep: () => true,
      shape: () => (thing) => {
        if (thing.n === 2) throw new Error('bug');
        return { n: thing.n };
      },
    },
  });
  const { entries, counts } = createPipeline([broken, flow('g')]).process(
    { records: things(1, 2, 3), cursors: [] },
    0,
  );
  assert.deepEqual(texts(entries), ['{"n":1},{"n":3}', '{"n":1},{"n":2},{"n":3}']);
  assert.deepEqual(counts[0]!.rejected, [{ reason: 'cannot be shaped', count: 1 }]);
  assert.deepEqual(counts[1]!.rejected, []);
});

test('a record whose filter throws is rejected, not filtered', () => {
  const broken = flow('f', {
    stage: {
      keep: () => {
        throw new Error('bug');
      },
      shape: () => () => ({}),
    },
  });
  const { counts } = createPipeline([broken]).process({ records: things(1), cursors: [] }, 0);
  assert.equal(counts[0]!.filtered, 0);
  assert.deepEqual(counts[0]!.rejected, [{ reason: 'cannot be filtered', count: 1 }]);
});

test('a record over the limit is rejected and its neighbours are kept', () => {
  const wide = flow('f', {
    stage: {
      keep: () => true,
      shape:
        () =>
        ({ text }) => ({ text }),
    },
  });
  const records: Thing[] = [
    { n: 1, text: 'a' },
    { n: 2, text: 'é'.repeat(450_000) },
    { n: 3, text: 'é'.repeat(400_000) },
  ];
  const { entries, counts } = createPipeline([wide]).process({ records, cursors: [] }, 0);
  assert.equal(
    entries.reduce((total, e) => total + e.fragment.recordCount, 0),
    2,
  );
  assert.deepEqual(counts[0]!.rejected, [{ reason: 'record too large', count: 1 }]);
});

test('what the source had to give up is counted as read and rejected for every flow', () => {
  const { counts } = createPipeline([flow('f'), flow('g')]).process(
    { records: things(1), cursors: [], rejects: [{ reason: 'damaged record', count: 3 }] },
    0,
  );
  for (const { read, rejected } of counts) {
    assert.equal(read, 4);
    assert.deepEqual(rejected, [{ reason: 'damaged record', count: 3 }]);
  }
});

test('many records become fragments of a bounded size with every record in order', () => {
  const records = Array.from({ length: 40_000 }, (_, n) => ({ n }));
  const { entries } = createPipeline([flow('f')]).process({ records, cursors: [] }, 0);
  assert.ok(entries.length > 1);
  assert.ok(entries.every(({ fragment }) => fragment.rawBytes < 200_000));
  const all = JSON.parse(`[${texts(entries).join(',')}]`) as Thing[];
  assert.deepEqual(all, records);
});

test('an empty batch still carries its cursors', () => {
  const commit = createPipeline([flow('f')]).process(
    { records: [], cursors: [{ key: 'k', value: null }] },
    0,
  );
  assert.deepEqual(commit.entries, []);
  assert.deepEqual(commit.cursors, [{ key: 'k', value: null }]);
});
