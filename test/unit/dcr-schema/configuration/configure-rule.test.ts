import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AgentConfiguration,
  type ConfigurationContent,
  configureRule,
  type Resolution,
  type Rule,
} from '@dcr-agent/schema';

const W1 =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w1';
const W2 = `${W1.slice(0, -1)}2`;

const rule: Rule = {
  streamDeclarations: [{ stream: 'Custom-App', columns: [{ name: 'RawData', type: 'string' }] }],
  dataSources: [
    {
      kind: 'windowsEventLogs',
      name: 'events',
      streams: ['Microsoft-SecurityEvent', 'Microsoft-Event'],
      xPathQueries: ['Security!*[System[EventID=4624]]'],
    },
    {
      kind: 'logFiles',
      name: 'app',
      streams: ['Custom-App'],
      filePatterns: ['/var/log/app/*.log'],
      format: 'text',
      recordStartTimestampFormat: 'ISO 8601',
    },
    {
      kind: 'iisLogs',
      name: 'iis',
      streams: ['Microsoft-W3CIISLog'],
      logDirectories: ['C:\\inetpub\\logs'],
    },
  ],
  destinations: [
    { family: 'logAnalytics', name: 'one', workspaceResourceId: W1 },
    { family: 'logAnalytics', name: 'two', workspaceResourceId: W2 },
  ],
  dataFlows: [
    { streams: ['Microsoft-SecurityEvent'], destinations: ['one', 'two'] },
    { streams: ['Microsoft-Event', 'Microsoft-W3CIISLog'], destinations: ['one'] },
    { streams: ['Custom-App'], destinations: ['one'], outputStream: 'Custom-App_CL' },
  ],
  agentSettings: [],
};

const resolution: Resolution = {
  configurationId: 'dcr-00000000000000000000000000000001',
  eTag: 'e1',
  workspace: (id) =>
    id === W1
      ? { workspaceId: '11111111-0000-0000-0000-000000000000', endpoint: 'http://127.0.0.1/ods/1' }
      : id === W2
        ? {
            workspaceId: '22222222-0000-0000-0000-000000000000',
            endpoint: 'http://127.0.0.1/ods/2',
          }
        : undefined,
  ingestionEndpoint: 'http://127.0.0.1/',
  ingestionEndpointId: 'fedcba9876543210fedcba9876543210',
  tokenEndpointUri: (channel) => `http://127.0.0.1/token/${channel}`,
};

const GIG = 'gigl-dce-fedcba9876543210fedcba9876543210';
const ODS1 = 'ods-11111111-0000-0000-0000-000000000000';
const ODS2 = 'ods-22222222-0000-0000-0000-000000000000';

function content(configuration: AgentConfiguration): ConfigurationContent {
  assert.equal(configuration.content.kind, undefined);
  return configuration.content as ConfigurationContent;
}

test('a rule becomes the data sources and channels the agent is told', () => {
  const { configuration, diagnostics } = configureRule(rule, resolution);
  assert.deepEqual(diagnostics, []);
  const { dataSources, channels } = content(configuration);
  assert.equal(configuration.configurationId, resolution.configurationId);
  assert.equal(configuration.op, 'added');
  assert.deepEqual(dataSources, [
    {
      id: 'events',
      kind: 'winEventLog',
      configuration: {
        scheduledTransferPeriod: 'PT1M',
        xPathQueries: ['Security!*[System[EventID=4624]]'],
      },
      streams: [{ stream: 'SECURITY_EVENT_BLOB', solution: 'SecurityInsights' }],
      sendToChannels: [ODS1, ODS2],
    },
    {
      id: 'events',
      kind: 'winEventLog',
      configuration: {
        scheduledTransferPeriod: 'PT1M',
        xPathQueries: ['Security!*[System[EventID=4624]]'],
      },
      streams: [{ stream: 'GENERIC_EVENT_BLOB', solution: 'LogManagement' }],
      sendToChannels: [ODS1],
    },
    {
      id: 'app',
      kind: 'logFiles',
      configuration: {
        filePatterns: ['/var/log/app/*.log'],
        format: 'text',
        settings: { text: { recordStartTimestampFormat: 'ISO 8601' } },
      },
      streams: [{ stream: 'Custom-App' }],
      sendToChannels: [GIG],
    },
    {
      id: 'iis',
      kind: 'iisLogs',
      configuration: { logDirectories: ['C:\\inetpub\\logs'] },
      streams: [{ stream: 'ONPREM_IIS_BLOB_V2', solution: 'LogManagement' }],
      sendToChannels: [ODS1],
    },
  ]);
  assert.deepEqual(channels, [
    {
      id: ODS1,
      protocol: 'ods',
      endpoint: 'http://127.0.0.1/ods/1',
      tokenEndpointUri: `http://127.0.0.1/token/${ODS1}`,
    },
    {
      id: ODS2,
      protocol: 'ods',
      endpoint: 'http://127.0.0.1/ods/2',
      tokenEndpointUri: `http://127.0.0.1/token/${ODS2}`,
    },
    {
      id: GIG,
      protocol: 'gig',
      endpointUriTemplate:
        'http://127.0.0.1/dataCollectionRules/dcr-00000000000000000000000000000001/streams/<STREAM>?api-version=2021-11-01-preview',
      tokenEndpointUri: `http://127.0.0.1/token/${GIG}`,
    },
  ]);
});

