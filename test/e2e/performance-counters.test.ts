/** A rule with counters, through the processes an operator runs, to rows that can be queried. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pollUntil, runCommand, startAgentProcess } from '../support/processes.ts';
import { BOTH, MACHINE_NAME, type Row, setStage } from '../support/two-workspaces.ts';

const skip = process.platform !== 'linux' && 'performance counters are read from /proc';

const RULE = {
  dataSources: {
    performanceCounters: [
      {
        name: 'classic',
        streams: ['Microsoft-Perf'],
        samplingFrequencyInSeconds: 1,
        counterSpecifiers: [
          'Processor(*)\\% Processor Time',
          '\\Memory\\Available MBytes',
          'Nothing(*)\\Of The Kind',
        ],
      },
      {
        name: 'insights',
        streams: ['Microsoft-InsightsMetrics'],
        samplingFrequencyInSeconds: 1,
        counterSpecifiers: ['\\VmInsights\\DetailedMetrics'],
      },
    ],
  },
  dataFlows: [{ streams: ['Microsoft-Perf', 'Microsoft-InsightsMetrics'], destinations: BOTH }],
};

test('counters of a rule become rows of Perf and InsightsMetrics', { skip }, async (t) => {
  const stage = await setStage(t, RULE);
  const agent = await startAgentProcess({
    stateDir: join(stage.folder, 'agent'),
    handlerUrl: stage.handler.url,
    machine: MACHINE_NAME,
    config: { sources: { syslog: { tcp: [] } }, delivery: { flushIntervalSeconds: 0.1 } },
  });
  t.after(() => agent.stop());
  const rowsOf = (table: string, isEnough: (rows: readonly Row[]) => boolean) =>
    pollUntil(() => stage.rows(table, 'two'), isEnough);

  const perf = await rowsOf('Perf', (rows) =>
    ['% Processor Time', 'Available MBytes Memory'].every((name) =>
      rows.some(({ CounterName }) => CounterName === name),
    ),
  );
  const busy = perf.find(
    ({ CounterName, InstanceName }) =>
      CounterName === '% Processor Time' && InstanceName === 'total',
  );
  assert.ok(busy, agent.log());
  assert.equal(busy.ObjectName, 'Processor');
  assert.equal(busy.CounterPath, `\\\\${busy.Computer}\\Processor(total)\\% Processor Time`);
  const share = busy.CounterValue as number;
  assert.ok(share >= 0 && share <= 100, String(share));

  const insights = await rowsOf('InsightsMetrics', (rows) =>
    rows.some(({ Name }) => Name === 'UtilizationPercentage'),
  );
  const memory = insights.find(({ Name }) => Name === 'AvailableMB');
  assert.ok(memory, agent.log());
  assert.deepEqual([memory.Origin, memory.Namespace], ['vm.azm.ms', 'Memory']);
  const { 'vm.azm.ms/memorySizeMB': size } = JSON.parse(memory.Tags as string);
  assert.ok((memory.Val as number) > 0 && (memory.Val as number) <= size);

  const { sources } = await agent.status();
  const classic = sources.find(({ key }) => key.endsWith('/classic'));
  const reason = "there is no object 'Nothing' on Linux";
  assert.deepEqual(classic?.facts.unknownCounters, [`Nothing(*)\\Of The Kind (${reason})`]);
  assert.match(agent.log(), /a counter is not known here/);

  const query = ['query', 'Perf', '--workspace', 'one', '--data', stage.handler.dataDirectory];
  const { code, stdout, stderr } = await runCommand('handlers', query);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /% Processor Time/);
});
