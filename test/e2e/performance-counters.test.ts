/** A rule with counters, through the processes an operator runs, to rows that can be queried. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseRule } from '@dcr-agent/schema';
import { pollUntil, runCommand, startAgentProcess } from '../support/processes.ts';
import { exampleRule, runExample } from '../support/run-example.ts';
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
  dataFlows: [
    { streams: ['Microsoft-Perf', 'Microsoft-InsightsMetrics'], destinations: BOTH },
    // By way of the Logs Ingestion API.
    { streams: ['Microsoft-Perf'], destinations: ['one'], outputStream: 'Custom-Load_CL' },
  ],
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

  const [load] = await pollUntil(
    () => stage.rows('Load_CL', 'one'),
    (rows) => rows.length > 0,
  );
  assert.match(load?.CounterPath as string, /^\\\\[^\\]+\\(Processor|Memory)\(\w+\)\\/);
  assert.equal(typeof load?.CounterValue, 'number');

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

test('the rule of the example is without findings', () => {
  assert.deepEqual(parseRule(exampleRule('performance-counters')).diagnostics, []);
});

test('the example fills its tables, with all periods a second', { skip }, async (t) => {
  const { handler, agent } = await runExample(t, 'performance-counters');
  const counters = async (): Promise<Set<unknown>> => {
    const tables = (await handler.admin.tables()).map(({ table }) => table);
    const stored = ['Perf', 'InsightsMetrics'].filter((table) => tables.includes(table));
    const pages = await Promise.all(
      stored.map((table) => handler.admin.rows({ table, limit: 1_000 })),
    );
    return new Set(pages.flatMap(({ rows }) => rows.map((row) => row.CounterName ?? row.Name)));
  };
  // Not those of file systems: a container has none of its own.
  const wanted = [
    ...['% Processor Time', '% IO Wait Time', 'Available MBytes Memory', '% Used Memory', 'Load1'],
    ...['Heartbeat', 'AvailableMB', 'AvailablePercentage', 'UtilizationPercentage'],
  ];
  const missing = (found: Set<unknown>): string[] => wanted.filter((name) => !found.has(name));
  const found = await pollUntil(counters, (names) => missing(names).length === 0);
  assert.deepEqual(missing(found), [], agent.log());
  assert.equal((await agent.status()).isBalanced, true);
});
