import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRule } from '../../../../../packages/dcr-schema/src/rule/parse-rule.ts';
import {
  SAMPLE_PROPERTIES,
  SYSLOG_SOURCE,
  sampleRule,
  WORKSPACE_ID,
} from '../../../../support/sample-rule.ts';

const [flow] = SAMPLE_PROPERTIES.dataFlows;

function found(properties: object, resource: object = {}): string[] {
  return parseRule(sampleRule(properties, resource)).diagnostics.map(({ code, pointer }) => {
    return `${code} ${pointer.replace('/properties/', '')}`;
  });
}

function hintOf(properties: object, resource: object = {}): string | undefined {
  return parseRule(sampleRule(properties, resource)).diagnostics[0]?.hint;
}

test('a misspelled destination is one error and does not make the right one unused', () => {
  const properties = { dataFlows: [{ ...flow, destinations: ['mian'] }] };
  assert.deepEqual(found(properties), ['DCR_DESTINATION_UNKNOWN dataFlows/0/destinations/0']);
  assert.equal(hintOf(properties), "did you mean 'main'?");
});

test('a destination that is far from all others is told which there are', () => {
  const destinations = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => {
    return { name, workspaceResourceId: WORKSPACE_ID };
  });
  const properties = {
    destinations: { logAnalytics: destinations },
    dataFlows: [{ ...flow, destinations: ['elsewhere', ...destinations.map((d) => d.name)] }],
  };
  assert.equal(hintOf(properties), "the rule has 'a', 'b', 'c', 'd', 'e' …");
  const none = { destinations: {}, dataFlows: [flow] };
  assert.equal(hintOf(none), 'the rule has none');
});

test('a destination of the wrong type leaves its flows in peace', () => {
  assert.deepEqual(found({ destinations: [] }), ['DCR_TYPE_WRONG destinations']);
  const noName = { logAnalytics: [{ workspaceResourceId: WORKSPACE_ID }] };
  assert.deepEqual(found({ destinations: noName }), [
    'DCR_MEMBER_MISSING destinations/logAnalytics/0',
  ]);
  const misnamed = { logAnalitics: SAMPLE_PROPERTIES.destinations.logAnalytics };
  assert.deepEqual(found({ destinations: misnamed }), [
    'DCR_MEMBER_UNKNOWN destinations/logAnalitics',
  ]);
});

test('names of destinations are unique over all families', () => {
  const destinations = {
    ...SAMPLE_PROPERTIES.destinations,
    azureMonitorMetrics: { name: 'MAIN' },
  };
  assert.deepEqual(found({ destinations }), [
    'DCR_NAME_DUPLICATE destinations/azureMonitorMetrics/name',
  ]);
});

test('workspaces are resource ids, in any letter case', () => {
  const codesOf = (workspaceResourceId: string): string[] =>
    found({ destinations: { logAnalytics: [{ name: 'main', workspaceResourceId }] } });
  assert.deepEqual(codesOf(WORKSPACE_ID.toLowerCase()), []);
  assert.deepEqual(codesOf(`${WORKSPACE_ID}/`), [
    'DCR_WORKSPACE_ID_FORM destinations/logAnalytics/0/workspaceResourceId',
  ]);
  assert.deepEqual(codesOf("[parameters('workspace')]"), [
    'DCR_EXPRESSION destinations/logAnalytics/0/workspaceResourceId',
  ]);
  assert.deepEqual(codesOf('{{workspaceResourceId}}'), [
    'DCR_EXPRESSION destinations/logAnalytics/0/workspaceResourceId',
  ]);
});

test('kinds of one operating system refuse data sources of the other', () => {
  const iis = { iisLogs: [{ name: 'i', streams: ['Microsoft-W3CIISLog'] }] };
  const iisFlow = { dataFlows: [{ ...flow, streams: ['Microsoft-W3CIISLog'] }] };
  assert.deepEqual(found({}, { kind: 'Windows' }), ['DCR_KIND_MISMATCH dataSources/syslog']);
  assert.deepEqual(found({ dataSources: iis, ...iisFlow }, { kind: 'linux' }), [
    'DCR_KIND_MISMATCH dataSources/iisLogs',
  ]);
  assert.deepEqual(found({ dataSources: iis, ...iisFlow }, { kind: 'Windows' }), []);
  assert.deepEqual(found({}, { kind: 'Linux' }), []);
});

test('an unknown kind warns', () => {
  assert.deepEqual(found({}, { kind: 'Linus' }), ['DCR_VALUE_UNKNOWN /kind']);
  assert.equal(hintOf({}, { kind: 'Linus' }), "did you mean 'Linux'?");
  assert.equal(hintOf({}, { kind: 'All' }), 'leave it out for agents of every kind');
});

test('kinds that use no data sources say so of those there are', () => {
  const path = 'DCR_KIND_CONTENT dataSources';
  assert.deepEqual(found({}, { kind: 'Direct' }), [path]);
  const table = { ...flow, streams: ['Microsoft-Table-Syslog'] };
  assert.deepEqual(found({ dataFlows: [table] }, { kind: 'WorkspaceTransforms' }), [
    path,
    'DCR_DATA_SOURCE_IDLE dataSources/syslog/0/streams/0',
  ]);
});

