import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  type CompileQueryOptions,
  compileEventQuery,
  type EventElement,
  parseEventQuery,
} from '@dcr-agent/schema';
import { data, element, forwarded, text, value } from '../../../support/event-elements.ts';
import { parseEvent } from '../../../support/event-xml.ts';
import { logonEvent } from '../../../support/logon-event.ts';

const NOW = Date.parse('2025-06-09T00:00:00Z');

type Case = readonly [query: string, selected: boolean];

const logonCases: Readonly<Record<string, readonly Case[]>> = {
  'what a query selects': [
    ['*', true],
    ['Event', true],
    ['child::Event', true],
    ['child::*', true],
    ['*[System]', true],
    ['(*)', true],
    ['*/System', true],
    ['Event/System[EventID=4624]', true],
    ['Event/System/EventID', true],
    ['*/System/Provider/@Name', true],
    ['*/UserData', false],
    ['*[System[EventID=4624]] and *[EventData]', true],
    ['*[System[EventID=4624]] and *[UserData]', false],
    ['*[UserData] or *[EventData]', true],
    ['*[UserData] or *[EventData] and *[UserData]', false],
    ['(*[EventData] or *[UserData]) and *[UserData]', false],
    ['*[(System[EventID=1]) or (EventData[Data[@Name="LogonType"]=10])]', true],
    ['*[System[EventID=4624]]\r\n\tand\n*[ System [ Level = 0 ] ]', true],
    ['*[System[EventID=1or EventID=4624and Level=0]]', true],
  ],
  'and, or and parentheses': [
    ['*[System[EventID=4624 or EventID=1 and Level=5]]', true],
    ['*[System[(EventID=4624 or EventID=1) and Level=5]]', false],
    ['*[System[EventID=1 or EventID=2 or EventID=4624]]', true],
    ['*[System[((((EventID=4624))))]]', true],
    ['*[System[EventID=1 or Level=0 or EventID=2]]', true],
  ],
  'names and node tests': [
    ['*[System[EventId=4624]]', false],
    ['*[system[EventID=4624]]', false],
    ['*[System[Provider[@name]]]', false],
    ['*[System[Nothing=1]]', false],
    ['*[System[Nothing!=1]]', false],
    ['*[*[EventID=4624]]', true],
    ['*[*/*=4624]', true],
    ['*[System[*=4624]]', true],
    ['*[System[Provider[@*="Microsoft-Windows-Security-Auditing"]]]', true],
    ['*[System[Provider[attribute::Name]]]', true],
    ['*[child::System[child::EventID=4624]]', true],
    ['*[System/EventID[text()=4624]]', true],
    ['*[System/EventID/text()="4624"]', true],
    ['*[System/EventID/child::text()]', true],
    ['*[System/text()]', false],
    ["*[EventData/Data[@Name='TransmittedServices']/text()]", false],
    ['*[System/EventID/EventID]', false],
    ['*[System/Provider/@Name[System]]', false],
  ],
  existence: [
    ['*[System[Provider[@Name]]]', true],
    ['*[System[Security[@UserID]]]', false],
    ['*[System[Security]]', true],
    ['*[System[Correlation[@ActivityID]]]', false],
    ['*[EventData/Binary]', true],
    ["*[EventData[Data[@Name='TransmittedServices']]]", true],
    ["*[EventData[Data[@Name='TransmittedServices']='']]", true],
    ["*[EventData[Data[@Name='TransmittedServices']!='']]", false],
    ["*[EventData[Data[@Name='Missing']='']]", false],
  ],
  'comparison with several nodes': [
    ["*[EventData[Data='::1']]", true],
    ["*[EventData/Data='::1']", true],
    ["*[EventData/Data='nobody']", false],
    ["*[EventData/Data!='::1']", true],
    ["*[EventData[Data[@Name='LogonType']=10]]", true],
    ["*[EventData[Data[@Name='LogonType']='10']]", true],
    ["*[EventData[Data[@Name='LogonType']!=10]]", false],
    ["*[EventData[Data[@Name='Missing']!=10]]", false],
    ["*[EventData[Data[@Name='LogonType']!='10' or Data[@Name='IpAddress']!='10']]", true],
    ['*[System[EventID[@Qualifiers=16384]=4624]]', true],
    ['*[System[EventID[@Qualifiers=1]=4624]]', false],
    ['*[System[EventID[@Qualifiers=16384]]]', true],
    ['*[System[Provider[@Name!="x" and @Guid!="x"]]]', true],
  ],
  numbers: [
    ['*[System[EventID=4624]]', true],
    ["*[System[EventID='4624']]", true],
    ['*[System[EventID=04624]]', true],
    ['*[System[EventID=4624.0]]', true],
    ['*[System[EventID=4624.]]', true],
    ["*[System[EventID='4.624e3']]", true],
    ["*[System[EventID='0x1210']]", true],
    ['*[System[EventID!=4624]]', false],
    ['*[System[Level<=3]]', true],
    ['*[System[Level<0]]', false],
    ['*[System[Level>=0 and Level<1]]', true],
    ["*[System[Level<='3']]", true],
    ['*[System[EventRecordID=9007199254740993]]', true],
    ['*[System[EventRecordID=9007199254740992]]', false],
    ['*[System[EventRecordID>9007199254740992]]', true],
    ['*[System[EventRecordID<9007199254740993]]', false],
    ["*[EventData[Data[@Name='KeyLength']=-128]]", true],
    ["*[EventData[Data[@Name='KeyLength']<-127]]", true],
    ["*[EventData[Data[@Name='Ratio']=1.5]]", true],
    ["*[EventData[Data[@Name='Ratio']>1]]", true],
    ["*[EventData[Data[@Name='IpAddress']=1]]", false],
    ["*[EventData[Data[@Name='IpAddress']!=1]]", true],
    ["*[EventData[Data[@Name='IpAddress']>1 or Data[@Name='IpAddress']<=1]]", false],
    ["*[EventData[Data[@Name='TransmittedServices']=0]]", false],
  ],
  'hexadecimal values': [
    ["*[System[Keywords='0x8020000000000000']]", true],
    ["*[System[Keywords='0x08020000000000000']]", false],
    ["*[EventData[Data[@Name='SubjectLogonId']='0x3e7']]", true],
    ["*[EventData[Data[@Name='SubjectLogonId']='0x3E7']]", true],
    ["*[EventData[Data[@Name='SubjectLogonId']='0x00000000000003e7']]", true],
    ["*[EventData[Data[@Name='SubjectLogonId']=999]]", true],
    ["*[EventData[Data[@Name='SubjectLogonId']='999']]", true],
    ["*[EventData[Data[@Name='SubjectLogonId']!='0x3E7']]", false],
    ["*[EventData[Data[@Name='SubjectLogonId']<1000]]", true],
    ["*[EventData[Data[@Name='SubjectLogonId']>'0x3e6']]", true],
  ],
  times: [
    ["*[System[TimeCreated[@SystemTime='2025-06-08T07:12:52.1635583Z']]]", true],
    ["*[System[TimeCreated[@SystemTime='2025-06-08T07:12:52.163558300Z']]]", true],
    ["*[System[TimeCreated[@SystemTime='2025-06-08T07:12:52.1635584Z']]]", false],
    ["*[System[TimeCreated[@SystemTime!='2025-06-08T07:12:52.1635584Z']]]", true],
    ["*[System[TimeCreated[@SystemTime>='2025-06-08T07:12:52.163Z']]]", true],
    ["*[System[TimeCreated[@SystemTime<='2025-06-08T07:12:52.163Z']]]", false],
    ["*[System[TimeCreated[@SystemTime>'2025-06-08' and @SystemTime<'2025-06-09']]]", true],
    ["*[System[TimeCreated[@SystemTime>'2025-06-08T09:12:00+02:00']]]", true],
    ["*[System[TimeCreated[@SystemTime<'2025-06-08T09:12:00+02:00']]]", false],
    ["*[EventData[Data[@Name='IpAddress']='2025-06-08T00:00:00Z']]", false],
    ["*[EventData[Data[@Name='IpAddress']!='2025-06-08T00:00:00Z']]", false],
    ["*[EventData[Data[@Name='LoadedAt']='2025-06-08']]", true],
  ],
  'GUIDs and SIDs': [
    ["*[System[Provider[@Guid='{54849625-5478-4994-A5BA-3E3B0328C30D}']]]", true],
    ["*[System[Provider[@Guid='{00000000-5478-4994-a5ba-3e3b0328c30d}']]]", false],
    ["*[System[Provider[@Guid!='{00000000-5478-4994-a5ba-3e3b0328c30d}']]]", true],
    ["*[EventData[Data[@Name='SubjectUserSid']='S-1-5-18']]", true],
    ["*[EventData[Data[@Name='SubjectUserSid']='s-1-05-018']]", true],
    ["*[EventData[Data[@Name='TargetUserSid']!='S-1-5-18']]", true],
    ["*[EventData[Data[@Name='IpAddress']!='S-1-5-18']]", true],
    ["*[EventData[Data[@Name='SubjectUserSid']>'S-1-5-17']]", false],
  ],
  booleans: [
    ["*[EventData[Data[@Name='ElevatedToken']='true']]", true],
    ["*[EventData[Data[@Name='ElevatedToken']='True']]", true],
    ["*[EventData[Data[@Name='ElevatedToken']='false']]", false],
    ["*[EventData[Data[@Name='ElevatedToken']!='false']]", true],
    ["*[EventData[Data[@Name='ElevatedToken']=1]]", true],
    ["*[EventData[Data[@Name='ElevatedToken']='1']]", true],
    ["*[EventData[Data[@Name='ElevatedToken']=0]]", false],
    ["*[EventData[Data[@Name='LogonType']='true']]", false],
  ],
  texts: [
    ["*[EventData[Data[@Name='TargetUserName']='Anna']]", true],
    ["*[EventData[Data[@Name='TargetUserName']='ANNA']]", true],
    ["*[EventData[Data[@Name='TargetUserName']!='anna']]", false],
    ["*[EventData[Data[@Name='TargetUserName']='Ann']]", false],
    ["*[EventData[Data[@Name='LogonProcessName']='Advapi  ']]", true],
    ["*[EventData[Data[@Name='LogonProcessName']='Advapi']]", false],
    ["*[System[Provider[@Name='microsoft-windows-security-auditing']]]", true],
    ["*[EventData[Data[@Name='targetusername']='Anna']]", true],
    ["*[EventData/Binary='00ff10']", true],
    ["*[EventData[Data[@Name='TargetUserName']<'B']]", false],
    ["*[EventData[Data[@Name='TargetUserName']>='A']]", false],
  ],
  band: [
    ['*[System[band(Keywords,9007199254740992)]]', true],
    ['*[System[band(Keywords,4503599627370496)]]', false],
    ['*[System[band(Keywords,13510798882111488)]]', true],
    ['*[System[Band(Keywords, 9007199254740992)]]', true],
    ['*[System[band(Keywords,-9223372036854775808)]]', true],
    ['*[System[band(Keywords,-9214364837600034816)]]', true],
    ['*[System[band(Keywords,9223372036854775807)]]', true],
    ['*[System[band(Keywords,1)]]', false],
    ['*[System[band(Keywords,0)]]', false],
    ['*[System[band(Missing,1)]]', false],
    ['*[System[band(Channel,1)]]', false],
    ['*[band(System/Keywords,9007199254740992)]', true],
    ['*[System[band(EventRecordID,1)]]', true],
    ['*[System[band(EventRecordID,2)]]', false],
    ["*[EventData[band(Data[@Name='KeyLength'],64)]]", false],
    ["*[EventData[band(Data[@Name='KeyLength'],128)]]", true],
    ['*[EventData[band(Data,8)]]', true],
    ['*[System[band(Keywords,9007199254740992)=1]]', true],
    ['*[System[band(Keywords,9007199254740992)=9007199254740992]]', true],
    ['*[System[band(Keywords,9007199254740992)=0]]', false],
    ['*[System[band(Keywords,9007199254740992)>1]]', false],
    ["*[System[band(Keywords,1)='false']]", true],
    ["*[System[band(Keywords,1)!='false']]", false],
    ['*[System[band(Keywords,9007199254740992)>0]]', true],
    ['*[System[band(Keywords,1)>0]]', false],
  ],
  timediff: [
    ['*[System[TimeCreated[timediff(@SystemTime) <= 86400000]]]', true],
    ['*[System[TimeCreated[timediff(@SystemTime) <= 60427836]]]', true],
    ['*[System[TimeCreated[timediff(@SystemTime) = 60427836]]]', true],
    ['*[System[TimeCreated[timediff(@SystemTime) < 60427836]]]', false],
    ["*[System[TimeCreated[timediff(@SystemTime) < '86400000']]]", true],
    ["*[System[TimeCreated[timediff(@SystemTime,'2025-06-08T00:00:00Z') < 0]]]", true],
    ["*[System[TimeCreated[timediff(@SystemTime,'2025-06-08T07:12:53.1635583Z')=1000]]]", true],
    ["*[System[TimeCreated[timediff(@SystemTime,'2025-06-08T07:12:53.1635582Z')=999]]]", true],
    ['*[System[TimeCreated[timediff(@SystemTime,133938403721635583) = 0]]]', true],
    ['*[System[TimeCreated[timediff(@SystemTime,133938403721635582) = -1]]]', true],
    ["*[System[TimeCreated[timediff(@SystemTime,'133938403721645583') = 1]]]", true],
    ['*[System[TimeCreated[timediff(@SystemTime,116444736000000000) < -1749366772163]]]', true],
    ['*[System[timediff(TimeCreated/@SystemTime) > 0]]', true],
    ['*[System[TimeCreated[timediff(@Missing) < 1]]]', false],
    ['*[System[TimeCreated[timediff(@Missing) != 1]]]', false],
    ['*[System[timediff(Channel) != 1]]', false],
    ['*[System[TimeCreated[timediff(@SystemTime)]]]', true],
    ["*[System[TimeCreated[timediff(@SystemTime,'2025-06-08T07:12:52.1635583Z')]]]", false],
  ],
  positions: [
    ["*[EventData/Data[1]='S-1-5-18']", true],
    ["*[EventData[Data[2]='DC1$']]", true],
    ["*[EventData[Data[1]='DC1$']]", false],
    ["*[EventData[Data[position()=2]='DC1$']]", true],
    ["*[EventData[Data[position()<3]='DC1$']]", true],
    ["*[EventData[Data[position()>2]='DC1$']]", false],
    ["*[EventData[Data[position()=1 or position()=2]='DC1$']]", true],
    ["*[EventData[Data[2][@Name='SubjectUserName']]]", true],
    ["*[EventData[Data[@Name='SubjectUserName'][2]]]", false],
    ["*[EventData[Data[@Name='SubjectUserName'][1]]]", true],
    ["*[EventData[Data[@Name!='SubjectUserSid'][1]='DC1$']]", true],
    ["*[EventData[Data[position()=2 and @Name='SubjectUserName']]]", true],
    ['*[EventData[Data[15]]]', false],
    ['*[EventData[Data[14]]]', true],
    ['*[EventData[Data[0]]]', false],
    ['*[EventData[*[15]="00FF10"]]', true],
    ['*[1]', true],
    ['*[2]', false],
    ['*[System/Provider/@*[1]="Microsoft-Windows-Security-Auditing"]', true],
    ['*[System/Provider/@*[2]="Microsoft-Windows-Security-Auditing"]', false],
    ['*[System/EventID/text()[1]=4624]', true],
    ['*[System/EventID/text()[2]]', false],
    ["*[EventData[Data[position()!='x']='DC1$']]", true],
    ["*[EventData[Data[position()='x']='DC1$']]", false],
    ['*[position()]', true],
  ],
};

