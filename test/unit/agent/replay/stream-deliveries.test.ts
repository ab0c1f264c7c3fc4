import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRule, type Rule } from '@dcr-agent/schema';
import { streamDeliveries } from '../../../../packages/agent/src/replay/stream-deliveries.ts';
import { sampleRule, WORKSPACE_ID } from '../../../support/sample-rule.ts';

const SECOND_ID = WORKSPACE_ID.replace(/w$/, 'second');
const logAnalytics = [
  { name: 'main', workspaceResourceId: WORKSPACE_ID },
  { name: 'second', workspaceResourceId: SECOND_ID },
];

function ruleOf(properties: object): Rule {
  const { rule, diagnostics } = parseRule(
    sampleRule({ destinations: { logAnalytics }, ...properties }),
  );
  assert.ok(rule, JSON.stringify(diagnostics));
  return rule;
}

test('a stream of the service goes straight to the table of each workspace', () => {
  const dataFlows = [{ streams: ['Microsoft-Syslog'], destinations: ['main', 'second'] }];
  const deliveries = streamDeliveries(ruleOf({ dataFlows }), 'Microsoft-Syslog');
  const places = deliveries.map(({ protocol, workspace, table }) => [protocol, workspace, table]);
  assert.deepEqual(places, [
    ['ods', WORKSPACE_ID, 'Syslog'],
    ['ods', SECOND_ID, 'Syslog'],
  ]);
  assert.ok(deliveries[0]?.columns?.has('SyslogMessage'));
  assert.ok(!deliveries[0]?.columns?.has('ident'));
});

test('a flow that is transformed goes through the ingestion endpoint, beside one that is not', () => {
  const streams = ['Microsoft-Syslog'];
  const dataFlows = [
    { streams, destinations: ['main'] },
    { streams, destinations: ['main'], transformKql: 'source | where Facility == "auth"' },
  ];
  const deliveries = streamDeliveries(ruleOf({ dataFlows }), 'microsoft-syslog');
  assert.deepEqual(
    deliveries.map(({ protocol, transformation }) => [protocol, transformation]),
    [
      ['ods', undefined],
      ['gig', 'source | where Facility == "auth"'],
    ],
  );
});

test('each data flow of the ingestion endpoint fills a table for itself', () => {
  const streams = ['Microsoft-Syslog'];
  const flow = (transformKql: string) => ({ streams, destinations: ['main'], transformKql });
  const dataFlows = [
    flow('source | where Facility == "a"'),
    flow('source | where Facility == "b"'),
  ];
  const deliveries = streamDeliveries(ruleOf({ dataFlows }), 'Microsoft-Syslog');
  assert.deepEqual(
    deliveries.map(({ table, dataFlow }) => [table, dataFlow]),
    [
      ['Syslog', 0],
      ['Syslog', 1],
    ],
  );
  const plain = { streams, destinations: ['main'] };
  const twice = [plain, plain];
  assert.equal(streamDeliveries(ruleOf({ dataFlows: twice }), 'Microsoft-Syslog').length, 1);
});

test('declared columns that a standard table has not are not stored', () => {
  const rule = ruleOf({
    streamDeclarations: {
      'Custom-A': {
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'SyslogMessage', type: 'string' },
          { name: 'Odd', type: 'string' },
          { name: 'Own_CF', type: 'string' },
        ],
      },
    },
    dataSources: {
      logFiles: [{ name: 'l', streams: ['Custom-A'], filePatterns: ['/a.log'], format: 'text' }],
    },
    dataFlows: [
      { streams: ['Custom-A'], destinations: ['main'], outputStream: 'Microsoft-Syslog' },
    ],
  });
  const [delivery] = streamDeliveries(rule, 'Custom-A');
  assert.deepEqual([...(delivery?.columns ?? [])], ['TimeGenerated', 'SyslogMessage', 'Own_CF']);
});

test('a stream that no flow names is delivered nowhere', () => {
  assert.deepEqual(streamDeliveries(ruleOf({}), 'Microsoft-Event'), []);
});
