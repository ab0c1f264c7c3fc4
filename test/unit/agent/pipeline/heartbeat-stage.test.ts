import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  heartbeatStage,
  type MachineFacts,
} from '../../../../packages/agent/src/pipeline/heartbeat-stage.ts';
import { rowOf } from '../../../support/rows.ts';

const machine: MachineFacts = {
  computer: 'web01',
  hostIp: '10.0.0.4',
  agentId: 'a',
  osType: 'Linux',
  osName: 'Ubuntu',
  osMajorVersion: '22',
  osMinorVersion: '04',
  agentVersion: '1.2.3',
  privateIps: ['10.0.0.4', 'fd00::1'],
};

const stage = heartbeatStage(machine);
const record = { atMs: Date.UTC(2026, 10, 20, 6, 14) };

test('a heartbeat has the members agents send, all of them strings', () => {
  const item = rowOf(stage, 'ods', record);
  assert.deepEqual(item, {
    Timestamp: '2026-11-20T06:14:00.000Z',
    Computer: 'web01',
    OSType: 'Linux',
    OSName: 'Ubuntu',
    OSMajorVersion: '22',
    OSMinorVersion: '04',
    Category: 'AMA',
    SCAgentChannel: 'Direct',
    Version: '1.2.3',
    ComputerPrivateIps: '["10.0.0.4","fd00::1"]',
  });
  for (const value of Object.values(item)) assert.equal(typeof value, 'string');
});

test('a machine without private addresses sends an empty list', () => {
  const item = rowOf(heartbeatStage({ ...machine, privateIps: [] }), 'ods', record);
  assert.equal(item.ComputerPrivateIps, '[]');
});

test('no heartbeat is filtered', () => {
  assert.equal(stage.keep(record, Number.MAX_SAFE_INTEGER), true);
});