test('a workspace transformation has exactly one workspace', () => {
  const resource = { kind: 'WorkspaceTransforms' };
  const table = { ...flow, streams: ['Microsoft-Table-Syslog'] };
  const properties = { dataSources: undefined, dataFlows: [table] };
  const two = ['main', 'other'].map((name) => ({ name, workspaceResourceId: WORKSPACE_ID }));
  const dataFlows = [{ ...table, destinations: ['main', 'other'] }];
  assert.deepEqual(found(properties, resource), []);
  assert.deepEqual(found({ ...properties, dataFlows: [flow] }, resource), [
    'DCR_KIND_CONTENT dataFlows/0/streams/0',
  ]);
  assert.deepEqual(
    found({ ...properties, destinations: { logAnalytics: two }, dataFlows }, resource),
    ['DCR_KIND_DESTINATIONS destinations'],
  );
});

test('destinations that agents write to directly need their kind', () => {
  const destinations = { eventHubsDirect: [{ name: 'main' }] };
  assert.deepEqual(found({ destinations }), ['DCR_KIND_CONTENT destinations/eventHubsDirect']);
  assert.deepEqual(found({ destinations }, { kind: 'AgentDirectToStore' }), [
    'DCR_KIND_RETIRED /kind',
  ]);
});

test('transformations take one stream', () => {
  const streamDeclarations = {
    'Custom-A': { columns: [] },
    'Custom-B': { columns: [] },
  };
  const codesOf = (changes: object): string[] => {
    const many = { ...flow, streams: ['Custom-A', 'Custom-B'], ...changes };
    return found({ streamDeclarations, dataFlows: [flow, many] });
  };
  assert.deepEqual(codesOf({ transformKql: 'source | take 1' }), [
    'DCR_TRANSFORM_MANY_STREAMS dataFlows/1/transformKql',
  ]);
  assert.deepEqual(codesOf({ transformKql: ' source ', outputStream: 'Custom-T_CL' }), []);
  assert.deepEqual(codesOf({}), ['DCR_OUTPUT_STREAM_MISSING dataFlows/1/streams']);
});

test('columns differ by letter case, streams do not', () => {
  const column = (name: string): object => ({ name, type: 'string' });
  const codesOf = (...names: string[]): string[] =>
    found({
      streamDeclarations: { 'Custom-A': { columns: names.map(column) } },
      dataFlows: [flow, { ...flow, streams: ['Custom-A'] }],
    });
  assert.deepEqual(codesOf('id', 'Id'), []);
  assert.deepEqual(codesOf('id', 'Id', 'id'), [
    'DCR_COLUMN_DUPLICATE streamDeclarations/Custom-A/columns/2/name',
  ]);
});

test('limits that are documented warn, limits that the service keeps fail', () => {
  const sources = Array.from({ length: 11 }, (_, i) => ({ ...SYSLOG_SOURCE, name: `s${i}` }));
  assert.deepEqual(found({ dataSources: { syslog: sources } }), [
    'DCR_LIMIT_ADVISED dataSources',
    'DCR_LIMIT_ADVISED dataSources/syslog',
  ]);
  assert.deepEqual(found({ dataFlows: Array(10).fill(flow) }), []);
  assert.deepEqual(found({ dataFlows: Array(11).fill(flow) }), ['DCR_LIMIT_EXCEEDED dataFlows']);
  const streams = Array.from({ length: 21 }, () => 'Microsoft-Syslog');
  assert.deepEqual(found({ dataFlows: [{ ...flow, streams }] }), [
    'DCR_LIMIT_EXCEEDED dataFlows/0/streams',
  ]);
  const extension = {
    name: 'x',
    extensionName: 'X',
    streams: ['Microsoft-X'],
    extensionSettings: { text: 'x'.repeat(32_768) },
  };
  assert.deepEqual(
    found({
      dataSources: { extensions: [extension] },
      dataFlows: [{ ...flow, streams: ['Microsoft-X'] }],
    }),
    ['DCR_LIMIT_ADVISED dataSources/extensions/0/extensionSettings'],
  );
});

test('names of rules keep to what common tools accept', () => {
  assert.deepEqual(found({}, { name: 'ab' }), ['DCR_NAME_INVALID /name']);
  assert.deepEqual(found({}, { name: '-abc' }), ['DCR_NAME_INVALID /name']);
  assert.deepEqual(found({}, { name: 'n'.repeat(65) }), ['DCR_NAME_INVALID /name']);
  assert.deepEqual(found({}, { name: 'n'.repeat(64) }), []);
  const direct = { kind: 'Direct', name: 'n'.repeat(31) };
  assert.deepEqual(found({ dataSources: {} }, direct), ['DCR_NAME_INVALID /name']);
});

test('an expression in place of a value is a warning, not an error', () => {
  const properties = {
    dataSources: {
      syslog: [{ ...SYSLOG_SOURCE, facilityNames: ["[parameters('facility')]"] }],
    },
    dataFlows: [{ ...flow, destinations: ["[parameters('workspace')]"] }],
  };
  assert.deepEqual(found(properties), [
    'DCR_EXPRESSION dataSources/syslog/0/facilityNames/0',
    'DCR_EXPRESSION dataFlows/0/destinations/0',
  ]);
  assert.deepEqual(found({ description: '[[not an expression]' }), []);
  assert.deepEqual(found({ description: '[draft] (x)' }), []);
});

test('a rule without data flows sends nothing', () => {
  assert.deepEqual(found({ dataFlows: [] }), ['DCR_COLLECTS_NOTHING dataFlows']);
});