describe('a stored logon event', () => {
  for (const [topic, cases] of Object.entries(logonCases)) {
    test(topic, () => {
      for (const [query, selected] of cases) check(query, logonEvent, selected);
    });
  }
});

test('the forwarded logon event is selected by the same queries', () => {
  for (const [query, selected] of Object.values(logonCases).flat()) {
    check(query, forwarded(logonEvent), selected);
  }
});

test('UserData is reached through any element name, whatever its namespace', () => {
  const event = parseEvent(
    '<Event><System><EventID>1102</EventID></System><UserData><x:LogFileCleared xmlns:x="urn:x">' +
      '<SubjectUserName>IEUser</SubjectUserName></x:LogFileCleared></UserData></Event>',
  );
  check("*[UserData/*/SubjectUserName='ieuser']", event, true);
  check('*[UserData/LogFileCleared]', event, true);
  check('*[UserData[LogFileCleared[SubjectUserName]]]', event, true);
  check('*[UserData/*/*/SubjectUserName]', event, false);
});

test('the value of an element with children is the text below it', () => {
  const event = element('Event', {}, [
    element('UserData', {}, [
      element('Path', {}, [element('A', {}, text('C:')), element('B', {}, text('\\x'))]),
    ]),
  ]);
  check("*[UserData/Path='C:\\x']", event, true);
  check("*[UserData='C:\\x']", event, true);
  check('*[UserData/Path/text()]', event, false);
});

