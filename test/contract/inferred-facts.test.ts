/**
 * Facts about outside systems that no public source states. Each is decided in one small module
 * and pinned here: when the service turns out to differ, these two places change together.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelProtocol, findStream, tableOfStream } from '@dcr-agent/schema';

test('solutions of streams whose IPName is not published', () => {
  const solutions = [
    'Microsoft-SecurityEvent',
    'Microsoft-WindowsEvent',
    'Microsoft-W3CIISLog',
  ].map((stream) => findStream(stream)?.solution);
  assert.deepEqual(solutions, ['SecurityInsights', 'SecurityInsights', 'LogManagement']);
});

test('the agent-facing names of streams', () => {
  const pairs = {
    'Microsoft-Syslog': 'LINUX_SYSLOGS_BLOB',
    'Microsoft-Event': 'GENERIC_EVENT_BLOB',
    'Microsoft-SecurityEvent': 'SECURITY_EVENT_BLOB',
    'Microsoft-WindowsEvent': 'SECURITY_WEF_EVENT_BLOB',
    'Microsoft-CiscoAsa': 'SECURITY_CISCO_ASA_BLOB',
  };
  for (const [stream, blobType] of Object.entries(pairs)) {
    assert.equal(findStream(stream)?.blobType, blobType);
  }
});

test('which flows take the Logs Ingestion endpoint', () => {
  const flow = { streams: [], destinations: [] };
  assert.equal(channelProtocol('Microsoft-Syslog', flow), 'ods');
  assert.equal(channelProtocol('Microsoft-Syslog', { ...flow, transformKql: ' source ' }), 'ods');
  assert.equal(
    channelProtocol('Microsoft-Syslog', { ...flow, transformKql: 'source | take 1' }),
    'gig',
  );
  assert.equal(
    channelProtocol('Microsoft-Syslog', { ...flow, outputStream: 'Custom-X_CL' }),
    'gig',
  );
  assert.equal(channelProtocol('Microsoft-Syslog', { ...flow, transform: 'x' }), 'gig');
  assert.equal(channelProtocol('Microsoft-Syslog', { ...flow, builtInTransform: 'x' }), 'gig');
  assert.equal(channelProtocol('Custom-X', flow), 'gig');
});

test('the table a stream lands in by its name alone', () => {
  assert.equal(tableOfStream('Custom-App_CL'), 'App_CL');
  assert.equal(tableOfStream('Microsoft-Table-SigninLogs'), 'SigninLogs');
  assert.equal(tableOfStream('LINUX_SYSLOGS_BLOB'), 'Syslog');
  assert.equal(tableOfStream('Microsoft-Event'), 'Event');
});
