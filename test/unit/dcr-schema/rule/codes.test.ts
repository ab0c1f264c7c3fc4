import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RULE_CODES, type RuleCode } from '../../../../packages/dcr-schema/src/rule/codes.ts';
import { parseRule } from '../../../../packages/dcr-schema/src/rule/parse-rule.ts';
import { serviceCode } from '../../../../packages/dcr-schema/src/rule/service-answer.ts';
import {
  SAMPLE_PROPERTIES,
  SYSLOG_SOURCE,
  sampleRule,
  WORKSPACE_ID,
} from '../../../support/sample-rule.ts';

const README = new URL('../../../../packages/dcr-schema/src/rule/README.md', import.meta.url);

test('the table of codes in the README is the catalogue', () => {
  const rows = readFileSync(README, 'utf8')
    .split('\n')
    .filter((line) => /^\| `(JSON|DCR)_/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, code, severity, meaning, service]) => [code, severity, meaning, service]);
  const catalogue = Object.entries(RULE_CODES).map(([code, { severity, meaning }]) => {
    return [code, severity, meaning, serviceCode(code as RuleCode) ?? ''];
  });
  assert.deepEqual(rows, catalogue);
});

const custom = { columns: [{ name: 'TimeGenerated', type: 'datetime' }] };
const customFlow = {
  streams: ['Custom-App'],
  destinations: ['main'],
  outputStream: 'Custom-App_CL',
};
const perf = {
  name: 'perf',
  streams: ['Microsoft-InsightsMetrics'],
  samplingFrequencyInSeconds: 60,
  counterSpecifiers: ['\\VmInsights\\DetailedMetrics'],
};
const perfFlow = { streams: ['Microsoft-InsightsMetrics'], destinations: ['main'] };
const events = { name: 'events', streams: ['Microsoft-Event'], xPathQueries: ['System!*'] };
const eventFlow = { streams: ['Microsoft-Event'], destinations: ['main'] };
const [flow] = SAMPLE_PROPERTIES.dataFlows;
const [workspace] = SAMPLE_PROPERTIES.destinations.logAnalytics;

function withSource(changes: object): string {
  return sampleRule({ dataSources: { syslog: [{ ...SYSLOG_SOURCE, ...changes }] } });
}

function withFlow(changes: object): string {
  return sampleRule({ dataFlows: [{ ...flow, ...changes }] });
}

const CONTAINERS = 'Microsoft-ContainerInsights-Group-Default';
const metrics = { azureMonitorMetrics: { name: 'metrics' } };

/** The smallest change that gives each code. An error comes alone: no mistake is told twice. */
const DOCUMENTS: Readonly<Record<RuleCode, string>> = {
  JSON_EMPTY: ' ',
  JSON_SYNTAX: '{"dataFlows"}',
  JSON_MISSING_COMMA: sampleRule().replace('"westeurope",', '"westeurope"'),
  JSON_TRAILING_COMMA: sampleRule().replace('"cron"', '"cron",'),
  JSON_UNTERMINATED: '{"dataFlows": [',
  JSON_INVALID_STRING: String.raw`{"description": "C:\logs"}`,
  JSON_DUPLICATE_MEMBER: sampleRule().replace('"location"', '"location": "x", "location"'),
  JSON_TOO_DEEP: '['.repeat(10_000),
  JSON_TOO_LARGE: `[${'1,'.repeat(300_000)}1]`,
  DCR_NOT_A_RULE: 'null',
  DCR_IS_TEMPLATE: '{"resources": []}',
  DCR_IS_POLICY: '{"properties": {"policyRule": {}}}',
  DCR_IS_LIST: '[]',
  DCR_WRONG_RESOURCE_TYPE: sampleRule({}, { type: 'Microsoft.Insights/dataCollectionEndpoints' }),
  DCR_TYPE_WRONG: withFlow({ streams: 'Microsoft-Syslog' }),
  DCR_MEMBER_MISSING: withFlow({ destinations: undefined }),
  DCR_VALUE_EMPTY: withFlow({ streams: [] }),
  DCR_COLUMN_TYPE_INVALID: sampleRule({
    streamDeclarations: { 'Custom-App': { columns: [{ name: 'Id', type: 'guid' }] } },
    dataFlows: [flow, customFlow],
  }),
  DCR_NAME_DUPLICATE: sampleRule({
    dataSources: { syslog: [SYSLOG_SOURCE], performanceCounters: [{ ...perf, name: 'Messages' }] },
    dataFlows: [flow, perfFlow],
  }),
  DCR_COLUMN_DUPLICATE: sampleRule({
    streamDeclarations: { 'Custom-App': { columns: [...custom.columns, ...custom.columns] } },
    dataFlows: [flow, customFlow],
  }),
  DCR_DESTINATION_UNKNOWN: withFlow({ destinations: ['main', 'elsewhere'] }),
  DCR_STREAM_NAME_INVALID: withFlow({ outputStream: 'App_CL' }),
  DCR_STREAM_UNDECLARED: sampleRule({ dataFlows: [flow, customFlow] }),
  DCR_STREAM_WRONG_KIND: sampleRule({
    dataSources: {
      syslog: [SYSLOG_SOURCE],
      performanceCounters: [{ ...perf, streams: flow!.streams }],
    },
  }),
  DCR_TRANSFORM_MANY_STREAMS: sampleRule({
    dataSources: { syslog: [SYSLOG_SOURCE], performanceCounters: [perf] },
    dataFlows: [
      {
        streams: [...flow!.streams, ...perfFlow.streams],
        destinations: ['main'],
        transformKql: 'source | take 1',
      },
    ],
  }),
  DCR_TRANSFORM_STREAM_GROUP: sampleRule({
    dataSources: {
      extensions: [
        { name: 'e', extensionName: 'ContainerInsights', streams: ['Microsoft-X-Group-Default'] },
      ],
    },
    dataFlows: [
      {
        streams: ['Microsoft-X-Group-Default'],
        destinations: ['main'],
        transformKql: 'source | where true',
      },
    ],
  }),
  DCR_STREAM_IN_GROUP: sampleRule({
    dataSources: {
      extensions: [
        { name: 'e', extensionName: 'ContainerInsights', streams: [CONTAINERS, 'Microsoft-Perf'] },
      ],
    },
    dataFlows: [{ streams: [CONTAINERS, 'Microsoft-Perf'], destinations: ['main'] }],
  }),
  DCR_OUTPUT_STREAM_MISSING: sampleRule({
    streamDeclarations: { 'Custom-A': custom, 'Custom-B': custom },
    dataFlows: [flow, { streams: ['Custom-A', 'Custom-B'], destinations: ['main'] }],
  }),
  DCR_KIND_MISMATCH: sampleRule(
    { dataSources: { windowsEventLogs: [events] }, dataFlows: [eventFlow] },
    { kind: 'Linux' },
  ),
  DCR_KIND_DESTINATIONS: sampleRule(
    {
      dataSources: {},
      destinations: { azureMonitorMetrics: { name: 'main' } },
      dataFlows: [{ streams: ['Microsoft-Table-Syslog'], destinations: ['main'] }],
    },
    { kind: 'WorkspaceTransforms' },
  ),
  DCR_LIMIT_EXCEEDED: sampleRule({ dataFlows: Array(11).fill(flow) }),
  DCR_MEMBER_UNKNOWN: sampleRule({ colour: 'green' }),
  DCR_MEMBER_NEWER: sampleRule(
    { agentSettings: { logs: [{ name: 'MaxDiskQuotaInMB', value: '5000' }] } },
    { apiVersion: '2022-06-01' },
  ),
  DCR_VALUE_NEWER: sampleRule(
    { dataSources: { syslog: [{ ...SYSLOG_SOURCE, facilityNames: ['ntp'] }] } },
    { apiVersion: '2022-06-01' },
  ),
  DCR_API_VERSION_UNKNOWN: sampleRule({}, { apiVersion: '2023-04-01-preview' }),
  DCR_MEMBER_CASE: sampleRule().replace('"dataFlows"', '"DataFlows"'),
  DCR_VALUE_UNKNOWN: withSource({ facilityNames: ['auth', 'kernel'] }),
  DCR_VALUE_RANGE: sampleRule({
    dataSources: {
      performanceCounters: [
        { ...perf, streams: ['Microsoft-Perf'], samplingFrequencyInSeconds: 3600 },
      ],
    },
    dataFlows: [{ streams: ['Microsoft-Perf'], destinations: ['main'] }],
  }),
  DCR_EXPRESSION: sampleRule({}, { location: '[resourceGroup().location]' }),
  DCR_NAME_CASE: withFlow({ destinations: ['Main'] }),
  DCR_NAME_INVALID: withSource({ name: 'n'.repeat(33) }),
  DCR_DESTINATION_UNUSED: sampleRule({
    destinations: { logAnalytics: [workspace], azureMonitorMetrics: { name: 'metrics' } },
  }),
  DCR_WORKSPACE_ID_FORM: sampleRule({
    destinations: { logAnalytics: [{ ...workspace, workspaceResourceId: 'my-workspace' }] },
  }),
  DCR_STREAM_UNKNOWN: sampleRule({
    dataSources: { syslog: [{ ...SYSLOG_SOURCE, streams: ['Microsoft-Messages'] }] },
    dataFlows: [{ streams: ['Microsoft-Messages'], destinations: ['main'] }],
  }),
  DCR_STREAM_WITHOUT_SOURCE: sampleRule({ dataFlows: [flow, perfFlow] }),
  DCR_STREAM_UNUSED: sampleRule({ streamDeclarations: { 'Custom-App': custom } }),
  DCR_DATA_SOURCE_IDLE: sampleRule({
    dataSources: { syslog: [SYSLOG_SOURCE], performanceCounters: [perf] },
  }),
  DCR_COLLECTS_NOTHING: withSource({ facilityNames: [] }),
  DCR_OUTPUT_TABLE_NAME: sampleRule({
    streamDeclarations: { 'Custom-App': custom },
    dataFlows: [flow, { ...customFlow, outputStream: 'Custom-App' }],
  }),
  DCR_OUTPUT_MANY_DESTINATIONS: sampleRule({
    destinations: { logAnalytics: [workspace, { ...workspace, name: 'second' }] },
    dataFlows: [{ ...flow, destinations: ['main', 'second'], outputStream: 'Microsoft-Syslog' }],
  }),
  DCR_DESTINATION_STREAM: sampleRule({
    destinations: { logAnalytics: [workspace], ...metrics },
    dataFlows: [{ ...flow, destinations: ['main', 'metrics'] }],
  }),
  DCR_TRANSFORM_TWICE: sampleRule({
    transformations: [{ name: 't', headerProcessor: { processor: 'header.StandardStream' } }],
    dataFlows: [{ ...flow, transform: 't', transformKql: 'source' }],
  }),
  DCR_TRANSFORMATION_UNKNOWN: withFlow({ transform: 't' }),
  DCR_FILE_PATTERN: sampleRule({
    streamDeclarations: { 'Custom-App': custom },
    dataSources: {
      logFiles: [
        { name: 'app', streams: ['Custom-App'], filePatterns: ['logs/*.log'], format: 'text' },
      ],
    },
    dataFlows: [customFlow],
  }),
  DCR_COUNTER_FORM: sampleRule({
    dataSources: { performanceCounters: [{ ...perf, counterSpecifiers: ['% Used Memory'] }] },
    dataFlows: [perfFlow],
  }),
  DCR_INPUT_UNKNOWN: sampleRule({
    dataSources: {
      syslog: [SYSLOG_SOURCE],
      extensions: [
        {
          name: 'e',
          extensionName: 'E',
          streams: ['Microsoft-Syslog'],
          inputDataSources: ['message'],
        },
      ],
    },
  }),
  DCR_KIND_RETIRED: sampleRule({}, { kind: 'AgentDirectToStore' }),
  DCR_SAMPLING_INSIGHTS: sampleRule({
    dataSources: { performanceCounters: [{ ...perf, samplingFrequencyInSeconds: 30 }] },
    dataFlows: [perfFlow],
  }),
  DCR_KIND_CONTENT: sampleRule(
    { agentSettings: { logs: [{ name: 'MaxDiskQuotaInMB', value: '500' }] }, dataFlows: undefined },
    { kind: 'AgentSettings' },
  ),
  DCR_LIMIT_ADVISED: withFlow({ transformKql: `source // ${'x'.repeat(15_360)}` }),
  DCR_FINDINGS_OMITTED: sampleRule(
    Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`odd${i}`, i])),
  ),
};