test('a leaf whose stored text is empty or only a terminator has no text node', () => {
  for (const content of ['', '\0']) {
    const event = element('Event', {}, [element('EventData', {}, [data('X', text(content))])]);
    check('*[EventData/Data]', event, true);
    check("*[EventData/Data='']", event, true);
    check('*[EventData/Data/text()]', event, false);
  }
});

test('unnamed Data elements are found by value and by position', () => {
  const event = element('Event', {}, [
    element('EventData', {}, [
      element('Data', {}, text('10.00.')),
      element('Data', {}, text('19045')),
    ]),
  ]);
  check("*[EventData/Data='10.00.']", event, true);
  check("*[EventData[Data[2]='19045']]", event, true);
  check("*[EventData[Data[1]='19045']]", event, false);
  check('*[EventData/Data>19000]', event, true);
});

test('positions count anew in every parent', () => {
  const event = element('Event', {}, [
    element('UserData', {}, [
      element('A', {}, [element('B', {}, text('1'))]),
      element('A', {}, [element('B', {}, text('2')), element('B', {}, text('3'))]),
    ]),
  ]);
  check("*[UserData/A/B[1]='2']", event, true);
  check("*[UserData/A/B[2]='3']", event, true);
  check("*[UserData/A[2]/B[1]='2']", event, true);
  check('*[UserData/A[1]/B[2]]', event, false);
});

