/** A rule whose only destination is metrics, through the processes an operator runs. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseRule } from '@dcr-agent/schema';
import { type AgentProcess, pollUntil, startAgentProcess } from '../support/processes.ts';
import { exampleRule, runExample } from '../support/run-example.ts';
import { MACHINE_ID, MACHINE_NAME, type Row, setStage } from '../support/two-workspaces.ts';

const skip = process.platform !== 'linux' && 'performance counters are read from /proc';

const RULE = {
  destinations: { azureMonitorMetrics: { name: 'metrics' } },
  dataSources: {
    performanceCounters: [
      {
        name: 'guest',
        streams: ['Microsoft-InsightsMetrics'],
        samplingFrequencyInSeconds: 1,
        counterSpecifiers: ['Memory(*)\\% Used Memory', 'Logical Disk(*)\\Free Megabytes'],
      },
    ],
  },
  dataFlows: [{ streams: ['Microsoft-InsightsMetrics'], destinations: ['metrics'] }],
};

interface MetricRow extends Row {
  readonly Count: number;
  readonly Minimum: number;
  readonly Maximum: number;
  readonly Average: number;
}

test('counters are sent as metrics by the minute, the last one when the agent stops', {
  skip,
}, async (t) => {
  const stage = await setStage(t, RULE);
  const start = (): Promise<AgentProcess> =>
    startAgentProcess({
      stateDir: join(stage.folder, 'agent'),
      handlerUrl: stage.handler.url,
      machine: MACHINE_NAME,
      config: { sources: { syslog: { tcp: [] } }, delivery: { flushIntervalSeconds: 0.1 } },
    });
  const first = await start();
  const samples = (agent: AgentProcess) => async (): Promise<number> => {
    const { sources } = await agent.status();
    const metrics = sources.find(({ key }) => key.startsWith('metrics:'));
    return Number(metrics?.facts.samples ?? 0);
  };
  await pollUntil(samples(first), (count) => count >= 4);
  assert.equal(await first.stop(), 0);
  const agent = await start();
  t.after(() => agent.stop());

  const { admin } = stage.handler;
  const rows = await pollUntil(
    async (): Promise<MetricRow[]> => {
      const known = await admin.tables();
      if (!known.some(({ table }) => table === 'Metrics')) return [];
      return (await admin.rows({ table: 'Metrics' })).rows as unknown as MetricRow[];
    },
    (found) => found.some(({ Metric }) => Metric === 'Free Megabytes'),
  );
  const memory = rows.find(({ Metric }) => Metric === '% Used Memory');
  assert.ok(memory, agent.log());
  assert.equal(memory.Namespace, 'azure.vm.linux.guestmetrics');
  assert.equal(String(memory.ResourceId).toLowerCase(), MACHINE_ID.toLowerCase());
  assert.ok(memory.Count >= 1);
  assert.ok(0 < memory.Minimum && memory.Minimum <= memory.Average);
  assert.ok(memory.Average <= memory.Maximum && memory.Maximum <= 100);
  assert.match(String(memory.TimeGenerated), /:00\.000Z$/);
  const disks = rows.filter(({ Metric }) => Metric === 'Free Megabytes');
  assert.ok(disks.some(({ Dimensions }) => JSON.stringify(Dimensions).includes('"path":"/')));
  const { ledger, isBalanced } = await agent.status();
  assert.equal(isBalanced, true);
  assert.ok(
    ledger.some(({ destination, delivered }) => destination.endsWith('/me') && delivered > 0),
  );
});

test('the rule of the example is without findings', () => {
  assert.deepEqual(parseRule(exampleRule('metrics')).diagnostics, []);
});

test('the example sends all of its counters, the last minute when the agent stops', {
  skip,
}, async (t) => {
  const { handler, agent } = await runExample(t, 'metrics');
  const samples = await pollUntil(
    async () => Number((await agent.status()).sources[0]?.facts.samples ?? 0),
    (count) => count >= 8,
  );
  assert.ok(samples >= 8, agent.log());
  assert.equal(await agent.stop(), 0);
  const { rows } = await handler.admin.rows({ table: 'Metrics' });
  // Not those of file systems: a container has none of its own.
  const wanted = ['% Processor Time', '% Used Memory', 'Available MBytes Memory', 'Load1'];
  const sent = new Set(rows.map(({ Metric }) => Metric));
  assert.deepEqual(
    wanted.filter((name) => !sent.has(name)),
    [],
    agent.log(),
  );
  assert.deepEqual(
    (await handler.admin.tables()).map(({ table }) => table),
    ['Metrics'],
    'nothing goes to a workspace',
  );
});
