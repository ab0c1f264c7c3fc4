import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedSource } from '@dcr-agent/schema';
import {
  patternsNote,
  routeInVersions,
} from '../../../../packages/agent/src/replay/file-routes.ts';

const logFiles = (...patterns: string[]): PlannedSource => ({
  ...{ kind: 'logFiles', key: `logFiles:${patterns.join()}`, patterns, flows: [] },
});
const firewall = (...profiles: string[]): PlannedSource => ({
  ...{ kind: 'windowsFirewallLogs', key: profiles.join(), profiles, flows: [] },
});
const APP = logFiles('/var/log/app/*.log');
const ORDERS = logFiles('/var/log/orders/*.log', 'C:\\Orders\\orders-*.txt');

function routeFile(sources: readonly PlannedSource[], path: string): readonly PlannedSource[] {
  return routeInVersions({ now: sources, old: [] }, path)?.now ?? [];
}

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

test('what patterns decide for one version they decide for the other', () => {
  const both = { now: [APP, ORDERS], old: [APP] };
  assert.equal(routeInVersions(both, 'captured/a.csv'), undefined);
  const orders = '/var/log/orders/a.log';
  assert.deepEqual(routeInVersions(both, orders), { now: [ORDERS], old: [] });
  const single = { now: [APP], old: [ORDERS] };
  assert.deepEqual(routeInVersions(single, 'captured/a.csv'), single);
});

test('a file that only one version names is told, and not where both look in the same places', () => {
  const names = { now: 'now.json', old: 'old.json' };
  const noteOf = (path: string) => patternsNote({ now: [APP], old: [ORDERS] }, path, names);
  assert.match(noteOf('/var/log/app/x.log') ?? '', /by the patterns of now\.json only/);
  assert.match(noteOf('c/orders-1.txt') ?? '', /by the patterns of old\.json only/);
  assert.match(noteOf('a.csv') ?? '', /by the patterns of neither version/);
  assert.equal(noteOf('x.log'), null);
  assert.equal(patternsNote({ now: [APP], old: [APP] }, 'a.csv', names), null);
});