test('counters are told as a list of periods', () => {
  const { configuration } = configureRule(
    {
      ...rule,
      dataSources: [
        {
          kind: 'performanceCounters',
          name: 'counters',
          streams: ['Microsoft-Perf', 'Microsoft-InsightsMetrics'],
          samplingFrequencyInSeconds: 30,
          counterSpecifiers: ['Processor(*)\\% Processor Time'],
        },
      ],
      dataFlows: [
        { streams: ['Microsoft-Perf', 'Microsoft-InsightsMetrics'], destinations: ['one'] },
      ],
    },
    resolution,
  );
  assert.deepEqual(content(configuration).dataSources, [
    {
      id: 'counters',
      kind: 'perfCounter',
      configuration: {
        scheduledTransferPeriod: 'PT1M',
        counters: [
          {
            samplingFrequencyInSeconds: 30,
            counterSpecifiers: ['Processor(*)\\% Processor Time'],
          },
        ],
      },
      streams: [
        { stream: 'GENERIC_PERF_BLOB', solution: 'LogManagement' },
        { stream: 'INSIGHTS_METRICS_BLOB', solution: 'VMInsights' },
      ],
      sendToChannels: [ODS1],
    },
  ]);
});

test('a transformation other than source sends a standard stream through the ingestion endpoint', () => {
  const flows = [
    {
      streams: ['Microsoft-Event'],
      destinations: ['one'],
      transformKql: 'source | where EventID > 1',
    },
    { streams: ['Microsoft-SecurityEvent'], destinations: ['one'], transformKql: 'source' },
  ];
  const { configuration } = configureRule({ ...rule, dataFlows: flows }, resolution);
  const sent = content(configuration).dataSources.map((s) => [
    s.streams[0]!.stream,
    s.sendToChannels,
  ]);
  assert.deepEqual(sent, [
    ['SECURITY_EVENT_BLOB', [ODS1]],
    ['GENERIC_EVENT_BLOB', [GIG]],
  ]);
});

test('what cannot be resolved is reported once and everything else is configured', () => {
  const { ingestionEndpoint: _, ...withoutIngestion } = resolution;
  const { configuration, diagnostics } = configureRule(rule, {
    ...withoutIngestion,
    workspace: (id) => (id === W1 ? resolution.workspace(W1) : undefined),
  });
  assert.deepEqual(diagnostics.map((d) => d.code).sort(), [
    'DCR_INGESTION_ENDPOINT_MISSING',
    'DCR_WORKSPACE_UNKNOWN',
  ]);
  assert.match(
    diagnostics.find((d) => d.code === 'DCR_WORKSPACE_UNKNOWN')!.message,
    /workspaces\/w2/,
  );
  assert.deepEqual(
    content(configuration).dataSources.map((s) => s.sendToChannels),
    [[ODS1], [ODS1]],
  );
});

test('agent settings have content of their own', () => {
  const settings = [{ name: 'MaxDiskQuotaInMB', value: '20000' }];
  const { configuration } = configureRule(
    { ...rule, kind: 'AgentSettings', agentSettings: settings },
    resolution,
  );
  assert.deepEqual(configuration.content, { kind: 'AgentSettings', settings });
});

const metricsRule: Rule = {
  ...rule,
  dataSources: [
    {
      kind: 'performanceCounters',
      name: 'counters',
      streams: ['Microsoft-InsightsMetrics', 'Microsoft-Perf'],
      samplingFrequencyInSeconds: 60,
      counterSpecifiers: ['Memory(*)\\% Used Memory'],
    },
  ],
  destinations: [
    { family: 'logAnalytics', name: 'one', workspaceResourceId: W1 },
    { family: 'azureMonitorMetrics', name: 'metrics' },
  ],
  dataFlows: [{ streams: ['Microsoft-InsightsMetrics'], destinations: ['metrics', 'one'] }],
};

test('a flow to metrics has a channel of its own, sent to with the machine’s own token', () => {
  const { configuration, diagnostics } = configureRule(metricsRule, {
    ...resolution,
    metricsEndpoint: 'https://westeurope.monitoring.azure.com/',
  });
  const { channels, dataSources } = configuration.content as ConfigurationContent;
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    channels.find(({ protocol }) => protocol === 'me'),
    {
      id: 'me',
      protocol: 'me',
      endpoint: 'https://westeurope.monitoring.azure.com',
    },
  );
  const channelIds = dataSources.map(({ sendToChannels }) => sendToChannels);
  assert.deepEqual(channelIds, [['me', 'ods-11111111-0000-0000-0000-000000000000']]);
});

test('metrics without a known endpoint, or of a stream that has none, are told; the rest is served', () => {
  const unknown = configureRule(metricsRule, resolution);
  assert.deepEqual(
    unknown.diagnostics.map(({ code }) => code),
    ['DCR_METRICS_ENDPOINT_MISSING'],
  );
  const flow = { streams: ['Microsoft-Perf'], destinations: ['metrics', 'one'] };
  const perf = configureRule(
    { ...metricsRule, dataFlows: [flow] },
    { ...resolution, metricsEndpoint: 'http://127.0.0.1/metrics' },
  );
  assert.deepEqual(
    perf.diagnostics.map(({ code }) => code),
    ['DCR_STREAM_NOT_METRICS'],
  );
  const { channels } = perf.configuration.content as ConfigurationContent;
  assert.deepEqual(
    channels.map(({ protocol }) => protocol),
    ['ods'],
  );
});
