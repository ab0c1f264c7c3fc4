import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  sharedColumns,
  wholeRow,
} from '../../../../packages/handlers/src/ingestion/service-columns.ts';

const receipt = {
  table: 'Syslog',
  workspaceId: 'w',
  resourceId: '/subscriptions/ABC/resourceGroups/G/providers/Microsoft.HybridCompute/machines/M',
  receivedAtMs: Date.parse('2025-03-01T12:00:00Z'),
  requestId: 'r',
};

test('a whole row has its own columns, the request’s, and its size in bytes', () => {
  const json = '{"TimeGenerated":"2025-03-01T10:00:00Z","SyslogMessage":"é"}';
  const row = wholeRow({ position: 1, timeMs: 0, json, shared: sharedColumns(receipt) });
  assert.deepEqual(row, {
    TimeGenerated: '2025-03-01T10:00:00Z',
    SyslogMessage: 'é',
    Type: 'Syslog',
    TenantId: 'w',
    _ResourceId: '/subscriptions/abc/resourcegroups/g/providers/microsoft.hybridcompute/machines/m',
    _SubscriptionId: 'abc',
    _IsBillable: true,
    _TimeReceived: '2025-03-01T12:00:00.000Z',
    _RequestId: 'r',
    _BilledSize: json.length + 1,
  });
});

test('signs of life are not billed', () => {
  for (const [table, isBillable] of [
    ['Heartbeat', false],
    ['Operation', false],
    ['App_CL', true],
  ] as const) {
    const shared = JSON.parse(sharedColumns({ ...receipt, table }));
    assert.equal(shared._IsBillable, isBillable, table);
  }
});
