import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  reachable,
  tcpAddressesOf,
} from '../../../../../packages/agent/src/cli/syslog-config/agent-address.ts';
import type { AgentStatus } from '../../../../../packages/agent/src/health/status.ts';

function addresses(facts: object): unknown {
  const sources = [{ key: 'syslog', state: 'reading', facts }];
  return tcpAddressesOf({ sources } as unknown as AgentStatus);
}

test('addresses of this machine alone come first', () => {
  const tcp = [
    { address: '0.0.0.0', port: 514 },
    { address: '::1', port: 28_331 },
  ];
  assert.deepEqual(addresses({ tcp }), [
    { host: '::1', port: 28_331 },
    { host: '0.0.0.0', port: 514 },
  ]);
});

test('a status without the source, or of another form, names none', () => {
  assert.deepEqual(addresses({}), []);
  assert.deepEqual(addresses({ tcp: [{ port: 1 }, {}] }), []);
  assert.deepEqual(tcpAddressesOf({ sources: [] } as unknown as AgentStatus), []);
});

test('an agent that listens everywhere is reached by the loopback address', () => {
  assert.deepEqual(reachable({ host: '0.0.0.0', port: 1 }), { host: '127.0.0.1', port: 1 });
  assert.deepEqual(reachable({ host: '::', port: 1 }), { host: '127.0.0.1', port: 1 });
  assert.deepEqual(reachable({ host: '10.0.0.5', port: 1 }), { host: '10.0.0.5', port: 1 });
});
