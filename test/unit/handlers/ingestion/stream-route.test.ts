import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataFlow, Rule } from '@dcr-agent/schema';
import { routeStream } from '../../../../packages/handlers/src/ingestion/stream-route.ts';

function ruleWith(...dataFlows: DataFlow[]): Rule {
  return {
    streamDeclarations: [
      {
        stream: 'Custom-App_CL',
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'SyslogMessage', type: 'dynamic' },
          { name: 'Site_CF', type: 'string' },
          { name: 'RawData', type: 'string' },
        ],
      },
    ],
    dataSources: [],
    destinations: [
      { family: 'logAnalytics', name: 'a', workspaceResourceId: '/A' },
      { family: 'logAnalytics', name: 'b', workspaceResourceId: '/B' },
      { family: 'azureMonitorMetrics', name: 'm' },
    ],
    dataFlows,
    agentSettings: [],
  };
}

const ALL = { channelOnly: false };

test('every workspace of every flow takes a stream once per table', () => {
  const rule = ruleWith(
    { streams: ['Custom-App_CL'], destinations: ['a', 'b', 'm'] },
    { streams: ['custom-app_cl'], destinations: ['a'] },
    { streams: ['Custom-App_CL'], destinations: ['a'], outputStream: 'Custom-Copy_CL' },
    { streams: ['Microsoft-Syslog'], destinations: ['b'] },
  );
  const { outputs, blobType } = routeStream(rule, 'CUSTOM-App_CL', ALL);
  assert.equal(blobType, undefined);
  assert.deepEqual(
    outputs.map(({ workspaceResourceId, table }) => `${workspaceResourceId} ${table}`),
    ['/A App_CL', '/B App_CL', '/A Copy_CL'],
  );
  assert.equal(outputs[0]?.columns, outputs[1]?.columns, 'encoded once');
});

test('a standard table takes its own columns and custom ones, in its own types', () => {
  const rule = ruleWith({
    streams: ['Custom-App_CL'],
    destinations: ['a'],
    outputStream: 'Microsoft-Syslog',
  });
  const [output] = routeStream(rule, 'Custom-App_CL', ALL).outputs;
  assert.equal(output?.table, 'Syslog');
  assert.deepEqual(
    [...(output?.columns ?? [])],
    [
      ['TimeGenerated', 'datetime'],
      ['SyslogMessage', 'string'],
      ['Site_CF', 'string'],
    ],
  );
});

test('a stream of the service goes by its own name or its blob type', () => {
  const rule = ruleWith({ streams: ['Microsoft-Syslog'], destinations: ['a'] });
  const byName = routeStream(rule, 'microsoft-syslog', ALL);
  assert.equal(byName.blobType, 'LINUX_SYSLOGS_BLOB');
  assert.deepEqual(routeStream(rule, 'LINUX_SYSLOGS_BLOB', ALL), byName);
  assert.equal(byName.outputs[0]?.table, 'Syslog');
});

test('a channel carries only the flows that take it', () => {
  const rule = ruleWith(
    { streams: ['Microsoft-Syslog'], destinations: ['a'] },
    { streams: ['Microsoft-Syslog'], destinations: ['b'], outputStream: 'Custom-Copy_CL' },
  );
  const { outputs } = routeStream(rule, 'Microsoft-Syslog', { channelOnly: true });
  assert.deepEqual(
    outputs.map(({ table }) => table),
    ['Copy_CL'],
  );
  assert.equal(routeStream(rule, 'Microsoft-Syslog', ALL).outputs.length, 2);
});

test('a stream that cannot be sent is refused with the reason', () => {
  const rule = ruleWith(
    { streams: ['Microsoft-Syslog'], destinations: ['a'] },
    { streams: ['Custom-Undeclared_CL'], destinations: ['a'] },
  );
  const refuses = (name: string, message: RegExp, channelOnly = false) =>
    assert.throws(() => routeStream(rule, name, { channelOnly }), message);
  refuses('Custom-App_CL', /data flows name Microsoft-Syslog, Custom-Undeclared_CL/);
  refuses('Microsoft-Syslog', /the workspace's own channel/, true);
  refuses('Custom-Undeclared_CL', /declare them in streamDeclarations/);
});
