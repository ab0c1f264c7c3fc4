import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '../../../../packages/dcr-schema/src/diagnostic.ts';
import { parseRule } from '../../../../packages/dcr-schema/src/rule/parse-rule.ts';
import type { Rule } from '../../../../packages/dcr-schema/src/rule/rule.ts';
import { SAMPLE_PROPERTIES, sampleRule, WORKSPACE_ID } from '../../../support/sample-rule.ts';

function ruleOf(text: string): Rule {
  const { rule, diagnostics } = parseRule(text);
  assert.ok(rule, JSON.stringify(diagnostics, null, 1));
  return rule;
}

function codes(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map((d) => d.code);
}

test('a resource becomes a rule with its lists flattened', () => {
  const rule = ruleOf(`{
    "id": "/subscriptions/s/x", "name": "web", "location": "westeurope", "kind": " linux ",
    "type": "microsoft.insights/DATACOLLECTIONRULES",
    "tags": {"a": "b"}, "identity": {"type": "SystemAssigned"}, "etag": "x",
    "properties": {
      "description": "d", "immutableId": "dcr-0", "dataCollectionEndpointId": "/e",
      "provisioningState": "Succeeded",
      "streamDeclarations": {"Custom-App": {"columns": [{"name": "RawData", "type": "string"}]}},
      "dataSources": {
        "logFiles": [{
          "name": "app", "streams": ["Custom-App"], "filePatterns": ["/var/log/app/*.log"],
          "format": "text", "transformKql": "source",
          "settings": {"text": {"recordStartTimestampFormat": "ISO 8601"}}
        }],
        "performanceCounters": [{
          "name": "cpu", "streams": ["Microsoft-Perf"], "samplingFrequencyInSeconds": 60,
          "counterSpecifiers": ["Processor(*)\\\\% Processor Time"]
        }],
        "prometheusForwarder": [{
          "name": "prom", "streams": ["Microsoft-PrometheusMetrics"], "labelIncludeFilter": {"a": "b"}
        }]
      },
      "destinations": {
        "logAnalytics": [{"name": "la", "workspaceResourceId": "${WORKSPACE_ID}", "workspaceId": "1"}],
        "azureMonitorMetrics": {"name": "metrics"}
      },
      "dataFlows": [
        {"streams": ["Custom-App"], "destinations": ["la"], "transformKql": "source | take 1",
         "outputStream": "Custom-App_CL", "captureOverflow": true},
        {"streams": ["Microsoft-Perf", "Microsoft-PrometheusMetrics"],
         "destinations": ["la", "metrics"]}
      ]
    }
  }`);
  assert.deepEqual(rule, {
    id: '/subscriptions/s/x',
    name: 'web',
    location: 'westeurope',
    kind: 'Linux',
    immutableId: 'dcr-0',
    description: 'd',
    dataCollectionEndpointId: '/e',
    streamDeclarations: [{ stream: 'Custom-App', columns: [{ name: 'RawData', type: 'string' }] }],
    dataSources: [
      {
        kind: 'logFiles',
        name: 'app',
        streams: ['Custom-App'],
        transformKql: 'source',
        filePatterns: ['/var/log/app/*.log'],
        format: 'text',
        recordStartTimestampFormat: 'ISO 8601',
      },
      {
        kind: 'performanceCounters',
        name: 'cpu',
        streams: ['Microsoft-Perf'],
        samplingFrequencyInSeconds: 60,
        counterSpecifiers: ['Processor(*)\\% Processor Time'],
      },
      {
        kind: 'other',
        array: 'prometheusForwarder',
        name: 'prom',
        streams: ['Microsoft-PrometheusMetrics'],
        members: { labelIncludeFilter: { a: 'b' } },
      },
    ],
    destinations: [
      { family: 'logAnalytics', name: 'la', workspaceResourceId: WORKSPACE_ID },
      { family: 'azureMonitorMetrics', name: 'metrics' },
    ],
    dataFlows: [
      {
        streams: ['Custom-App'],
        destinations: ['la'],
        transformKql: 'source | take 1',
        outputStream: 'Custom-App_CL',
        captureOverflow: true,
      },
      {
        streams: ['Microsoft-Perf', 'Microsoft-PrometheusMetrics'],
        destinations: ['la', 'metrics'],
      },
    ],
    agentSettings: [],
  } satisfies Rule);
});

test('counters of which nothing is said how often are sampled every minute', () => {
  const counters = { name: 'c', streams: ['Microsoft-Perf'], counterSpecifiers: ['A\\B'] };
  const dataSources = { performanceCounters: [counters] };
  const dataFlows = [{ streams: ['Microsoft-Perf'], destinations: ['main'] }];
  const [source] = ruleOf(sampleRule({ dataSources, dataFlows })).dataSources;
  assert.ok(source?.kind === 'performanceCounters');
  assert.equal(source.samplingFrequencyInSeconds, 60);
});

