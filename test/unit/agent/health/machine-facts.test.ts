import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import {
  isPrivateAddress,
  readMachineFacts,
} from '../../../../packages/agent/src/health/machine-facts.ts';

test('the facts name this machine, this agent and an operating system', () => {
  const facts = readMachineFacts('an-id', '1.2.3');
  assert.equal(facts.computer, hostname());
  assert.deepEqual([facts.agentId, facts.agentVersion], ['an-id', '1.2.3']);
  assert.match(facts.osType, /^(Linux|Windows)$/);
  assert.notEqual(facts.osName, '');
  assert.match(facts.osMajorVersion, /\S/);
  assert.match(facts.hostIp, /^(\d+\.\d+\.\d+\.\d+|Unknown IP)$/);
  assert.ok(facts.privateIps.every(isPrivateAddress));
});

test('private addresses are those of RFC 1918 and RFC 4193', () => {
  const yes = ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1', 'FC12::1'];
  const no = ['8.8.8.8', '172.15.0.1', '172.32.0.1', '192.169.0.1', '100.10.0.1', 'fe80::1', '::1'];
  assert.deepEqual([...yes, ...no].filter(isPrivateAddress), yes);
});
