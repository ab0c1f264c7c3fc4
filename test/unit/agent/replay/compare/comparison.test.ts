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
        isTransformed: false,
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

test('a record that both keep in one table is the same, whatever flows keep it', () => {
  const comparison = new Comparison(3);
  comparison.add([flow('a', 'T')], [flow('b', 'T'), flow('c', 'T')], NEVER);
  comparison.add([], [], NEVER);
  assert.deepEqual(comparison.changes, []);
  const [table] = comparison.tables;
  assert.deepEqual([table?.old, table?.new, table?.appear, table?.vanish], [1, 1, 0, 0]);
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