test('the properties alone are the same rule, with pointers as written', () => {
  const flat = JSON.stringify({ location: 'westeurope', ...SAMPLE_PROPERTIES });
  assert.deepEqual(ruleOf(flat), ruleOf(sampleRule()));
  const wrong = JSON.stringify({ ...SAMPLE_PROPERTIES, dataFlows: [{ streams: ['a'] }] });
  assert.equal(parseRule(wrong).diagnostics[0]?.pointer, '/dataFlows/0');
});

test('member names in other letter case are read, with a warning at the name', () => {
  const text = sampleRule()
    .replace('"properties"', '"Properties"')
    .replace('"dataSources"', '"datasources"')
    .replace('"facilityNames"', '"FacilityNames"');
  const { rule, diagnostics } = parseRule(text);
  assert.deepEqual(rule, ruleOf(sampleRule()));
  assert.deepEqual(
    diagnostics.map((d) => [d.code, d.pointer, text.slice(d.position!.offset).slice(0, 8)]),
    [
      ['DCR_MEMBER_CASE', '/Properties', '"Propert'],
      ['DCR_MEMBER_CASE', '/Properties/datasources', '"datasou'],
      ['DCR_MEMBER_CASE', '/Properties/datasources/syslog/0/FacilityNames', '"Facilit'],
    ],
  );
});

test('two members that differ in letter case only are one member twice', () => {
  const text = sampleRule().replace('"dataFlows"', '"DATAFLOWS": [], "dataFlows"');
  assert.deepEqual(codes(parseRule(text).diagnostics), ['JSON_DUPLICATE_MEMBER']);
});

test('a member that is null counts as absent', () => {
  const properties = { description: null, dataSources: null, streamDeclarations: null };
  const rule = ruleOf(sampleRule(properties, { kind: null, tags: null }));
  assert.equal(rule.kind, undefined);
  assert.deepEqual(rule.dataSources, []);
  const { diagnostics } = parseRule(sampleRule({ dataFlows: null }));
  assert.deepEqual(codes(diagnostics), ['DCR_MEMBER_MISSING']);
  assert.equal(diagnostics[0]?.pointer, '/properties/dataFlows');
  assert.match(diagnostics[0]?.message ?? '', /is null/);
});

test('comments and a byte order mark are accepted', () => {
  const text = `\uFEFF// who\n${sampleRule().replace('"syslog"', '/* what */ "syslog"')}\n// end`;
  assert.deepEqual(parseRule(text).diagnostics, []);
});

test('the kind is trimmed and compared ignoring letter case', () => {
  for (const kind of [' Direct', 'direct', 'DIRECT ']) {
    const text = sampleRule({ dataSources: {} }, { kind });
    assert.equal(ruleOf(text).kind, 'Direct');
  }
  assert.equal(ruleOf(sampleRule({}, { kind: '  ' })).kind, undefined);
});

test('names of streams and destinations take the spelling of their definition', () => {
  const rule = ruleOf(
    sampleRule({
      dataFlows: [{ streams: ['microsoft-syslog'], destinations: ['MAIN'] }],
    }),
  );
  assert.deepEqual(rule.dataFlows, [{ streams: ['Microsoft-Syslog'], destinations: ['main'] }]);
});

test('facilities and levels take their published spelling, unknown ones stay', () => {
  const source = { name: 'm', streams: ['Microsoft-Syslog'] };
  const lists = { facilityNames: ['AUTH', 'kernel'], logLevels: ['warning', '*'] };
  const rule = ruleOf(sampleRule({ dataSources: { syslog: [{ ...source, ...lists }] } }));
  assert.deepEqual(rule.dataSources[0], {
    ...source,
    kind: 'syslog',
    facilityNames: ['auth', 'kernel'],
    logLevels: ['Warning', '*'],
  });
});

test('a rule of agent settings needs nothing else', () => {
  const rule = ruleOf(`{"kind": "AgentSettings", "properties": {"agentSettings": {"logs": [
    {"name": "MaxDiskQuotaInMB", "value": "500"}, {"name": "Tags", "value": "{}"}]}}}`);
  assert.deepEqual(rule.agentSettings, [
    { name: 'MaxDiskQuotaInMB', value: '500' },
    { name: 'Tags', value: '{}' },
  ]);
  const { diagnostics } = parseRule('{"kind": "AgentSettings", "description": "x"}');
  assert.deepEqual(codes(diagnostics), ['DCR_MEMBER_MISSING']);
});

test('a disk quota that agents will not take is told, with what they take', () => {
  const diagnosticsOf = (value: string) =>
    parseRule(
      JSON.stringify({
        kind: 'AgentSettings',
        properties: { agentSettings: { logs: [{ name: 'MaxDiskQuotaInMB', value }] } },
      }),
    ).diagnostics;
  for (const value of ['4000', ' 10000 ', '1000000', "[parameters('quota')]"]) {
    assert.deepEqual(
      codes(diagnosticsOf(value)),
      value[0] === '[' ? ['DCR_EXPRESSION'] : [],
      value,
    );
  }
  for (const value of ['3999', '1000001', '10 GB', '1e4', '-5000', '4000.5', '0x2710', '∞']) {
    const [finding, ...others] = diagnosticsOf(value);
    assert.deepEqual(others, []);
    assert.equal(finding?.code, 'DCR_VALUE_RANGE');
    assert.equal(finding?.pointer, '/properties/agentSettings/logs/0/value');
    assert.match(finding?.message ?? '', /usual is a whole number from 4000 to 1000000$/);
  }
});

