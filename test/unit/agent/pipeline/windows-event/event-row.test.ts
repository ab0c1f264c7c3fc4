import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEventXml } from '../../../../../packages/agent/src/eventlog/event-xml-reader.ts';
import { data, element, text } from '../../../../support/event-elements.ts';
import {
  AWKWARD_TEXT,
  CLASSIC,
  CONTEXT,
  EMPTY_DATA,
  eventXml,
  FAILED_LOGON,
  LOG_CLEARED,
  LOGON,
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

const STREAM = 'GENERIC_EVENT_BLOB';
const TIME = '2026-11-20T06:14:30.8312678Z';

/** What every sample has in common; `EventData` is given without its wrapper. */
const BASE = {
  TimeGenerated: TIME,
  Computer: 'web01.contoso.example',
  SourceSystem: 'OpsManager',
};

const SECURITY_BASE = {
  ...BASE,
  Source: 'Microsoft-Windows-Security-Auditing',
  EventLog: 'Security',
  EventLevel: 0,
  EventLevelName: 'Information',
  UserName: 'N/A',
};

const SYSMON_BASE = {
  ...BASE,
  Source: 'Microsoft-Windows-Sysmon',
  EventLog: 'Microsoft-Windows-Sysmon/Operational',
  EventID: 3,
  EventLevel: 4,
  EventLevelName: 'Information',
  EventCategory: 3,
  UserName: 'NT AUTHORITY\\LOCAL SERVICE',
};

function dataItem(content: string, time = TIME): string {
  return `<DataItem Type="System.XmlData" time="${time}" sourceHealthServiceId="${CONTEXT.agentId}">${content}</DataItem>`;
}

function withNamespace(name: string, items: string): string {
  return `<${name} xmlns="http://schemas.microsoft.com/win/2004/08/events/event">${items}</${name}>`;
}

/** The items of a sample's `EventData`, which stand in the row as they are. */
function itemsOf({ data = '' }: SampleEvent): string {
  return data.replace(/^<EventData>|<\/EventData>$/g, '');
}

function params(...values: string[]): string {
  return values.map((value) => `<Param>${value}</Param>`).join('');
}

const expected: readonly (readonly [what: string, SampleEvent, object])[] = [
  [
    'a logon',
    LOGON,
    {
      ...SECURITY_BASE,
      EventID: 4624,
      EventCategory: 12544,
      ParameterXml: params(
        'S-1-0-0',
        '-',
        '-',
        '0x0',
        'S-1-5-21-1004336348-1177238915-682003330-1104',
        'anna',
        'CONTOSO',
        '0x2f0aa',
        '10',
        'User32 ',
        'Negotiate',
        'ws-17',
        '{00000000-0000-0000-0000-00000000abcd}',
        '-',
        '-',
        '0',
        '0x2bc',
        'C:\\Windows\\System32\\svchost.exe',
        '203.0.113.24',
        '50211',
        '%%1833',
      ),
      EventData: dataItem(withNamespace('EventData', itemsOf(LOGON))),
    },
  ],
  [
    'a failed logon',
    FAILED_LOGON,
    {
      ...SECURITY_BASE,
      EventID: 4625,
      EventCategory: 12544,
      ParameterXml:
        params('S-1-0-0', '-', '-', '0x0', 'S-1-0-0', 'WEB02$', '', '0xc000006d', '%%2313') +
        params('0xc000006a', '3', 'kali', '0', '0x0', '-', '198.51.100.7', '0'),
      EventData: dataItem(withNamespace('EventData', itemsOf(FAILED_LOGON))),
    },
  ],
  [
    'a new process',
    NEW_PROCESS,
    {
      ...SECURITY_BASE,
      EventID: 4688,
      EventCategory: 13312,
      ParameterXml:
        params('S-1-5-21-1004336348-1177238915-682003330-500', 'administrator', 'CONTOSO') +
        params('0x40c65', '0x1a3c', 'C:\\Windows\\System32\\cmd.exe', '%%1936', '0x4d8') +
        params('cmd /c "whoami &amp; net user &lt;x&gt;"', 'S-1-0-0', 'anna', 'CONTOSO', '0x0') +
        params('C:\\Windows\\explorer.exe', 'S-1-16-12288'),
      EventData: dataItem(withNamespace('EventData', itemsOf(NEW_PROCESS))),
    },
  ],
  [
    'user data, under its own name and without parameters',
    LOG_CLEARED,
    {
      ...SECURITY_BASE,
      Source: 'Microsoft-Windows-Eventlog',
      EventID: 1102,
      EventLevel: 4,
      EventCategory: 104,
      EventData: dataItem(
        withNamespace(
          'UserData',
          '<LogFileCleared><SubjectUserSid>S-1-5-21-1004336348-1177238915-682003330-500</SubjectUserSid><SubjectUserName>administrator</SubjectUserName><SubjectDomainName>CONTOSO</SubjectDomainName><SubjectLogonId>0x40c65</SubjectLogonId></LogFileCleared>',
        ),
      ),
    },
  ],
  [
    'a classic provider, by the name of its source',
    CLASSIC,
    {
      ...BASE,
      Source: 'Software Protection Platform Service',
      EventLog: 'Application',
      EventID: 900,
      EventLevel: 2,
      EventLevelName: 'Error',
      EventCategory: 0,
      UserName: 'NT AUTHORITY\\SYSTEM',
      ParameterXml: params('\\Device\\Harddisk1\\DR1', '', 'a &amp; b'),
      EventData: dataItem(
        withNamespace(
          'EventData',
          '<Data>\\Device\\Harddisk1\\DR1</Data><Data/><Data>a &amp; b</Data><Binary>0F00FF</Binary>',
        ),
      ),
    },
  ],
  [
    'an event whose parameters are counted, empty ones included',
    SYSMON,
    {
      ...SYSMON_BASE,
      ParameterXml:
        params('-', '9948', 'C:\\Windows\\System32\\curl.exe', 'NT AUTHORITY\\NETWORK SERVICE') +
        params('true', '203.0.113.9', '', '443'),
      EventData: dataItem(withNamespace('EventData', itemsOf(SYSMON))),
    },
  ],
  [
    'names that occur again',
    REPEATED_NAMES,
    {
      ...SYSMON_BASE,
      ParameterXml: params('first', 'second', '', 'loose'),
      EventData: dataItem(
        withNamespace(
          'EventData',
          '<Data Name="Status">first</Data><Data Name="Status">second</Data><Data Name="Status"/><Data>loose</Data>',
        ),
      ),
    },
  ],
  ['an event without data', NO_DATA, SYSMON_BASE],
  [
    'an event with empty data',
    EMPTY_DATA,
    {
      ...SYSMON_BASE,
      EventData: dataItem(
        '<EventData xmlns="http://schemas.microsoft.com/win/2004/08/events/event"/>',
      ),
    },
  ],
  [
    'an event forwarded with its text; its time is cut to 100 ns, an unknown SID stays',
    RENDERED,
    {
      ...SYSMON_BASE,
      UserName: 'S-1-5-21-1-2-3-1001',
      RenderedDescription: 'Netzwerkverbindung erkannt:\r\nBild: x.exe',
      ParameterXml: params('x.exe'),
      EventData: dataItem(withNamespace('EventData', '<Data Name="Image">x.exe</Data>')),
    },
  ],
  [
    'data that Windows could not read',
    PROCESSING_ERROR,
    {
      ...SYSMON_BASE,
      EventData: dataItem(
        withNamespace(
          'ProcessingErrorData',
          '<ErrorCode>15005</ErrorCode><DataItemName>Image</DataItemName><EventPayload>00FF</EventPayload>',
        ),
      ),
    },
  ],
  [
    'white space and markup in names and values',
    AWKWARD_TEXT,
    {
      ...SYSMON_BASE,
      ParameterXml: params('one&#13;\ntwo\tthree ]]&gt; "\''),
      EventData: dataItem(
        withNamespace(
          'EventData',
          '<Data Name="a&quot;b&#9;&lt;">one&#13;\ntwo\tthree ]]&gt; "\'</Data>',
        ),
      ),
    },
  ],
];

for (const [what, sample, row] of expected) {
  test(`the Event row of ${what}`, () => {
    for (const [how, record] of readings(sample)) {
      assert.deepEqual(sentRow(STREAM, record), row, how);
    }
  });
}

test('control characters become U+FFFD, so that the XML stays readable', () => {
  const event = element('Event', {}, [
    element('EventData', {}, [data('Na\u0001me', text('a\u0000b\u001bc\uffffd\r'))]),
  ]);
  const row = sentRow(STREAM, recordOf(event));
  assert.equal(row.ParameterXml, '<Param>a\ufffdb\ufffdc\ufffdd&#13;</Param>');
  assert.match(
    String(row.EventData),
    /<Data Name="Na\ufffdme">a\ufffdb\ufffdc\ufffdd&#13;<\/Data>/,
  );
});

test('an event that says nothing of itself claims nothing but who collected it', () => {
  const bare = { UserName: 'N/A', Computer: 'collector', SourceSystem: 'OpsManager' };
  for (const xml of ['<Event/>', '<Event><System/></Event>']) {
    assert.deepEqual(sentRow(STREAM, parseEventXml(xml).events[0]!), bare);
  }
  const noTime = eventXml({ ...EMPTY_DATA, system: { TimeCreated: '<TimeCreated/>' } });
  const row = sentRow(STREAM, parseEventXml(noTime).events[0]!);
  assert.equal(row.TimeGenerated, undefined);
  assert.match(String(row.EventData), /^<DataItem Type="System.XmlData" sourceHealthServiceId=/);
});
