import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counterStage } from '../../../../../packages/agent/src/pipeline/performance-counters/counter-stage.ts';
import type { CounterSample } from '../../../../../packages/agent/src/record.ts';
import { rowOf } from '../../../../support/rows.ts';

const CONTEXT = { computer: 'web01', hostIp: '10.0.0.4', agentId: 'guid' };
const TIME = '2026-11-20T06:14:10.000Z';

const disk: CounterSample = {
  atMs: Date.parse(TIME),
  object: 'Logical Disk',
  instance: '/var "x"',
  counter: '% Used Space',
  value: 41.7,
};
const insight: CounterSample = {
  ...disk,
  object: 'LogicalDisk',
  instance: '/var',
  counter: 'FreeSpaceMB',
  value: 300,
  tags: { mountId: '/var', diskSizeMB: 1000 },
};

test('a sample is an item of Perf on ODS, its value a text', () => {
  for (const stream of ['GENERIC_PERF_BLOB', 'LINUX_PERF_BLOB', 'Microsoft-Perf']) {
    assert.deepEqual(rowOf(counterStage(stream, CONTEXT), 'ods', disk), {
      Timestamp: TIME,
      Host: 'web01',
      ObjectName: 'Logical Disk',
      InstanceName: '/var "x"',
      Collections: [{ CounterName: '% Used Space', Value: '41.7' }],
    });
  }
});

test('a sample has the columns of Perf on the Logs Ingestion path, for streams of a rule too', () => {
  for (const stream of ['GENERIC_PERF_BLOB', 'Custom-Counters']) {
    assert.deepEqual(rowOf(counterStage(stream, CONTEXT), 'gig', disk), {
      TimeGenerated: TIME,
      Computer: 'web01',
      ObjectName: 'Logical Disk',
      InstanceName: '/var "x"',
      CounterName: '% Used Space',
      CounterPath: '\\\\web01\\Logical Disk(/var "x")\\% Used Space',
      CounterValue: 41.7,
    });
  }
});

test('a sample of VM insights has its tags on both paths', () => {
  const stage = counterStage('INSIGHTS_METRICS_BLOB', CONTEXT);
  const Tags = '{"vm.azm.ms/mountId":"/var","vm.azm.ms/diskSizeMB":1000}';
  assert.deepEqual(rowOf(stage, 'ods', insight), {
    Origin: 'vm.azm.ms',
    Namespace: 'LogicalDisk',
    Name: 'FreeSpaceMB',
    Value: 300,
    Tags,
    CollectionTime: TIME,
    Computer: 'web01',
  });
  assert.deepEqual(rowOf(stage, 'gig', insight), {
    TimeGenerated: TIME,
    Computer: 'web01',
    AgentId: 'guid',
    Origin: 'vm.azm.ms',
    Namespace: 'LogicalDisk',
    Name: 'FreeSpaceMB',
    Val: 300,
    Tags,
  });
});

test('each stream takes every counter, so nothing a rule sends is left behind', () => {
  const perf = counterStage('GENERIC_PERF_BLOB', CONTEXT);
  const insights = counterStage('INSIGHTS_METRICS_BLOB', CONTEXT);
  for (const sample of [disk, insight]) {
    for (const stage of [perf, insights]) assert.equal(stage.keep(sample, 0), true);
  }
  assert.equal(rowOf(perf, 'gig', insight).InstanceName, '/var');
  assert.equal(rowOf(insights, 'gig', disk).Tags, '{"vm.azm.ms/instance":"/var \\"x\\""}');
});
