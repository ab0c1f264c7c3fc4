import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEventXml } from '../../../../../packages/agent/src/eventlog/event-xml-reader.ts';
import { data, element, text } from '../../../../support/event-elements.ts';
import {
  AWKWARD_TEXT,
  CLASSIC,
  EMPTY_DATA,
  FAILED_LOGON,
  LOG_CLEARED,
  LOGON,
  NESTED_USER_DATA,
  NEW_PROCESS,
  NO_DATA,
  PROCESSING_ERROR,
  RENDERED,
  REPEATED_NAMES,
  readings,
  recordOf,
  type SampleEvent,
  SYSMON,
  sentRow,
} from './sample-events.ts';

const STREAM = 'SECURITY_WEF_EVENT_BLOB';

const BASE = {
  TimeGenerated: '2026-11-20T06:14:30.8312678Z',
  Computer: 'web01.contoso.example',
  Opcode: '0',
  EventRecordId: '9007199254740993',
  SystemProcessId: 700,
  SystemThreadId: 1203,
  SourceSystem: 'OpsManager',
};

const SECURITY_BASE = {
  ...BASE,
  Provider: 'Microsoft-Windows-Security-Auditing',
  Channel: 'Security',
  EventID: 4624,
  EventLevel: 0,
  EventLevelName: 'Information',
  Task: 12544,
  Keywords: '0x8020000000000000',
  Version: 2,
  Correlation: '{0bac80a3-869f-0002-8d81-ac0b9f86d901}',
};

const SYSMON_BASE = {
  ...BASE,
  Provider: 'Microsoft-Windows-Sysmon',
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  EventID: 3,
  EventLevel: 4,
  EventLevelName: 'Information',
  Task: 3,
  Keywords: '0x8000000000000000',
  Version: 5,
  SystemUserId: 'S-1-5-19',
};

const SUBJECT_NONE = {
  SubjectUserSid: 'S-1-0-0',
  SubjectUserName: '-',
  SubjectDomainName: '-',
  SubjectLogonId: '0x0',
};

const ADMINISTRATOR = {
  SubjectUserSid: 'S-1-5-21-1004336348-1177238915-682003330-500',
  SubjectUserName: 'administrator',
  SubjectDomainName: 'CONTOSO',
  SubjectLogonId: '0x40c65',
};

