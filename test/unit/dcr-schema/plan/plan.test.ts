import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AgentConfiguration,
  compilePlan,
  diffPlan,
  type PlannedSource,
  type WireChannel,
  type WireDataSource,
} from '@dcr-agent/schema';

const ods: WireChannel = {
  id: 'ods-1',
  protocol: 'ods',
  endpoint: 'http://127.0.0.1/1',
  tokenEndpointUri: 'http://127.0.0.1/t1',
};
const gig: WireChannel = {
  id: 'gig-1',
  protocol: 'gig',
  endpointUriTemplate: 'http://127.0.0.1/<STREAM>',
};

function configuration(
  id: string,
  dataSources: readonly WireDataSource[],
  channels: readonly WireChannel[] = [ods, gig],
): AgentConfiguration {
  return { configurationId: id, eTag: id, op: 'added', content: { dataSources, channels } };
}

function events(id: string, xPathQueries: string[], sendToChannels = ['ods-1']): WireDataSource {
  const streams = [{ stream: 'GENERIC_EVENT_BLOB', solution: 'LogManagement' }];
  return { id, kind: 'winEventLog', configuration: { xPathQueries }, streams, sendToChannels };
}

function source<K extends PlannedSource['kind']>(
  sources: readonly PlannedSource[],
  kind: K,
): Extract<PlannedSource, { kind: K }>[] {
  return sources.filter((s) => s.kind === kind) as Extract<PlannedSource, { kind: K }>[];
}

test('a channel that several rules read is one source with a flow per rule', () => {
  const plan = compilePlan([
    configuration('dcr-a', [
      events('e', ['Security!*[System[EventID=1]]', 'SECURITY!*', 'System!*']),
    ]),
    configuration('dcr-b', [events('f', ['security!*[System[EventID=2]]'])]),
  ]);
  const [security, system] = source(plan.sources, 'windowsEventLogs');
  assert.equal(security!.key, 'windowsEventLogs:security');
  assert.equal(security!.channel, 'Security');
  assert.deepEqual(security!.flows, [
    {
      id: 'dcr-a/e/GENERIC_EVENT_BLOB',
      stream: 'GENERIC_EVENT_BLOB',
      solution: 'LogManagement',
      destinations: ['dcr-a/ods-1'],
      queries: ['*[System[EventID=1]]', '*'],
    },
    {
      id: 'dcr-b/f/GENERIC_EVENT_BLOB',
      stream: 'GENERIC_EVENT_BLOB',
      solution: 'LogManagement',
      destinations: ['dcr-b/ods-1'],
      queries: ['*[System[EventID=2]]'],
    },
  ]);
  assert.equal(system!.key, 'windowsEventLogs:system');
});

test('a query keeps every exclamation mark but the first', () => {
  const plan = compilePlan([configuration('dcr-a', [events('e', ['System!*[System[Level!=4]]'])])]);
  assert.deepEqual(source(plan.sources, 'windowsEventLogs')[0]!.flows[0]!.queries, [
    '*[System[Level!=4]]',
  ]);
});

test('every workspace reached over ods gets one flow of each of the agent’s own, however many rules reach it', () => {
  const plan = compilePlan([
    configuration('dcr-a', [events('e', ['System!*'])]),
    configuration('dcr-b', [events('e', ['System!*'])]),
  ]);
  for (const [kind, stream] of [
    ['heartbeat', 'HEALTH_ASSESSMENT_BLOB'],
    ['operation', 'OPERATION_BLOB'],
  ] as const) {
    const [own] = source(plan.sources, kind);
    assert.deepEqual(own!.flows, [
      {
        id: `dcr-a/ods-1/${kind}`,
        stream,
        solution: 'LogManagement',
        destinations: ['dcr-a/ods-1'],
      },
    ]);
  }
});

test('what cannot be done is listed with its reason and the rest is planned', () => {
  const plan = compilePlan([
    configuration(
      'dcr-a',
      [
        events('nowhere', ['System!*'], ['missing']),
        events('no-channel', ['*[System[EventID=1]]']),
        { ...events('etw', []), kind: 'etwProviders' },
        {
          ...events('yaml', []),
          kind: 'logFiles',
          configuration: { format: 'yaml', filePatterns: ['/x'] },
        },
        events('good', ['System!*']),
      ],
      [ods, { id: 'new-1', protocol: 'new', endpoint: 'http://127.0.0.1/m' }],
    ),
  ]);
  assert.deepEqual(
    plan.skipped.map(({ dataSource, reason }) => [dataSource, reason]),
    [
      ['', "channel 'new-1' speaks 'new', which is not supported yet"],
      ['nowhere', 'none of its channels can be used'],
      ['no-channel', "these queries name no channel: '*[System[EventID=1]]'"],
      ['etw', "data sources of kind 'etwProviders' are not supported yet"],
      ['yaml', "log files of format 'yaml' are not supported yet"],
    ],
  );
  assert.deepEqual(
    plan.sources.map((s) => s.key),
    ['windowsEventLogs:system', 'heartbeat', 'operation'],
  );
});

