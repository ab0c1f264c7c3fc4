/** Events as tests of rows write them, read in each of the ways they reach the agent. */
import type { EventElement } from '@dcr-agent/schema';
import { parseEventXml } from '../../../../../packages/agent/src/eventlog/event-xml-reader.ts';
import type { WindowsEventRecord } from '../../../../../packages/agent/src/eventlog/windows-event-record.ts';
import type { RowContext } from '../../../../../packages/agent/src/pipeline/record-stage.ts';
import { windowsEventStage } from '../../../../../packages/agent/src/pipeline/windows-event/windows-event-stage.ts';
import { roundTrip } from '../../../../support/decoded-events.ts';
import type { DataTypes } from '../../../../support/evtx-writer/authored-event.ts';
import { rowOf } from '../../../../support/rows.ts';

export const CONTEXT: RowContext = {
  computer: 'collector',
  hostIp: '10.0.0.4',
  agentId: '5b0f3a1e-6d0c-4a0e-8a53-2f6f0c9d1e77',
};

export interface SampleEvent {
  /** Elements of `System`; those that are not given are as in `SYSTEM`. */
  readonly system?: Readonly<Record<string, string>>;
  /** What stands behind `System`. */
  readonly data?: string;
  readonly types?: DataTypes;
}

const SYSTEM: Readonly<Record<string, string>> = {
  Provider:
    '<Provider Name="Microsoft-Windows-Security-Auditing" Guid="{54849625-5478-4994-a5ba-3e3b0328c30d}"/>',
  EventID: '<EventID>4624</EventID>',
  Version: '<Version>2</Version>',
  Level: '<Level>0</Level>',
  Task: '<Task>12544</Task>',
  Opcode: '<Opcode>0</Opcode>',
  Keywords: '<Keywords>0x8020000000000000</Keywords>',
  TimeCreated: '<TimeCreated SystemTime="2026-11-20T06:14:30.8312678Z"/>',
  EventRecordID: '<EventRecordID>9007199254740993</EventRecordID>',
  Correlation: '<Correlation ActivityID="{0bac80a3-869f-0002-8d81-ac0b9f86d901}"/>',
  Execution: '<Execution ProcessID="700" ThreadID="1203"/>',
  Channel: '<Channel>Security</Channel>',
  Computer: '<Computer>web01.contoso.example</Computer>',
  Security: '<Security/>',
};

export function eventXml({ system = {}, data = '' }: SampleEvent): string {
  const fields = Object.values({ ...SYSTEM, ...system }).join('');
  const namespace = 'http://schemas.microsoft.com/win/2004/08/events/event';
  return `<Event xmlns="${namespace}"><System>${fields}</System>${data}</Event>`;
}

/** The event as a typed tree, and twice as one that knows strings only. */
export function readings(sample: SampleEvent): Map<string, WindowsEventRecord> {
  const xml = eventXml(sample);
  return new Map<string, WindowsEventRecord>([
    ['stored with a template', roundTrip({ xml, types: sample.types ?? {} })],
    ['forwarded, stored without one', roundTrip({ xml, isForwarded: true })],
    ['event XML', parseEventXml(xml).events[0]!],
  ]);
}

/** The row as it is sent. */
export function sentRow(stream: string, record: WindowsEventRecord): Record<string, unknown> {
  const flow = { id: 'f', stream, destinations: ['d'], queries: ['*'] };
  const report = (): never => {
    throw new Error('the query was refused');
  };
  return rowOf(windowsEventStage(flow, CONTEXT, report), 'ods', record);
}

export function recordOf(event: EventElement): WindowsEventRecord {
  const selectedBy: WindowsEventRecord['selectedBy'] = (queries, nowMs) =>
    queries.ofElement(event, nowMs);
  const eventRecordId = (): undefined => undefined;
  return { event, isSalvaged: false, selectedBy, eventRecordId, xml: () => '' };
}

/** `<EventData>` of named values. */
export function eventData(values: Readonly<Record<string, string>>): string {
  const items = Object.entries(values).map(([name, text]) =>
    text === '' ? `<Data Name="${name}"/>` : `<Data Name="${name}">${text}</Data>`,
  );
  return `<EventData>${items.join('')}</EventData>`;
}

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

const SECURITY_TYPES: DataTypes = {
  SubjectUserSid: 'sid',
  TargetUserSid: 'sid',
  SubjectLogonId: 'hex64',
  TargetLogonId: 'hex64',
  LogonType: 'uint32',
  KeyLength: 'uint32',
  LogonGuid: 'guid',
  Status: 'hex32',
  SubStatus: 'hex32',
  ProcessId: 'hex64',
  NewProcessId: 'hex64',
};

export const LOGON: SampleEvent = {
  types: SECURITY_TYPES,
  data: eventData({
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
  }),
};

export const FAILED_LOGON: SampleEvent = {
  system: {
    EventID: '<EventID>4625</EventID>',
    Version: '<Version>0</Version>',
    Keywords: '<Keywords>0x8010000000000000</Keywords>',
  },
  types: SECURITY_TYPES,
  data: eventData({
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
  }),
};

export const NEW_PROCESS: SampleEvent = {
  system: { EventID: '<EventID>4688</EventID>', Task: '<Task>13312</Task>' },
  types: SECURITY_TYPES,
  data: eventData({
    ...ADMINISTRATOR,
    NewProcessId: '0x1a3c',
    NewProcessName: 'C:\\Windows\\System32\\cmd.exe',
    TokenElevationType: '%%1936',
    ProcessId: '0x4d8',
    CommandLine: 'cmd /c "whoami &amp; net user &lt;x&gt;"',
    TargetUserSid: 'S-1-0-0',
    TargetUserName: 'anna',
    TargetDomainName: 'CONTOSO',
    TargetLogonId: '0x0',
    ParentProcessName: 'C:\\Windows\\explorer.exe',
    MandatoryLabel: 'S-1-16-12288',
  }),
};

