import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedSource } from '@dcr-agent/schema';
import { routeFile } from '../../../../packages/agent/src/replay/file-routes.ts';

const logFiles = (...patterns: string[]): PlannedSource => ({
  ...{ kind: 'logFiles', key: `logFiles:${patterns.join()}`, patterns, flows: [] },
});
const firewall = (...profiles: string[]): PlannedSource => ({
  ...{ kind: 'windowsFirewallLogs', key: profiles.join(), profiles, flows: [] },
});
const APP = logFiles('/var/log/app/*.log');
const ORDERS = logFiles('/var/log/orders/*.log', 'C:\\Orders\\orders-*.txt');

test('the only data source takes any file', () => {
  assert.deepEqual(routeFile([APP], '/elsewhere/file'), [APP]);
  assert.deepEqual(routeFile([], '/elsewhere/file'), []);
});

test('of several, the one whose pattern names the path', () => {
  assert.deepEqual(routeFile([APP, ORDERS], '/var/log/orders/a.log'), [ORDERS]);
});

test('of a file that lies elsewhere the name tells, by patterns of either system', () => {
  assert.deepEqual(routeFile([APP, ORDERS], 'captured/orders-1.txt'), [ORDERS]);
  assert.deepEqual(routeFile([APP, ORDERS], 'captured/a.log'), [APP, ORDERS]);
});

test('a file that nothing names is for none', () => {
  assert.deepEqual(routeFile([APP, ORDERS], 'captured/a.csv'), []);
});

test('firewall logs are for the profile that their name holds', () => {
  const [domain, open] = [firewall('Domain'), firewall('Public')];
  assert.deepEqual(routeFile([domain, open], '/c/domainfw.log'), [domain]);
  assert.deepEqual(routeFile([domain, open], '/c/pfirewall.log'), [domain, open]);
});