function agentSettings(id: string, ...settings: [name: string, value: string][]) {
  const named = settings.map(([name, value]) => ({ name, value }));
  const content = { kind: 'AgentSettings' as const, settings: named };
  return { configurationId: id, eTag: id, op: 'added', content };
}

test('agent settings add no sources', () => {
  const plan = compilePlan([agentSettings('x')]);
  assert.deepEqual(plan, { sources: [], destinations: [], skipped: [] });
});

test('of several disk quotas the last one holds, and what does not hold is told', () => {
  const { diskQuota, skipped } = compilePlan([
    agentSettings('first', ['MaxDiskQuotaInMB', '5000']),
    agentSettings('second', ['maxdiskquotainmb', '20000'], ['Tags', '{}']),
    agentSettings('third', ['MaxDiskQuotaInMB', '3999'], ['MaxDiskQuotaInMB', 'much']),
  ]);
  assert.deepEqual(diskQuota, { configurationId: 'second', megabytes: 20_000 });
  const range = 'which is not a whole number from 4000 to 1000000';
  assert.deepEqual(
    skipped.map(({ configurationId, reason }) => [configurationId, reason]),
    [
      ['first', "maxdiskquotainmb of 'second' holds instead"],
      ['second', "the agent setting 'Tags' is not supported yet"],
      ['third', `MaxDiskQuotaInMB is '3999', ${range}`],
      ['third', `MaxDiskQuotaInMB is 'much', ${range}`],
    ],
  );
});

test('the difference of two plans names exactly what was added, removed and changed', () => {
  const before = compilePlan([
    configuration('dcr-a', [events('e', ['System!*', 'Application!*'])]),
  ]);
  const after = compilePlan([
    configuration(
      'dcr-a',
      [
        events('e', ['System!*[System[Level=1]]']),
        {
          id: 's',
          kind: 'syslog',
          configuration: { facilityNames: ['*'], logLevels: ['*'] },
          streams: [{ stream: 'LINUX_SYSLOGS_BLOB' }],
          sendToChannels: ['ods-1'],
        },
      ],
      [{ ...ods, tokenEndpointUri: 'http://127.0.0.1/other' }],
    ),
  ]);
  const difference = diffPlan(before, after);
  assert.deepEqual(
    difference.sourcesAdded.map((s) => s.key),
    ['syslog'],
  );
  assert.deepEqual(
    difference.sourcesRemoved.map((s) => s.key),
    ['windowsEventLogs:application'],
  );
  assert.deepEqual(
    difference.sourcesChanged.map((s) => s.key),
    ['windowsEventLogs:system'],
  );
  assert.deepEqual(
    difference.destinationsRemoved.map((d) => d.id),
    ['dcr-a/gig-1'],
  );
  assert.deepEqual(
    difference.destinationsChanged.map((d) => d.id),
    ['dcr-a/ods-1'],
  );
  assert.equal(difference.isEmpty, false);
  assert.equal(diffPlan(after, after).isEmpty, true);
});

const lines = (filePatterns: string[], stream = 'Custom-A', channel = 'gig-1'): WireDataSource => ({
  id: 'lines',
  kind: 'logFiles',
  configuration: { filePatterns, format: 'text' },
  streams: [{ stream }],
  sendToChannels: [channel],
});

test('log files belong to their data source: patterns once, flows of all its entries', () => {
  const plan = compilePlan([
    configuration('dcr-a', [lines(['/a', '/b']), lines(['/a', '/b'], 'Custom-B', 'ods-1')]),
    configuration('dcr-b', [lines(['/a'])]),
  ]);
  const sources = source(plan.sources, 'logFiles');
  assert.deepEqual(
    sources.map(({ key, patterns, flows }) => [key, patterns, flows.map(({ id }) => id)]),
    [
      ['logFiles:dcr-a/lines', ['/a', '/b'], ['dcr-a/lines/Custom-A', 'dcr-a/lines/Custom-B']],
      ['logFiles:dcr-b/lines', ['/a'], ['dcr-b/lines/Custom-A']],
    ],
  );
});

