import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CompiledFlow,
  createPipeline,
} from '../../../../packages/agent/src/pipeline/pipeline.ts';
import { shapedRow } from '../../../../packages/agent/src/pipeline/record-stage.ts';
import { listed } from '../../../../packages/agent/src/record.ts';
import { type Processed, processed } from '../../../support/rows.ts';

interface Thing {
  readonly n: number;
  readonly text?: string;
}

function flow(id: string, parts: Partial<CompiledFlow<Thing>> = {}): CompiledFlow<Thing> {
  return {
    flow: { id, stream: 'Custom-Things', destinations: ['d1', 'd2'] },
    stage: { keep: () => true, row: () => shapedRow((thing) => ({ n: thing.n })) },
    destinations: new Map([['gig', ['d1', 'd2']]]),
    ...parts,
  };
}

function texts({ blocks }: Processed): string[] {
  return blocks.map(({ text }) => text);
}

const things = (...ns: number[]): Thing[] => ns.map((n) => ({ n }));

test('several destinations of one protocol share one encoding', () => {
  const result = processed(createPipeline([flow('f')]), things(1, 2));
  assert.deepEqual(texts(result), ['{"n":1},{"n":2}']);
  assert.deepEqual(result.blocks[0]!.outlet.destinations, ['d1', 'd2']);
  assert.deepEqual(result.counts, [
    { flow: 'f', destinations: ['d1', 'd2'], read: 2, filtered: 0, rejected: [] },
  ]);
});

test('flows that are alike are done once, and each is counted and addressed by itself', () => {
  let looks = 0;
  const alike = (id: string, protocol: 'ods' | 'gig', destination: string) =>
    flow(id, {
      flow: { id, stream: 'Custom-Things', destinations: [destination] },
      likeness: 'same',
      stage: {
        keep: ({ n }) => {
          looks += 1;
          return n > 1;
        },
        row: () => shapedRow(({ n }) => ({ n })),
      },
      destinations: new Map([[protocol, [destination]]]),
    });
  const flows = [alike('f', 'gig', 'd1'), alike('g', 'gig', 'd2'), alike('h', 'ods', 'd3')];
  const pipeline = createPipeline(flows);
  pipeline.process({ records: listed(things(1, 2)), cursors: [] }, 0);
  assert.equal(looks, 4, 'once for each protocol');
  const { blocks, counts } = pipeline.take()!;
  assert.deepEqual(
    blocks.map(({ outlets }) => outlets.map((each) => `${each.flow} ${each.destinations}`)),
    [['f d1', 'g d2'], ['h d3']],
  );
  assert.deepEqual(
    counts.map((count) => [count.flow, count.destinations, count.read, count.filtered]),
    [
      ['f', ['d1'], 2, 1],
      ['g', ['d2'], 2, 1],
      ['h', ['d3'], 2, 1],
    ],
  );
});

test('each protocol of a flow gets its own encoding of the same records', () => {
  const mixed = flow('f', {
    stage: {
      keep: ({ n }) => n > 1,
      row: (protocol) => shapedRow(({ n }) => ({ [protocol]: n })),
    },
    destinations: new Map([
      ['ods', ['d1']],
      ['gig', ['d2']],
    ]),
  });
  const result = processed(createPipeline([mixed]), things(1, 2));
  assert.deepEqual(texts(result), ['{"ods":2}', '{"gig":2}']);
  assert.deepEqual(
    result.blocks.map(({ outlet }) => [outlet.protocol, outlet.destinations]),
    [
      ['ods', ['d1']],
      ['gig', ['d2']],
    ],
  );
  const [{ read, filtered }] = result.counts as [(typeof result.counts)[0]];
  assert.deepEqual([read, filtered], [2, 1]);
});

test('a record that cannot be shaped is rejected alone, whatever its stage throws', () => {
  const broken = flow('f', {
    stage: {
      keep: () => true,
      row: () =>
        shapedRow((thing) => {
          if (thing.n === 2) throw new Error('bug');
          return { n: thing.n };
        }),
    },
  });
  const result = processed(createPipeline([broken, flow('g')]), things(1, 2, 3));
  const { counts } = result;
  assert.deepEqual(texts(result), ['{"n":1},{"n":3}', '{"n":1},{"n":2},{"n":3}']);
  assert.deepEqual(counts[0]!.rejected, [{ reason: 'cannot be shaped', count: 1 }]);
  assert.deepEqual(counts[1]!.rejected, []);
});

test('a record whose filter throws is rejected, not filtered', () => {
  const broken = flow('f', {
    stage: {
      keep: () => {
        throw new Error('bug');
      },
      row: () => shapedRow(() => ({})),
    },
  });
  const { counts } = processed(createPipeline([broken]), things(1));
  assert.equal(counts[0]!.filtered, 0);
  assert.deepEqual(counts[0]!.rejected, [{ reason: 'cannot be filtered', count: 1 }]);
});

