import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEventXml } from '../../../../../packages/agent/src/eventlog/event-xml-reader.ts';
import {
  CLASSIC,
  CONTEXT,
  EMPTY_DATA,
  eventData,
  FAILED_LOGON,
  LOG_CLEARED,
  LOGON,
  NEW_PROCESS,
  NO_DATA,
  PROCESSING_ERROR,
  RENDERED,
  REPEATED_NAMES,
  readings,
  type SampleEvent,
  sentRow,
} from './sample-events.ts';

const STREAM = 'SECURITY_EVENT_BLOB';

const BASE = {
  TimeGenerated: '2026-11-20T06:14:30.8312678Z',
  Computer: 'web01.contoso.example',
  Opcode: '0',
  EventRecordId: '9007199254740993',
  SystemProcessId: 700,
  SystemThreadId: 1203,
  SourceComputerId: CONTEXT.agentId,
  SourceSystem: 'OpsManager',
};

const SECURITY_BASE = {
  ...BASE,
  Channel: 'Security',
  EventSourceName: 'Microsoft-Windows-Security-Auditing',
  Task: 12544,
  Level: '0',
  EventLevelName: 'Information',
  Keywords: '0x8020000000000000',
  Version: 2,
  Correlation: '{0bac80a3-869f-0002-8d81-ac0b9f86d901}',
};

const SYSMON_BASE = {
  ...BASE,
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  EventSourceName: 'Microsoft-Windows-Sysmon',
  EventID: 3,
  Activity: '3',
  Task: 3,
  Level: '4',
  EventLevelName: 'Information',
  Keywords: '0x8000000000000000',
  Version: 5,
  SystemUserId: 'S-1-5-19',
};

const ADMINISTRATOR = {
  SubjectUserSid: 'S-1-5-21-1004336348-1177238915-682003330-500',
  SubjectUserName: 'administrator',
  SubjectDomainName: 'CONTOSO',
  SubjectLogonId: '0x40c65',
  SubjectAccount: 'CONTOSO\\administrator',
};

function withNamespace(name: string, items: string): string {
  return `<${name} xmlns="http://schemas.microsoft.com/win/2004/08/events/event">${items}</${name}>`;
}