test('a source that is to read something else is opened anew, not exchanged', () => {
  const before = compilePlan([configuration('dcr-a', [lines(['/a'])])]);
  const after = compilePlan([configuration('dcr-a', [lines(['/a', '/b'])])]);
  const { sourcesReopened, sourcesChanged, sourcesAdded } = diffPlan(before, after);
  assert.deepEqual(
    sourcesReopened.map(({ key }) => key),
    ['logFiles:dcr-a/lines'],
  );
  assert.deepEqual([sourcesChanged, sourcesAdded], [[], []]);
});

type Counters = WireDataSource['configuration'];

const counters = (configuration: Counters, channel = 'ods-1'): WireDataSource => ({
  id: 'counters',
  kind: 'perfCounter',
  configuration,
  streams: [{ stream: channel === 'ods-1' ? 'LINUX_PERF_BLOB' : 'INSIGHTS_METRICS_BLOB' }],
  sendToChannels: [channel],
});

test('counters belong to their data source: each period once, flows of all its entries', () => {
  const ten = { samplingFrequencyInSeconds: 10, counterSpecifiers: ['A\\1', 'A\\2'] };
  const more = { samplingFrequencyInSeconds: 10, counterSpecifiers: ['A\\2', 'A\\3'] };
  const minute = { samplingFrequencyInSeconds: 60, counterSpecifiers: ['B\\1'] };
  const plan = compilePlan([
    configuration('dcr-a', [
      counters({ scheduledTransferPeriod: 'PT1M', counters: [ten, minute, more] }),
      counters({ scheduledTransferPeriod: 'PT1M', counters: [ten, minute, more] }, 'gig-1'),
    ]),
    // As a rule has them, which is how a control plane may pass on what it does not know.
    configuration('dcr-b', [{ ...counters(minute), kind: 'performanceCounters' }]),
  ]);
  assert.deepEqual(
    source(plan.sources, 'performanceCounters').map(({ flows, ...rest }) => ({
      ...rest,
      flows: flows.map(({ id }) => id),
    })),
    [
      {
        kind: 'performanceCounters',
        key: 'performanceCounters:dcr-a/counters',
        groups: [
          { everySeconds: 10, specifiers: ['A\\1', 'A\\2', 'A\\3'] },
          { everySeconds: 60, specifiers: ['B\\1'] },
        ],
        flows: ['dcr-a/counters/LINUX_PERF_BLOB', 'dcr-a/counters/INSIGHTS_METRICS_BLOB'],
      },
      {
        kind: 'performanceCounters',
        key: 'performanceCounters:dcr-b/counters',
        groups: [{ everySeconds: 60, specifiers: ['B\\1'] }],
        flows: ['dcr-b/counters/LINUX_PERF_BLOB'],
      },
    ],
  );
  assert.deepEqual(plan.skipped, []);
});

test('counters that are malformed are listed with their place, and the others are planned', () => {
  const good = { samplingFrequencyInSeconds: 1, counterSpecifiers: ['A\\1', 7] };
  const period = "'samplingFrequencyInSeconds' is not a whole number from 1 to 86400";
  const reasons: [Counters, string][] = [
    [{ counters: {} }, "'counters' is not a list"],
    [{ counters: [] }, "'counters' is empty"],
    [{ counters: [null] }, 'counters[0]: is no object'],
    [{ counters: [good, { ...good, samplingFrequencyInSeconds: 0 }] }, `counters[1]: ${period}`],
    [{ counters: [{ ...good, samplingFrequencyInSeconds: 86_401 }] }, `counters[0]: ${period}`],
    [{ counters: [{ ...good, samplingFrequencyInSeconds: '60' }] }, `counters[0]: ${period}`],
    [{ ...good, counterSpecifiers: [] }, "counters[0]: 'counterSpecifiers' is empty"],
    [{}, `counters[0]: ${period}`],
  ];
  for (const [wrong, reason] of reasons) {
    const plan = compilePlan([configuration('dcr-a', [counters(wrong)])]);
    assert.deepEqual(plan.skipped, [{ configurationId: 'dcr-a', dataSource: 'counters', reason }]);
  }
  const [planned] = source(
    compilePlan([configuration('dcr-a', [counters(reasons[3]![0])])]).sources,
    'performanceCounters',
  );
  assert.deepEqual(planned?.groups, [{ everySeconds: 1, specifiers: ['A\\1'] }]);
});