test('a string that only looks like a number equals itself alone when the constant is quoted', () => {
  const event = element('Event', {}, [element('EventData', {}, [data('X', text('007'))])]);
  check("*[EventData[Data[@Name='X']='007']]", event, true);
  check("*[EventData[Data[@Name='X']='7']]", event, false);
  check("*[EventData[Data[@Name='X']!='7']]", event, true);
  check("*[EventData[Data[@Name='X']=7]]", event, true);
});

test('with exact case, texts differ by case and typed values do not', () => {
  const exact = { stringCase: 'exact' } as const;
  check("*[EventData[Data[@Name='TargetUserName']='anna']]", logonEvent, false, exact);
  check("*[EventData[Data[@Name='TargetUserName']='Anna']]", logonEvent, true, exact);
  check("*[EventData[Data[@Name='SubjectLogonId']='0x3E7']]", logonEvent, true, exact);
  check("*[EventData[Data[@Name='SubjectUserSid']='s-1-5-18']]", logonEvent, true, exact);
  check("*[EventData[Data[@Name='ElevatedToken']='TRUE']]", logonEvent, true, exact);
  check("*[EventData/Binary='00ff10']", logonEvent, true, exact);
  const guid = '{54849625-5478-4994-A5BA-3E3B0328C30D}';
  check(`*[System[Provider[@Guid='${guid}']]]`, logonEvent, true, exact);
  check(`*[System[Provider[@Guid='${guid}']]]`, forwarded(logonEvent), true, exact);
});

