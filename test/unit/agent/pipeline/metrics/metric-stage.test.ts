import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machineDimensions } from '../../../../../packages/agent/src/pipeline/metrics/machine-dimensions.ts';
import { metricStage } from '../../../../../packages/agent/src/pipeline/metrics/metric-stage.ts';
import type { MetricMinute } from '../../../../../packages/agent/src/record.ts';
import { rowOf } from '../../../../support/rows.ts';

const MACHINE =
  '/subscriptions/s1/resourceGroups/g1/providers/Microsoft.Compute/virtualMachines/vm1';

const minute: MetricMinute = {
  startMs: Date.parse('2025-03-01T10:10:00Z'),
  object: 'Logical Disk',
  counter: '% Used Space',
  isInsights: false,
  series: [
    { instance: '/', min: 41.2, max: 41.9, sum: 124.6, count: 3 },
    { instance: '/var', min: 1, max: 1, sum: 1, count: 1 },
  ],
};

const written = (record: MetricMinute): unknown =>
  rowOf(metricStage(machineDimensions(MACHINE, 'westeurope')), 'me', record);

test('a minute of a counter is one document of the custom metrics API', () => {
  const machine = ['s1', 'g1', 'westeurope', MACHINE];
  assert.deepEqual(written(minute), {
    time: '2025-03-01T10:10:00.000Z',
    data: {
      baseData: {
        metric: '% Used Space',
        namespace: 'azure.vm.linux.guestmetrics',
        dimNames: [
          'microsoft.subscriptionId',
          'microsoft.resourceGroupName',
          'microsoft.regionName',
          'microsoft.resourceId',
          'path',
        ],
        series: [
          { dimValues: [...machine, '/'], min: 41.2, max: 41.9, sum: 124.6, count: 3 },
          { dimValues: [...machine, '/var'], min: 1, max: 1, sum: 1, count: 1 },
        ],
      },
    },
  });
});

test('counters of VM insights have their own namespace, and no dimension for the whole machine', () => {
  const series = [{ instance: 'total', min: 1, max: 1, sum: 1, count: 1 }];
  const record = { ...minute, object: 'Memory', counter: 'AvailableMB', isInsights: true, series };
  const { data } = written(record) as { data: { baseData: Record<string, unknown> } };
  assert.equal(data.baseData.namespace, 'insights.virtualmachine');
  assert.equal((data.baseData.dimNames as string[]).length, 4);
});

test('of a machine in a scale set the number is a dimension; what is not known is left out', () => {
  const set =
    '/subscriptions/s1/resourceGroups/g1/providers/Microsoft.Compute/virtualMachineScaleSets/s';
  const of = machineDimensions(`${set}/virtualMachines/7`, '');
  assert.equal(of.VMInstanceId, '7');
  assert.equal('microsoft.regionName' in of, false);
});