for (const [code, { severity }] of Object.entries(RULE_CODES)) {
  test(`${code} is an ${severity} that a document of its own gives`, () => {
    const { rule, diagnostics } = parseRule(DOCUMENTS[code as RuleCode]);
    const found = diagnostics.filter((d) => d.code === code);
    assert.ok(found.length > 0, JSON.stringify(diagnostics));
    assert.ok(found.every((d) => d.severity === severity));
    const errors = diagnostics.filter((d) => d.severity === 'error');
    if (severity === 'error') {
      assert.deepEqual(new Set(diagnostics.map((d) => d.code)), new Set([code]));
      assert.equal(errors.length, 1);
      assert.equal(rule, undefined);
    } else {
      assert.deepEqual(errors, []);
      assert.ok(rule !== undefined);
    }
    for (const { position, pointer, message } of diagnostics) {
      assert.ok(position !== undefined && position.line >= 1 && position.column >= 1);
      assert.match(pointer, /^(\/.*)?$/);
      assert.match(message, /^\S.*[^.]$/s);
    }
  });
}

test('the rule that the documents above change is without findings', () => {
  assert.deepEqual(parseRule(sampleRule()).diagnostics, []);
  assert.equal(parseRule(sampleRule()).rule?.destinations[0]?.name, 'main');
  assert.match(sampleRule(), new RegExp(WORKSPACE_ID));
});