test('a record over the limit is rejected and its neighbours are kept', () => {
  const wide = flow('f', {
    stage: {
      keep: () => true,
      row: () => shapedRow(({ text }) => ({ text })),
    },
    destinations: new Map([['ods', ['d1', 'd2']]]),
  });
  const records: Thing[] = [
    { n: 1, text: 'a' },
    { n: 2, text: 'é'.repeat(450_000) },
    { n: 3, text: 'é'.repeat(400_000) },
  ];
  const { blocks, counts } = processed(createPipeline([wide]), records);
  assert.equal(
    blocks.reduce((total, { recordCount }) => total + recordCount, 0),
    2,
  );
  assert.deepEqual(counts[0]!.rejected, [{ reason: 'record too large', count: 1 }]);
});

test('fields the Logs Ingestion API would cut are cut and counted, between two characters', () => {
  const long = (protocol: 'ods' | 'gig') =>
    flow(protocol, {
      stage: {
        keep: () => true,
        row: () => shapedRow(({ n, text }) => ({ n, text, more: { deep: [text] }, tail: 'end' })),
      },
      destinations: new Map([[protocol, ['d1']]]),
    });
  const records: Thing[] = [
    { n: 1, text: 'short' },
    { n: 2, text: `a${'é'.repeat(40_000)}` },
    { n: 3, text: 'x'.repeat(65_536) },
    { n: 4, text: '"'.repeat(65_537) },
    { n: 5, text: 'after' },
  ];
  const { blocks, counts } = processed(createPipeline([long('gig'), long('ods')]), records);
  const [gig, ods] = blocks.map(({ text }) => JSON.parse(`[${text}]`) as Record<string, unknown>[]);
  const row = (n: number, text: string) => ({ n, text, more: { deep: [text] }, tail: 'end' });
  assert.deepEqual(gig, [
    row(1, 'short'),
    row(2, `a${'é'.repeat(32_767)}`),
    row(3, 'x'.repeat(65_536)),
    row(4, '"'.repeat(65_536)),
    row(5, 'after'),
  ]);
  assert.deepEqual(
    ods,
    records.map(({ n, text }) => row(n, text!)),
  );
  assert.deepEqual(
    counts.map(({ truncatedFields }) => truncatedFields),
    [4, undefined],
  );
});

test('a row that is taken back takes its cut fields with it', () => {
  const broken = flow('f', {
    stage: {
      keep: () => true,
      row: (protocol) =>
        shapedRow(({ text }) => {
          if (protocol === 'ods') throw new Error('bug');
          return { text };
        }),
    },
    destinations: new Map([
      ['gig', ['d1']],
      ['ods', ['d2']],
    ]),
  });
  const { counts } = processed(createPipeline([broken]), [{ n: 1, text: 'x'.repeat(70_000) }]);
  assert.equal(counts[0]?.truncatedFields, undefined);
  assert.deepEqual(counts[0]?.rejected, [{ reason: 'cannot be shaped', count: 1 }]);
});

test('what the source had to give up is counted as read and rejected for every flow', () => {
  const rejects = [{ reason: 'damaged record', count: 3 }];
  const { counts } = processed(createPipeline([flow('f'), flow('g')]), things(1), rejects);
  for (const { read, rejected } of counts) {
    assert.equal(read, 4);
    assert.deepEqual(rejected, [{ reason: 'damaged record', count: 3 }]);
  }
});

test('many records become blocks no larger than a request, with every record in order', () => {
  const records = Array.from({ length: 200_000 }, (_, n) => ({ n }));
  const result = processed(createPipeline([flow('f')]), records);
  assert.ok(result.blocks.length > 1);
  for (const { text, recordCount } of result.blocks) {
    assert.ok(text.length <= 950_000);
    assert.equal((JSON.parse(`[${text}]`) as Thing[]).length, recordCount);
  }
  assert.deepEqual(JSON.parse(`[${texts(result).join(',')}]`), records);
});

test('batches gather until they are taken, with the last value of every cursor', () => {
  const pipeline = createPipeline([flow('f')]);
  assert.equal(pipeline.take(), undefined);
  assert.equal(pipeline.bytes, 0);
  const cursors = (value: string | null) => [{ key: 'k', value }];
  pipeline.process({ records: listed(things(1)), cursors: cursors('1') }, 0);
  pipeline.process({ records: listed([]), cursors: [{ key: 'other', value: null }] }, 0);
  assert.equal(pipeline.bytes, 7);
  const result = processed(pipeline, things(2), [], cursors('2'));
  assert.deepEqual(texts(result), ['{"n":1},{"n":2}']);
  assert.deepEqual(result.cursors, [
    { key: 'k', value: '2' },
    { key: 'other', value: null },
  ]);
  assert.equal(result.counts[0]!.read, 2);
  assert.equal(pipeline.take(), undefined);
});

test('a record that one protocol cannot carry is in no block of the others', () => {
  const mixed = flow('f', {
    stage: {
      keep: () => true,
      row: (protocol) =>
        shapedRow(({ n }) => {
          if (protocol === 'gig' && n === 2) throw new Error('bug');
          return { [protocol]: n };
        }),
    },
    destinations: new Map([
      ['ods', ['d1']],
      ['gig', ['d2']],
    ]),
  });
  const result = processed(createPipeline([mixed]), things(1, 2, 3));
  assert.deepEqual(texts(result), ['{"ods":1},{"ods":3}', '{"gig":1},{"gig":3}']);
});