test('a terminating NUL belongs to no value, wherever it is asked for', () => {
  const event = element('Event', {}, [
    element('System', {}, [
      element('Level', {}, value('string', '4\0')),
      element('Keywords', {}, value('string', '0x1\0')),
      element('TimeCreated', { SystemTime: value('string', '2025-06-08T00:00:00Z\0') }),
    ]),
  ]);
  check('*[System[Level=4 and Level<5]]', event, true);
  check('*[System[band(Keywords,1)]]', event, true);
  check("*[System[TimeCreated[@SystemTime='2025-06-08T00:00:00Z']]]", event, true);
  check('*[System[TimeCreated[timediff(@SystemTime)=86400000]]]', event, true);
});

test('now is given with each event', () => {
  const recent = predicate('*[System[TimeCreated[timediff(@SystemTime) <= 1000]]]');
  const logged = Date.parse('2025-06-08T07:12:52.164Z');
  assert.equal(recent(logonEvent, logged), true);
  assert.equal(recent(logonEvent, logged + 1_000), true);
  assert.equal(recent(logonEvent, logged + 1_001), false);
});

test('a query that was not checked is refused, not guessed', () => {
  const { query } = parseEventQuery('*[System[band(Keywords,1)]]');
  const unchecked = JSON.parse(JSON.stringify(query).replace('"1"', '"1.5"'));
  assert.throws(() => compileEventQuery(unchecked), TypeError);
});

test('the examples of the README hold', () => {
  const readme = readFileSync(
    new URL('../../../../packages/dcr-schema/src/xpath/README.md', import.meta.url),
    'utf8',
  );
  const examples = [...readme.matchAll(/^\| `(.+?)`(?: with now.*)? \| (yes|no) \|$/gm)];
  assert.ok(examples.length >= 10);
  for (const [, query = '', selected] of examples) check(query, logonEvent, selected === 'yes');
});

function check(
  query: string,
  event: EventElement,
  selected: boolean,
  options: CompileQueryOptions = {},
): void {
  assert.equal(predicate(query, options)(event, NOW), selected, query);
}

function predicate(query: string, options: CompileQueryOptions = {}) {
  const parsed = parseEventQuery(query);
  assert.ok(parsed.query, `${query}: ${JSON.stringify(parsed.diagnostics)}`);
  return compileEventQuery(parsed.query, options);
}