test('a workspace transformation takes the streams of tables', () => {
  const properties = {
    dataSources: {},
    dataFlows: [
      {
        streams: ['Microsoft-Table-Syslog'],
        destinations: ['main'],
        transformKql: 'source | take 1',
      },
    ],
  };
  const { rule, diagnostics } = parseRule(sampleRule(properties, { kind: 'WorkspaceTransforms' }));
  assert.deepEqual(diagnostics, []);
  assert.equal(rule?.dataFlows[0]?.streams[0], 'Microsoft-Table-Syslog');
});

test('an event hub is a data source, a direct one is not', () => {
  const properties = {
    streamDeclarations: { 'Custom-Hub': { columns: [{ name: 'a', type: 'int' }] } },
    dataSources: {
      dataImports: { eventHub: { name: 'h', stream: 'Custom-Hub', consumerGroup: 'g' } },
    },
    directDataSources: { otelLogs: [{ name: 'o', streams: ['Microsoft-OTel-Logs'] }] },
    dataFlows: [
      { streams: ['Custom-Hub'], destinations: ['main'] },
      { streams: ['Microsoft-OTel-Logs'], destinations: ['main'] },
    ],
  };
  const { rule, diagnostics } = parseRule(sampleRule(properties));
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(rule?.dataSources, [
    {
      kind: 'other',
      array: 'dataImports',
      name: 'h',
      streams: ['Custom-Hub'],
      members: { consumerGroup: 'g' },
    },
  ]);
});

test('a data source of a kind not known here is carried with a warning', () => {
  const source = { name: 'x', streams: ['Microsoft-Syslog'], depth: 3 };
  const { rule, diagnostics } = parseRule(sampleRule({ dataSources: { seaLevels: [source] } }));
  assert.deepEqual(codes(diagnostics), ['DCR_MEMBER_UNKNOWN']);
  assert.deepEqual(rule?.dataSources[0], {
    kind: 'other',
    array: 'seaLevels',
    name: 'x',
    streams: ['Microsoft-Syslog'],
    members: { depth: 3 },
  });
});

test('findings come in the order of the text, all of them at once', () => {
  const text = sampleRule({
    dataSources: { syslog: [{ name: 5, streams: ['Microsoft-Perf'], logLevels: 'Error' }] },
    dataFlows: [{ streams: ['Custom-X'], destinations: ['elsewhere'], outputStream: 'X' }],
  });
  const { rule, diagnostics } = parseRule(text);
  assert.equal(rule, undefined);
  assert.deepEqual(codes(diagnostics), [
    'DCR_COLLECTS_NOTHING',
    'DCR_TYPE_WRONG',
    'DCR_STREAM_WRONG_KIND',
    'DCR_TYPE_WRONG',
    'DCR_DESTINATION_UNUSED',
    'DCR_STREAM_UNDECLARED',
    'DCR_DESTINATION_UNKNOWN',
    'DCR_STREAM_NAME_INVALID',
  ]);
  const offsets = diagnostics.map((d) => d.position!.offset);
  assert.deepEqual(
    offsets,
    offsets.toSorted((a, b) => a - b),
  );
});

test('beyond the limit errors are kept and the rest is counted', () => {
  const odd = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`odd${i}`, i]));
  const text = sampleRule({ ...odd, description: 5 });
  const { rule, diagnostics } = parseRule(text, { diagnosticCountMax: 3 });
  assert.equal(rule, undefined);
  assert.equal(diagnostics.filter((d) => d.severity === 'error').length, 1);
  assert.equal(diagnostics.length, 4);
  assert.match(diagnostics.at(-1)?.message ?? '', /^18 more findings/);
});

test('documents of megabytes, right or wrong in every value, are answered', () => {
  const long = sampleRule({ description: 'x'.repeat(10_000_000) });
  assert.deepEqual(parseRule(long).diagnostics, []);
  const numbers = Array.from({ length: 50_000 }, (_, i) => i);
  const wrong = parseRule(
    sampleRule({ dataFlows: [{ streams: numbers, destinations: ['main'] }] }),
  );
  assert.equal(wrong.diagnostics.length, 1001);
  assert.match(wrong.diagnostics.at(-1)?.message ?? '', /^49000 more findings/);
  const columns = numbers.map((i) => ({ name: `column${i}`, type: 'long' }));
  const flow = { streams: ['Custom-Wide'], destinations: ['main'] };
  const wide = sampleRule({
    streamDeclarations: { 'Custom-Wide': { columns } },
    dataFlows: [...SAMPLE_PROPERTIES.dataFlows, flow],
  });
  assert.equal(ruleOf(wide).streamDeclarations[0]?.columns.length, 50_000);
});