test('counters that go to a workspace and to metrics are two sources; nothing else goes to metrics', () => {
  const me: WireChannel = { id: 'me', protocol: 'me', endpoint: 'http://127.0.0.1/metrics' };
  const counters: WireDataSource = {
    id: 'c',
    kind: 'perfCounter',
    configuration: {
      counters: [{ samplingFrequencyInSeconds: 10, counterSpecifiers: ['System(*)\\Load1'] }],
    },
    streams: [{ stream: 'INSIGHTS_METRICS_BLOB', solution: 'VMInsights' }],
    sendToChannels: ['ods-1', 'me'],
  };
  const sources = [counters, events('e', ['System!*'], ['me'])];
  const plan = compilePlan([configuration('dcr-a', sources, [ods, me])]);
  const [rows] = source(plan.sources, 'performanceCounters');
  const [metrics] = source(plan.sources, 'metrics');
  assert.deepEqual(
    [rows, metrics].map((each) => [each?.key, each?.flows[0]?.destinations]),
    [
      ['performanceCounters:dcr-a/c', ['dcr-a/ods-1']],
      ['metrics:dcr-a/c', ['dcr-a/me']],
    ],
  );
  assert.deepEqual(metrics?.groups, rows?.groups);
  assert.deepEqual(
    plan.skipped.map(({ reason }) => reason),
    ["data sources of kind 'winEventLog' hold no metrics"],
  );
});

test('a log file has the form its rule gives it', () => {
  const source = (id: string, members: object): object => ({
    ...{ id, kind: 'logFiles', sendToChannels: ['ods-1'], streams: [{ stream: 'Custom-A' }] },
    configuration: { filePatterns: ['/a'], ...members },
  });
  const text = (recordStartTimestampFormat: string): object => ({
    ...{ format: 'text', settings: { text: { recordStartTimestampFormat } } },
  });
  const columns = [{ name: 'Level', type: 'int' }];
  const wire = [
    source('lines', { format: 'text' }),
    source('timed', text('iso 8601')),
    source('unknown', text('RFC 822')),
    source('declared', { format: 'json', streamDeclarations: { 'Custom-A': { columns } } }),
    source('undeclared', { format: 'json' }),
  ] as unknown as Parameters<typeof configuration>[1];
  const { sources, skipped } = compilePlan([configuration('dcr-a', wire, [ods])]);
  const facts = sources.flatMap((planned) => {
    if (planned.kind !== 'logFiles') return [];
    const [{ format, ...flow }] = planned.flows as [(typeof planned.flows)[number]];
    const own = 'columns' in flow ? flow.columns : undefined;
    return [[planned.key, format, planned.recordStartFormat, own]];
  });
  assert.deepEqual(facts, [
    ['logFiles:dcr-a/lines', 'text', undefined, undefined],
    ['logFiles:dcr-a/timed', 'text', 'ISO 8601', undefined],
    ['logFiles:dcr-a/declared', 'json', undefined, columns],
    ['logFiles:dcr-a/undeclared', 'json', undefined, undefined],
  ]);
  assert.deepEqual(
    skipped.map(({ reason }) => reason),
    ["the timestamp format 'RFC 822' is not known"],
  );
});

test('web server and firewall logs are sources of their own', () => {
  const wire = [
    { kind: 'iisLogs', configuration: { logDirectories: ['/iis'] } },
    { kind: 'windowsFirewallLogs', configuration: { profileFilter: ['domain'] } },
    { kind: 'iisLogs', configuration: {} },
  ].map((source, i) => ({
    ...{ ...source, id: `s${i}`, sendToChannels: ['ods-1'], streams: [{ stream: 'X_BLOB' }] },
  }));
  const { sources } = compilePlan([configuration('dcr-a', wire, [ods])]);
  assert.deepEqual(
    sources.slice(0, 3).map(({ flows, ...rest }) => [rest, flows.length]),
    [
      [{ kind: 'iisLogs', key: 'iisLogs:dcr-a/s0', directories: ['/iis'] }, 1],
      [
        {
          kind: 'windowsFirewallLogs',
          key: 'windowsFirewallLogs:dcr-a/s1',
          profiles: ['Domain'],
        },
        1,
      ],
      [{ kind: 'iisLogs', key: 'iisLogs:dcr-a/s2', directories: [] }, 1],
    ],
  );
});