const expected: readonly (readonly [what: string, SampleEvent, object])[] = [
  [
    'a logon: the account logged on acts; what has no column stays in EventData',
    LOGON,
    {
      ...SECURITY_BASE,
      EventID: 4624,
      Activity: '4624 - An account was successfully logged on.',
      Account: 'CONTOSO\\anna',
      AccountType: 'User',
      TargetAccount: 'CONTOSO\\anna',
      SubjectUserSid: 'S-1-0-0',
      SubjectUserName: '-',
      SubjectDomainName: '-',
      SubjectLogonId: '0x0',
      TargetUserSid: 'S-1-5-21-1004336348-1177238915-682003330-1104',
      TargetUserName: 'anna',
      TargetDomainName: 'CONTOSO',
      TargetLogonId: '0x2f0aa',
      LogonType: 10,
      LogonTypeName: '10 - RemoteInteractive',
      LogonProcessName: 'User32 ',
      AuthenticationPackageName: 'Negotiate',
      WorkstationName: 'ws-17',
      LogonGuid: '{00000000-0000-0000-0000-00000000abcd}',
      TransmittedServices: '-',
      LmPackageName: '-',
      KeyLength: 0,
      ProcessId: '0x2bc',
      ProcessName: 'C:\\Windows\\System32\\svchost.exe',
      Process: 'svchost.exe',
      IpAddress: '203.0.113.24',
      IpPort: '50211',
      EventData: withNamespace('EventData', '<Data Name="ImpersonationLevel">%%1833</Data>'),
    },
  ],
  [
    'a failed logon: all of it in columns, an account without domain keeps its backslash',
    FAILED_LOGON,
    {
      ...SECURITY_BASE,
      EventID: 4625,
      Version: 0,
      Keywords: '0x8010000000000000',
      Activity: '4625 - An account failed to log on.',
      Account: '\\WEB02$',
      AccountType: 'Machine',
      TargetAccount: '\\WEB02$',
      SubjectUserSid: 'S-1-0-0',
      SubjectUserName: '-',
      SubjectDomainName: '-',
      SubjectLogonId: '0x0',
      TargetUserSid: 'S-1-0-0',
      TargetUserName: 'WEB02$',
      Status: '0xc000006d',
      FailureReason: '%%2313',
      SubStatus: '0xc000006a',
      LogonType: 3,
      LogonTypeName: '3 - Network',
      WorkstationName: 'kali',
      KeyLength: 0,
      ProcessId: '0x0',
      ProcessName: '-',
      Process: '-',
      IpAddress: '198.51.100.7',
      IpPort: '0',
    },
  ],
  [
    'a new process: who starts it acts',
    NEW_PROCESS,
    {
      ...SECURITY_BASE,
      ...ADMINISTRATOR,
      EventID: 4688,
      Task: 13312,
      Activity: '4688 - A new process has been created.',
      Account: 'CONTOSO\\administrator',
      AccountType: 'User',
      TargetAccount: 'CONTOSO\\anna',
      NewProcessId: '0x1a3c',
      NewProcessName: 'C:\\Windows\\System32\\cmd.exe',
      Process: 'cmd.exe',
      TokenElevationType: '%%1936',
      ProcessId: '0x4d8',
      CommandLine: 'cmd /c "whoami & net user <x>"',
      TargetUserSid: 'S-1-0-0',
      TargetUserName: 'anna',
      TargetDomainName: 'CONTOSO',
      TargetLogonId: '0x0',
      ParentProcessName: 'C:\\Windows\\explorer.exe',
      MandatoryLabel: 'S-1-16-12288',
    },
  ],
  [
    'a cleared log: columns from the user data, and all of that as XML',
    LOG_CLEARED,
    {
      ...SECURITY_BASE,
      ...ADMINISTRATOR,
      EventSourceName: 'Microsoft-Windows-Eventlog',
      EventID: 1102,
      Version: 0,
      Level: '4',
      Task: 104,
      Keywords: '0x4020000000000000',
      Activity: '1102 - The audit log was cleared.',
      Account: 'CONTOSO\\administrator',
      AccountType: 'User',
      EventData: withNamespace(
        'UserData',
        '<LogFileCleared><SubjectUserSid>S-1-5-21-1004336348-1177238915-682003330-500</SubjectUserSid><SubjectUserName>administrator</SubjectUserName><SubjectDomainName>CONTOSO</SubjectDomainName><SubjectLogonId>0x40c65</SubjectLogonId></LogFileCleared>',
      ),
    },
  ],
  [
    'a classic provider, by the name of its manifest',
    CLASSIC,
    {
      ...BASE,
      Channel: 'Application',
      EventSourceName: 'Microsoft-Windows-Security-SPP',
      EventID: 900,
      Activity: '900',
      Task: 0,
      Level: '2',
      EventLevelName: 'Error',
      Keywords: '0x80000000000000',
      Version: 0,
      SystemUserId: 'S-1-5-18',
      EventData: withNamespace(
        'EventData',
        '<Data>\\Device\\Harddisk1\\DR1</Data><Data/><Data>a &amp; b</Data><Binary>0F00FF</Binary>',
      ),
    },
  ],
  [
    'names that occur again: the first is the column, all stay in EventData',
    REPEATED_NAMES,
    {
      ...SYSMON_BASE,
      Status: 'first',
      EventData: withNamespace(
        'EventData',
        '<Data Name="Status">first</Data><Data Name="Status">second</Data><Data Name="Status"/><Data>loose</Data>',
      ),
    },
  ],
  ['an event without data', NO_DATA, SYSMON_BASE],
  ['an event with empty data', EMPTY_DATA, SYSMON_BASE],
  [
    'an event forwarded with its text, which has no column here',
    RENDERED,
    {
      ...SYSMON_BASE,
      SystemUserId: 'S-1-5-21-1-2-3-1001',
      EventData: withNamespace('EventData', '<Data Name="Image">x.exe</Data>'),
    },
  ],
  [
    'data that Windows could not read',
    PROCESSING_ERROR,
    {
      ...SYSMON_BASE,
      ErrorCode: 15005,
      EventData: withNamespace(
        'ProcessingErrorData',
        '<ErrorCode>15005</ErrorCode><DataItemName>Image</DataItemName><EventPayload>00FF</EventPayload>',
      ),
    },
  ],
];

for (const [what, sample, row] of expected) {
  test(`the SecurityEvent row of ${what}`, () => {
    for (const [how, record] of readings(sample)) {
      assert.deepEqual(sentRow(STREAM, record), row, how);
    }
  });
}

function rowOf(eventId: number, values: Readonly<Record<string, string>>): Record<string, unknown> {
  const sample = { system: { EventID: `<EventID>${eventId}</EventID>` }, data: eventData(values) };
  return sentRow(STREAM, readings(sample).get('event XML')!);
}

