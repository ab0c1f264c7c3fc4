import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../../../packages/handlers/src/http/json.ts';
import type { ItemOrigin } from '../../../../../packages/handlers/src/ingestion/shapes/shape.ts';
import { shapeOf } from '../../../../../packages/handlers/src/ingestion/shapes/shapes.ts';

/** The one row of an item. */
function shapedBy(blobType: string): (item: JsonObject, origin: ItemOrigin) => JsonObject {
  const shape = shapeOf(blobType);
  return (item, origin) => {
    const rows = [shape(item, origin)].flat() as JsonObject[];
    assert.equal(rows.length, 1);
    return rows[0]!;
  };
}

const ORIGIN = {
  resourceId: '/subscriptions/s1/resourceGroups/g1/providers/Microsoft.Compute/virtualMachines/vm1',
  clientAddress: '10.1.2.3',
};

test('syslog items go by wire names on ODS and by column names elsewhere', () => {
  const shape = shapedBy('LINUX_SYSLOGS_BLOB');
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
    shapedBy('LINUX_SYSLOGS_BLOB')({ Severity }, ORIGIN).SeverityLevel;
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
  const shaped = shapedBy('LINUX_SYSLOGS_BLOB')({ ProcessId: '' }, ORIGIN);
  assert.deepEqual(shaped, { ProcessID: null });
});

test('a heartbeat says where it comes from', () => {
  const shape = shapedBy('HEALTH_ASSESSMENT_BLOB');
  const shaped = shape(
    { Category: 'AMA', ComputerPrivateIps: '["10.0.0.4"]', Timestamp: 't', ResourceId: 'forged' },
    { ...ORIGIN, sourceComputerId: 'guid', vmUuid: 'uuid' },
  );
  assert.deepEqual(shaped, {
    TimeGenerated: 't',
    Category: 'Azure Monitor Agent',
    ComputerPrivateIPs: ['10.0.0.4'],
    ComputerEnvironment: 'Azure',
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
    shapedBy('OPERATION_BLOB')({ Category: 'c', Detail: 'd', Timestamp: 't' }, ORIGIN),
    {
      TimeGenerated: 't',
      OperationCategory: 'c',
      Detail: 'd',
    },
  );
});

test('an item of performance counters is a row for each of them', () => {
  const rows = shapeOf('GENERIC_PERF_BLOB')(
    {
      Timestamp: 't',
      Host: 'web01',
      ObjectName: 'Logical Disk',
      InstanceName: '/',
      Collections: [
        { CounterName: '% Used Space', Value: '41.7' },
        { CounterName: 'Free Megabytes', Value: '9' },
      ],
    },
    ORIGIN,
  );
  const head = {
    TimeGenerated: 't',
    Computer: 'web01',
    ObjectName: 'Logical Disk',
    InstanceName: '/',
  };
  const path = '\\\\web01\\Logical Disk(/)\\';
  assert.deepEqual(rows, [
    {
      ...head,
      CounterName: '% Used Space',
      CounterValue: '41.7',
      CounterPath: `${path}% Used Space`,
    },
    {
      ...head,
      CounterName: 'Free Megabytes',
      CounterValue: '9',
      CounterPath: `${path}Free Megabytes`,
    },
  ]);
});

test('a row of a performance counter may carry its columns, and need not name an instance', () => {
  const columns = {
    TimeGenerated: 't',
    Computer: 'web01',
    ObjectName: 'Memory',
    CounterName: 'Pages/sec',
    CounterValue: 1,
  };
  const shape = shapedBy('GENERIC_PERF_BLOB');
  assert.deepEqual(shape(columns, ORIGIN), {
    ...columns,
    CounterPath: '\\\\web01\\Memory\\Pages/sec',
  });
  assert.equal(shape({ ...columns, CounterPath: 'own' }, ORIGIN).CounterPath, 'own');
  assert.equal(shape({}, ORIGIN).CounterPath, null);
});

test('an item of more counters than any object has is refused', () => {
  const Collections = Array.from({ length: 101 }, () => ({ CounterName: 'c', Value: '1' }));
  assert.throws(() => shapeOf('GENERIC_PERF_BLOB')({ Collections }, ORIGIN), /101 counters/);
});

test('a metric of VM insights has its value, time and agent by their column names', () => {
  const item = { CollectionTime: 't', Value: 1, Name: 'Heartbeat', Tags: '{}' };
  const shape = shapedBy('INSIGHTS_METRICS_BLOB');
  assert.deepEqual(shape(item, { ...ORIGIN, sourceComputerId: 'guid' }), {
    TimeGenerated: 't',
    Val: 1,
    AgentId: 'guid',
    Name: 'Heartbeat',
    Tags: '{}',
  });
});

test('every other item is its columns', () => {
  const item = { EventID: 1 };
  assert.equal(shapedBy('GENERIC_EVENT_BLOB')(item, ORIGIN), item);
});
