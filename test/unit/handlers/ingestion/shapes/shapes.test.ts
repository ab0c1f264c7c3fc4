import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shapeOf } from '../../../../../packages/handlers/src/ingestion/shapes/shapes.ts';

const ORIGIN = {
  resourceId: '/subscriptions/s1/resourceGroups/g1/providers/Microsoft.Compute/virtualMachines/vm1',
  clientAddress: '10.1.2.3',
};

test('syslog items go by wire names on ODS and by column names elsewhere', () => {
  const shape = shapeOf('LINUX_SYSLOGS_BLOB');
  const columns = {
    TimeGenerated: '2025-03-01T10:00:00Z',
    ProcessName: 'sshd',
    Computer: 'h',
    HostName: 'h',
    ProcessID: '1',
    SeverityLevel: 'info',
    SyslogMessage: 'm',
    Facility: 'auth',
  };
  const wire = {
    ident: 'sshd',
    Timestamp: '2025-03-01T10:00:00Z',
    Host: 'h',
    ProcessId: '1',
    Severity: 'info',
    SeverityNumber: '6',
    Message: 'm',
    Facility: 'auth',
  };
  assert.deepEqual(shape(wire, ORIGIN), columns);
  assert.deepEqual(shape(columns, ORIGIN), columns);
});

test('syslog severities are written as the table spells them', () => {
  const severity = (Severity: string) =>
    shapeOf('LINUX_SYSLOGS_BLOB')({ Severity }, ORIGIN).SeverityLevel;
  for (const [written, kept] of [
    ['error', 'err'],
    ['err', 'err'],
    ['warn', 'warning'],
    ['panic', 'emerg'],
    ['debug', 'debug'],
    ['odd', 'odd'],
  ] as const) {
    assert.equal(severity(written), kept);
  }
});

test('a message without a process id has none', () => {
  const shaped = shapeOf('LINUX_SYSLOGS_BLOB')({ ProcessId: '' }, ORIGIN);
  assert.deepEqual(shaped, { ProcessID: null });
});

test('a heartbeat says where it comes from', () => {
  const shape = shapeOf('HEALTH_ASSESSMENT_BLOB');
  const shaped = shape(
    { Category: 'AMA', ComputerPrivateIps: '["10.0.0.4"]', Timestamp: 't', ResourceId: 'forged' },
    { ...ORIGIN, sourceComputerId: 'guid', vmUuid: 'uuid' },
  );
  assert.deepEqual(shaped, {
    TimeGenerated: 't',
    Category: 'Azure Monitor Agent',
    ComputerPrivateIPs: ['10.0.0.4'],
    ComputerEnvironment: 'Non-Azure',
    ComputerIP: '10.1.2.3',
    Resource: 'vm1',
    ResourceGroup: 'g1',
    ResourceId: ORIGIN.resourceId,
    ResourceProvider: 'Microsoft.Compute',
    ResourceType: 'virtualMachines',
    SubscriptionId: 's1',
    SourceComputerId: 'guid',
    VMUUID: 'uuid',
  });
  const odd = shape({ Category: 'Agent', ComputerPrivateIps: 'no list' }, ORIGIN);
  assert.equal(odd.Category, 'Agent');
  assert.equal(odd.ComputerPrivateIPs, 'no list');
});

test('an operation’s category has a column name of its own', () => {
  assert.deepEqual(
    shapeOf('OPERATION_BLOB')({ Category: 'c', Detail: 'd', Timestamp: 't' }, ORIGIN),
    {
      TimeGenerated: 't',
      OperationCategory: 'c',
      Detail: 'd',
    },
  );
});

test('every other item is its columns', () => {
  const item = { EventID: 1 };
  assert.equal(shapeOf('GENERIC_EVENT_BLOB')(item, ORIGIN), item);
});