export const LOG_CLEARED: SampleEvent = {
  system: {
    Provider:
      '<Provider Name="Microsoft-Windows-Eventlog" Guid="{fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148}"/>',
    EventID: '<EventID>1102</EventID>',
    Version: '<Version>0</Version>',
    Level: '<Level>4</Level>',
    Task: '<Task>104</Task>',
    Keywords: '<Keywords>0x4020000000000000</Keywords>',
  },
  types: SECURITY_TYPES,
  data: [
    '<UserData><LogFileCleared xmlns="http://manifests.microsoft.com/win/2004/08/windows/eventlog">',
    ...Object.entries(ADMINISTRATOR).map(([name, text]) => `<${name}>${text}</${name}>`),
    '</LogFileCleared></UserData>',
  ].join(''),
};

/** A provider of the classic kind: values without names, bytes, some of them missing. */
export const CLASSIC: SampleEvent = {
  system: {
    Provider:
      '<Provider Name="Microsoft-Windows-Security-SPP" Guid="{e23b33b0-c8c9-472c-a5f9-f2bdfea0f156}" EventSourceName="Software Protection Platform Service"/>',
    EventID: '<EventID Qualifiers="49156">900</EventID>',
    Version: '<Version>0</Version>',
    Level: '<Level>2</Level>',
    Task: '<Task>0</Task>',
    Keywords: '<Keywords>0x80000000000000</Keywords>',
    Correlation: '<Correlation/>',
    Channel: '<Channel>Application</Channel>',
    Security: '<Security UserID="S-1-5-18"/>',
  },
  types: { Binary: 'binary' },
  data: '<EventData><Data>\\Device\\Harddisk1\\DR1</Data><Data></Data><Data>a &amp; b</Data><Binary>0F00FF</Binary></EventData>',
};

export const SYSMON: SampleEvent = {
  system: {
    Provider:
      '<Provider Name="Microsoft-Windows-Sysmon" Guid="{5770385f-c22a-43e0-bf4c-06f5698ffbd9}"/>',
    EventID: '<EventID>3</EventID>',
    Version: '<Version>5</Version>',
    Level: '<Level>4</Level>',
    Task: '<Task>3</Task>',
    Keywords: '<Keywords>0x8000000000000000</Keywords>',
    Correlation: '<Correlation/>',
    Channel: '<Channel>Microsoft-Windows-Sysmon/Operational</Channel>',
    Security: '<Security UserID="S-1-5-19"/>',
  },
  types: { ProcessId: 'uint32', Initiated: 'boolean', DestinationPort: 'uint16' },
  data: eventData({
    RuleName: '-',
    ProcessId: '9948',
    Image: 'C:\\Windows\\System32\\curl.exe',
    User: 'NT AUTHORITY\\NETWORK SERVICE',
    Initiated: 'true',
    DestinationIp: '203.0.113.9',
    DestinationHostname: '',
    DestinationPort: '443',
  }),
};

export const REPEATED_NAMES: SampleEvent = {
  ...SYSMON,
  types: {},
  data: '<EventData><Data Name="Status">first</Data><Data Name="Status">second</Data><Data Name="Status"></Data><Data>loose</Data></EventData>',
};

export const NO_DATA: SampleEvent = { ...SYSMON, types: {}, data: '' };

export const EMPTY_DATA: SampleEvent = { ...SYSMON, types: {}, data: '<EventData/>' };

/** As a collector delivers it when it asks for rendered text; times then have nine digits. */
export const RENDERED: SampleEvent = {
  ...SYSMON,
  system: {
    ...SYSMON.system,
    TimeCreated: '<TimeCreated SystemTime="2026-11-20T06:14:30.831267899Z"/>',
    Security: '<Security UserID="S-1-5-21-1-2-3-1001"/>',
  },
  types: {},
  data: [
    '<EventData><Data Name="Image">x.exe</Data></EventData>',
    '<RenderingInfo Culture="de-DE"><Message>Netzwerkverbindung erkannt:&#13;\nBild: x.exe</Message>',
    '<Level>Informationen</Level><Keywords><Keyword>eins</Keyword></Keywords></RenderingInfo>',
  ].join(''),
};

/** White space and markup in names and values. */
export const AWKWARD_TEXT: SampleEvent = {
  ...SYSMON,
  types: {},
  data: '<EventData><Data Name="a&quot;b&#9;&lt;">one&#13;\ntwo&#9;three ]]&gt; "\'</Data></EventData>',
};

export const PROCESSING_ERROR: SampleEvent = {
  ...SYSMON,
  types: {},
  data: '<ProcessingErrorData><ErrorCode>15005</ErrorCode><DataItemName>Image</DataItemName><EventPayload>00FF</EventPayload></ProcessingErrorData>',
};

/** User data with attributes, nesting, a list and elements of one name. */
export const NESTED_USER_DATA: SampleEvent = {
  ...SYSMON,
  types: {},
  data: [
    '<UserData><CertGetCertificateChain version="2"><Certificate subjectName="CN=a">77</Certificate>',
    '<Chain><Element>x</Element><Element Name="second">y</Element></Chain><Empty/>',
    '</CertGetCertificateChain></UserData>',
  ].join(''),
};