const expected: readonly (readonly [what: string, SampleEvent, object])[] = [
  [
    'a logon: every value is a string, however it was stored',
    LOGON,
    {
      ...SECURITY_BASE,
      EventData: {
        ...SUBJECT_NONE,
        TargetUserSid: 'S-1-5-21-1004336348-1177238915-682003330-1104',
        TargetUserName: 'anna',
        TargetDomainName: 'CONTOSO',
        TargetLogonId: '0x2f0aa',
        LogonType: '10',
        LogonProcessName: 'User32 ',
        AuthenticationPackageName: 'Negotiate',
        WorkstationName: 'ws-17',
        LogonGuid: '{00000000-0000-0000-0000-00000000abcd}',
        TransmittedServices: '-',
        LmPackageName: '-',
        KeyLength: '0',
        ProcessId: '0x2bc',
        ProcessName: 'C:\\Windows\\System32\\svchost.exe',
        IpAddress: '203.0.113.24',
        IpPort: '50211',
        ImpersonationLevel: '%%1833',
      },
    },
  ],
  [
    'a failed logon: empty data is an empty string',
    FAILED_LOGON,
    {
      ...SECURITY_BASE,
      EventID: 4625,
      Version: 0,
      Keywords: '0x8010000000000000',
      EventData: {
        ...SUBJECT_NONE,
        TargetUserSid: 'S-1-0-0',
        TargetUserName: 'WEB02$',
        TargetDomainName: '',
        Status: '0xc000006d',
        FailureReason: '%%2313',
        SubStatus: '0xc000006a',
        LogonType: '3',
        WorkstationName: 'kali',
        KeyLength: '0',
        ProcessId: '0x0',
        ProcessName: '-',
        IpAddress: '198.51.100.7',
        IpPort: '0',
      },
    },
  ],
  [
    'a new process',
    NEW_PROCESS,
    {
      ...SECURITY_BASE,
      EventID: 4688,
      Task: 13312,
      EventData: {
        ...ADMINISTRATOR,
        NewProcessId: '0x1a3c',
        NewProcessName: 'C:\\Windows\\System32\\cmd.exe',
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
    },
  ],
  [
    'user data: its items, as those of other events',
    LOG_CLEARED,
    {
      ...SECURITY_BASE,
      Provider: 'Microsoft-Windows-Eventlog',
      EventID: 1102,
      EventLevel: 4,
      Task: 104,
      Keywords: '0x4020000000000000',
      Version: 0,
      EventData: ADMINISTRATOR,
    },
  ],
  [
    'data without names: a list under their element',
    CLASSIC,
    {
      ...BASE,
      Provider: 'Microsoft-Windows-Security-SPP',
      Channel: 'Application',
      EventID: 900,
      EventLevel: 2,
      EventLevelName: 'Error',
      Task: 0,
      Keywords: '0x80000000000000',
      Version: 0,
      SystemUserId: 'S-1-5-18',
      EventData: { Data: ['\\Device\\Harddisk1\\DR1', '', 'a & b'], Binary: '0F00FF' },
    },
  ],
  [
    'a network connection',
    SYSMON,
    {
      ...SYSMON_BASE,
      EventData: {
        RuleName: '-',
        ProcessId: '9948',
        Image: 'C:\\Windows\\System32\\curl.exe',
        User: 'NT AUTHORITY\\NETWORK SERVICE',
        Initiated: 'true',
        DestinationIp: '203.0.113.9',
        DestinationHostname: '',
        DestinationPort: '443',
      },
    },
  ],
  [
    'names that occur again: a list',
    REPEATED_NAMES,
    { ...SYSMON_BASE, EventData: { Status: ['first', 'second', ''], Data: 'loose' } },
  ],
  ['an event without data', NO_DATA, SYSMON_BASE],
  ['an event with empty data', EMPTY_DATA, { ...SYSMON_BASE, EventData: {} }],
  [
    'an event forwarded with its text',
    RENDERED,
    { ...SYSMON_BASE, SystemUserId: 'S-1-5-21-1-2-3-1001', EventData: { Image: 'x.exe' } },
  ],
  [
    'data that Windows could not read',
    PROCESSING_ERROR,
    {
      ...SYSMON_BASE,
      EventData: { ErrorCode: '15005', DataItemName: 'Image', EventPayload: '00FF' },
    },
  ],
  [
    'white space and markup in names and values',
    AWKWARD_TEXT,
    { ...SYSMON_BASE, EventData: { 'a"b\t<': 'one\r\ntwo\tthree ]]> "\'' } },
  ],
  [
    'nested user data, its attributes included',
    NESTED_USER_DATA,
    {
      ...SYSMON_BASE,
      EventData: {
        '@version': '2',
        Certificate: { '@subjectName': 'CN=a', '#text': '77' },
        Chain: { Element: ['x', { '@Name': 'second', '#text': 'y' }] },
        Empty: '',
      },
    },
  ],
];

for (const [what, sample, row] of expected) {
  test(`the WindowsEvent row of ${what}`, () => {
    for (const [how, record] of readings(sample)) {
      assert.deepEqual(sentRow(STREAM, record), row, how);
    }
  });
}

function eventDataOf(...parts: Parameters<typeof element>): unknown {
  return sentRow(STREAM, recordOf(element('Event', {}, [element(...parts)]))).EventData;
}

test('control characters are carried as they are', () => {
  const value = 'a\u0000b\u001bc\uffffd\r';
  assert.deepEqual(eventDataOf('EventData', {}, [data('x', text(value))]), { x: value });
});

test('names that mean something to JavaScript are names like any other', () => {
  const names = ['__proto__', 'constructor', 'toString', '__proto__'];
  const items = names.map((name, i) => data(name, text(String(i))));
  const row = sentRow(STREAM, recordOf(element('Event', {}, [element('EventData', {}, items)])));
  assert.equal(
    JSON.stringify(row.EventData),
    '{"__proto__":["0","3"],"constructor":"1","toString":"2"}',
  );
});

test('the element of the provider is left out where it is one and holds items', () => {
  const leaf = element('ServiceShutdown');
  assert.deepEqual(eventDataOf('UserData', {}, [leaf]), { ServiceShutdown: '' });
  const two = [element('A', {}, [element('x', {}, text('1'))]), element('B', {}, text('2'))];
  assert.deepEqual(eventDataOf('UserData', {}, two), { A: { x: '1' }, B: '2' });
  assert.deepEqual(eventDataOf('UserData'), {});
});

test('attributes of data and of its element are kept beside the name', () => {
  const item = element('Data', { Name: text('n'), Unit: text('ms') }, text('5'));
  assert.deepEqual(eventDataOf('EventData', { Name: text('SCHEDULED') }, [item]), {
    '@Name': 'SCHEDULED',
    n: { '@Unit': 'ms', '#text': '5' },
  });
  const complex = element('ComplexData', { Name: text('c') }, [element('p', {}, text('q'))]);
  assert.deepEqual(eventDataOf('EventData', {}, [complex]), { c: { p: 'q' } });
});

test('an event that says nothing of itself claims nothing', () => {
  for (const xml of ['<Event/>', '<Event><System/></Event>']) {
    assert.deepEqual(sentRow(STREAM, parseEventXml(xml).events[0]!), {
      Computer: 'collector',
      SourceSystem: 'OpsManager',
    });
  }
});
