import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ChangedRecord,
  Comparison,
} from '../../../../../packages/agent/src/replay/compare/comparison.ts';
import type { RuleFlow } from '../../../../../packages/agent/src/replay/rule-plan.ts';

function flow(name: string, ...tables: readonly string[]): RuleFlow {
  return {
    id: name,
    rule: { file: '', rule: {} as RuleFlow['rule']['rule'] },
    dataSource: { kind: 'syslog', name, streams: [name], facilityNames: [], logLevels: [] },
    stream: name,
    deliveries: tables.map((table) => {
      return {
        protocol: 'ods',
        workspace: '/s/W',
        table,
        columns: undefined,
        dataFlow: 0,
        transformation: undefined,
      };
    }),
  };
}

function record(selectedBy = 'pair', otherwise = 'why'): ChangedRecord {
  return { selectedBy: () => selectedBy, otherwise: () => otherwise, example: () => 'example' };
}

const NEVER: ChangedRecord = {
  selectedBy: () => assert.fail('nobody asks of what does not change'),
  otherwise: () => assert.fail('nobody asks of what does not change'),
  example: () => assert.fail('nobody asks of what does not change'),
};

function transforming(kql: string): RuleFlow {
  const own = flow('a', 'T');
  return { ...own, deliveries: own.deliveries.map((each) => ({ ...each, transformation: kql })) };
}

test('a record that both keep in one table is the same, whatever flow keeps it', () => {
  const comparison = new Comparison(3);
  comparison.add([flow('a', 'T')], [flow('b', 'T')], NEVER);
  comparison.add([], [], NEVER);
  assert.deepEqual(comparison.changes, []);
  const [table] = comparison.tables;
  assert.deepEqual([table?.old, table?.new, table?.appear, table?.vanish], [1, 1, 0, 0]);
});

test('a record that one more flow delivers to the same table is a row more', () => {
  const comparison = new Comparison(0);
  comparison.add([flow('a', 'T')], [flow('a', 'T'), flow('b', 'T')], {
    ...record(),
    selectedBy: ({ dataSource }) => dataSource.name,
  });
  comparison.add([flow('a', 'T'), flow('b', 'T')], [flow('a', 'T')], record());
  const [table] = comparison.tables;
  assert.deepEqual([table?.old, table?.new, table?.appear, table?.vanish], [3, 3, 1, 1]);
  const [appears, vanishes] = comparison.changes;
  assert.deepEqual([appears?.selectedBy, appears?.count], ['b', 1]);
  assert.equal(appears?.otherwise, 'a record makes 1 row here, not 2');
  assert.equal(vanishes?.change, 'vanishes');
});

test('a row that the service transforms in another way differs', () => {
  const long = `source | where A has "${'x'.repeat(5_000)}`;
  const comparison = new Comparison(1);
  const kept = record();
  comparison.add([transforming('source | where A')], [transforming('source | where B')], kept);
  comparison.add([flow('a', 'T')], [transforming('source | where A')], kept);
  comparison.add([transforming(`${long}1"`)], [transforming(`${long}2"`)], kept);
  comparison.add([transforming('source | where A')], [transforming('source | where A')], NEVER);
  const texts = comparison.changes.map(({ change, selectedBy, otherwise }) => {
    assert.equal(change, 'differs');
    return `${otherwise.slice(0, 40)} → ${selectedBy.slice(0, 40)}`;
  });
  assert.deepEqual(
    new Set(texts),
    new Set([
      'no transformation → transformation: source | where A',
      'transformation: source | where A → transformation: source | where B',
      'transformation: source | where A has "xx → transformation: source | where A has "xx',
    ]),
  );
  const [table] = comparison.tables;
  assert.deepEqual([table?.old, table?.new, table?.appear, table?.vanish], [4, 4, 0, 0]);
});

test('changes are counted by what is responsible', () => {
  const comparison = new Comparison(1);
  for (const pair of ['x', 'y', 'x']) comparison.add([], [flow('a', 'T')], record(pair));
  comparison.add([flow('a', 'T')], [], record('x'));
  assert.deepEqual(
    comparison.changes.map(({ change, selectedBy, count }) => [change, selectedBy, count]),
    [
      ['appears', 'x', 2],
      ['appears', 'y', 1],
      ['vanishes', 'x', 1],
    ],
  );
  assert.deepEqual(comparison.changes[0]?.examples, ['example']);
});

test('a record that the same flow sends elsewhere is told so on both sides', () => {
  const comparison = new Comparison(0);
  comparison.add([flow('a', 'Old')], [flow('a', 'New')], NEVER);
  assert.deepEqual(
    comparison.changes.map(({ change, table, otherwise }) => [change, table, otherwise]),
    [
      ['appears', 'New', 'kept, and sent to Old in W'],
      ['vanishes', 'Old', 'kept, and sent to New in W'],
    ],
  );
});

test('a workspace of the same name in another group is told by its id', () => {
  const moved = flow('a', 'T');
  const workspace = '/resourceGroups/other/W';
  const deliveries = moved.deliveries.map((each) => ({ ...each, workspace }));
  const comparison = new Comparison(0);
  comparison.add([flow('a', 'T')], [{ ...moved, deliveries }], NEVER);
  assert.deepEqual(
    comparison.changes.map(({ otherwise }) => otherwise),
    ['kept, and sent to T in /s/W', 'kept, and sent to T in /resourceGroups/other/W'],
  );
});

test('a flow of another stream does not stand for one that is gone', () => {
  const comparison = new Comparison(0);
  comparison.add([flow('a', 'Old'), flow('b', 'Both')], [flow('b', 'Both')], record());
  assert.deepEqual(
    comparison.changes.map(({ table, otherwise }) => [table, otherwise]),
    [['Old', 'why']],
  );
});

test('conditions without end are told apart to a limit, and none goes uncounted', () => {
  const comparison = new Comparison(1);
  for (let n = 0; n < 1_500; n++) comparison.add([], [flow('a', 'T')], record(`pair ${n}`));
  const total = comparison.changes.reduce((sum, { count }) => sum + count, 0);
  assert.equal(total, 1_500);
  assert.ok(comparison.changes.length <= 1_001);
  assert.equal(comparison.changes[0]?.selectedBy, 'further conditions');
});
