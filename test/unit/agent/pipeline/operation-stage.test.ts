import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operationStage } from '../../../../packages/agent/src/pipeline/operation-stage.ts';
import type { OperationRecord } from '../../../../packages/agent/src/record.ts';
import { rowOf } from '../../../support/rows.ts';

const stage = operationStage({ computer: 'web01', hostIp: '10.0.0.4', agentId: 'a' });

test('what the agent tells of itself has the members that agents send, all of them strings', () => {
  const record: OperationRecord = {
    atMs: Date.UTC(2026, 10, 20, 6, 14),
    status: 'Warning',
    category: 'Buffer',
    detail: 'the buffer takes 9100 MB',
  };
  assert.equal(stage.keep(record, 0), true);
  assert.deepEqual(rowOf(stage, 'ods', record), {
    Timestamp: '2026-11-20T06:14:00.000Z',
    OperationStatus: 'Warning',
    Computer: 'web01',
    Detail: 'the buffer takes 9100 MB',
    Category: 'Buffer',
    Solution: 'Log Management',
    HelpLink: '',
  });
});