test('an event other than a logon keeps its data whole, though columns hold it', () => {
  const row = rowOf(4776, { PackageName: 'NTLM', TargetUserName: '1234', Status: '0xc0000064' });
  assert.equal(row.TargetUserName, '1234');
  assert.equal(
    row.EventData,
    withNamespace(
      'EventData',
      '<Data Name="PackageName">NTLM</Data><Data Name="TargetUserName">1234</Data><Data Name="Status">0xc0000064</Data>',
    ),
  );
});

test("an event of another provider keeps its data whole, whatever its identifier, and has no activity's title", () => {
  const system = { Provider: '<Provider Name="AD FS Auditing"/>' };
  const sample = { system, data: eventData({ LogonType: '3' }) };
  for (const [how, record] of readings(sample)) {
    const row = sentRow(STREAM, record);
    assert.equal(row.EventData, withNamespace('EventData', '<Data Name="LogonType">3</Data>'), how);
    assert.equal(row.Activity, '4624', how);
  }
});

test('the account of an event is who acted, else the only one that is named', () => {
  const subject = { SubjectUserName: 'boss', SubjectDomainName: 'D' };
  const target = { TargetUserName: 'anna', TargetDomainName: 'D' };
  assert.equal(rowOf(4720, { ...subject, ...target }).Account, 'D\\boss');
  assert.equal(rowOf(4624, { ...subject, ...target, LogonType: '2' }).Account, 'D\\anna');
  assert.equal(rowOf(4624, { ...subject, LogonType: '2' }).Account, 'D\\boss');
  assert.equal(rowOf(4768, target).Account, 'D\\anna');
  assert.equal(rowOf(4768, { ...target, SubjectUserName: '-' }).Account, 'D\\anna');
  assert.equal(rowOf(4768, { TargetUserName: 'anna', TargetDomainName: '-' }).Account, '\\anna');
  const nobody = rowOf(4608, {});
  assert.deepEqual([nobody.Account, nobody.AccountType], [undefined, undefined]);
});

test('a logon type without a name is shown as its number', () => {
  assert.equal(rowOf(4624, { LogonType: '6' }).LogonTypeName, '6');
  assert.equal(rowOf(4624, { LogonType: '0' }).LogonTypeName, '0 - System');
});

test('what does not fit its column is not bent into it and stays in EventData', () => {
  for (const value of ['many', '2147483648', '0xc000006d', '1.5', ' 7']) {
    const row = rowOf(4625, { KeyLength: value });
    assert.equal(row.KeyLength, undefined);
    assert.equal(
      row.EventData,
      withNamespace('EventData', `<Data Name="KeyLength">${value}</Data>`),
    );
  }
  assert.equal(rowOf(4625, { KeyLength: '0x80' }).KeyLength, 128);
  assert.equal(rowOf(4625, { KeyLength: '' }).EventData, undefined);
});

test('an item of the name of a column that is not the event’s to fill stays in EventData', () => {
  const row = rowOf(4625, { Channel: 'x', TimeGenerated: 'x', Account: 'x', Type: 'x' });
  assert.equal(row.Channel, 'Security');
  assert.equal(row.TimeGenerated, '2026-11-20T06:14:30.8312678Z');
  assert.deepEqual([row.Account, row.Type], [undefined, undefined]);
  assert.equal(
    row.EventData,
    withNamespace(
      'EventData',
      '<Data Name="Channel">x</Data><Data Name="TimeGenerated">x</Data><Data Name="Account">x</Data><Data Name="Type">x</Data>',
    ),
  );
});

test('no item of an event replaces what the row says of the event itself', () => {
  const plain = rowOf(4625, {});
  const names = [...Object.keys(plain), 'Account', 'AccountType', 'SubjectAccount', 'Process'];
  const items = Object.fromEntries(names.map((name) => [name, 'forged']));
  const { EventData, ...row } = rowOf(4625, items);
  assert.deepEqual(row, plain);
  for (const name of names) assert.ok(String(EventData).includes(`"${name}">forged<`), name);
});

test('an event that says nothing of itself claims nothing', () => {
  for (const xml of ['<Event/>', '<Event><System/></Event>']) {
    assert.deepEqual(sentRow(STREAM, parseEventXml(xml).events[0]!), {
      Computer: 'collector',
      SourceComputerId: CONTEXT.agentId,
      SourceSystem: 'OpsManager',
    });
  }
});
