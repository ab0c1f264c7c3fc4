import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explainOutput } from '../../../../../../packages/agent/src/cli/filter/explain/explain-output.ts';
import type { FilterQuery } from '../../../../../../packages/agent/src/cli/filter/filter-query.ts';
import { readStructuredQueries } from '../../../../../../packages/agent/src/cli/filter/structured-queries.ts';
import { readWrittenQuery } from '../../../../../../packages/agent/src/cli/filter/written-query.ts';
import { EventQueries } from '../../../../../../packages/agent/src/eventlog/query/event-queries.ts';
import { decodeFirstChunk } from '../../../../../support/decoded-events.ts';
import { eventXml } from '../../../../../support/evtx-writer/event-xml.ts';
import { type AuthoredEvent, writeEvtx } from '../../../../../support/evtx-writer/evtx-writer.ts';

/** Three logons and a start of a service. */
const LOGONS: readonly AuthoredEvent[] = [
  logon(4624, { TargetUserName: 'anna', LogonType: '3' }),
  logon(4624, { TargetUserName: 'ben', LogonType: '10' }),
  logon(4625, { TargetUserName: 'anna', LogonType: '3' }),
  { xml: eventXml({ eventId: 7036, channel: 'System', data: { param1: 'Spooler' } }) },
];

function logon(eventId: number, data: Readonly<Record<string, string>>): AuthoredEvent {
  return { xml: eventXml({ eventId, channel: 'Security', data }), types: { LogonType: 'uint32' } };
}

function written(text: string): readonly FilterQuery[] {
  return readWrittenQuery({ id: text, place: '', text }, 'ignore').queries;
}

/** The report on queries, without the empty lines. */
function report(queries: readonly FilterQuery[], events = LOGONS): string[] {
  let text = '';
  const output = explainOutput((part) => (text += part), queries, {
    nowMs: 0,
    stringCase: 'ignore',
    fileNow: () => 'a.evtx',
  });
  const conditions = queries.map(({ condition }) => condition);
  const asked = new EventQueries([...conditions, ...output.alsoAsked!]);
  for (const event of events.length === 0 ? [] : decodeFirstChunk(writeEvtx(events)).events) {
    output.event(event, event.selectedBy(asked, 0));
  }
  output.end!();
  return text.split('\n').filter((line) => line !== '');
}

/** The lines below a heading, without what they are indented by. */
function below(lines: readonly string[], heading: RegExp): string[] {
  const from = lines.findIndex((line) => heading.test(line)) + 1;
  assert.ok(from > 0, lines.join('\n'));
  const indent = /^ */.exec(lines[from - 1]!)![0].length;
  const rest = lines.slice(from);
  const end = rest.findIndex((line) => /^ */.exec(line)![0].length <= indent);
  return (end < 0 ? rest : rest.slice(0, end)).map((line) => line.trim());
}

test('each condition is counted alone, and with what stands before it', () => {
  const query =
    "Security!*[System[EventID=4624 or EventID=7036] and EventData[Data[@Name='TargetUserName']='ANNA']]";
  assert.deepEqual(report(written(query)).slice(0, 8), [
    query,
    '  4 events read, 3 in the channel, 1 selected',
    '  alone  left',
    '      3     3  channel Security',
    '      3     2  System[EventID=4624 or EventID=7036]',
    '      2     2    EventID=4624',
    '      1     0    EventID=7036',
    "      2     1  EventData[Data[@Name='TargetUserName']='ANNA']",
  ]);
});

test('the first condition that leaves nothing is marked, and each that no event fulfils', () => {
  const marked = (query: string): string[] =>
    report(written(query)).filter((line) => line.includes('←'));
  assert.deepEqual(marked("*[System[EventID=7036 and Channel='Security' and Level=4]]"), [
    "      3     0  Channel='Security'   ← none is left",
  ]);
  assert.deepEqual(marked('*[System[EventID=1 or EventID=2] and System[Level=9 and Task=0]]'), [
    '      0     0  System[EventID=1 or EventID=2]   ← no event fulfils this',
    '      0     0    Level=9   ← no event fulfils this',
  ]);
  assert.deepEqual(marked('*[System[EventID=4624]]'), []);
});

describe('where nothing is selected, the nearest event tells', () => {
  const nearest = (query: string, events = LOGONS): string[] =>
    below(report(written(query), events), /^ {2}nearest: /);

  test('its values of the conditions it fails', () => {
    const query = "*[System[EventID=4625] and EventData[Data[@Name='LogonType']=10]]";
    const lines = report(written(query));
    assert.ok(lines.includes('  nearest: Test-Provider 4624, EventRecordID 2 in a.evtx'));
    assert.deepEqual(nearest(query), ['System[EventID=4625]: the event has 4624']);
    assert.deepEqual(
      nearest("*[System[EventID=4625] and EventData[Data[@Name='TargetUserName']='carl']]"),
      ["EventData[Data[@Name='TargetUserName']='carl']: the event has 'anna'"],
    );
  });

  test('what it has instead of what is not there', () => {
    const instead = (query: string): string => nearest(query)[0]!.replace(/^[^:]*: /, '');
    const names = 'it has TargetUserName, LogonType';
    assert.equal(instead("*[EventData[Data[@Name='Logon']=1]]"), `no such Data; ${names}`);
    assert.equal(instead("*[EventData[Data[@Name='Logon']]]"), `no such Data; ${names}`);
    assert.equal(instead('*[UserData]'), 'no UserData; it has System, EventData');
    assert.equal(instead('*[System/EventID/@Qualifiers]'), 'no @Qualifiers; there is nothing');
    assert.equal(instead('*[System/Provider/@Guid]'), 'no @Guid; it has @Name');
    assert.equal(instead('*[System/Correlation/text()]'), 'it has no text');
    assert.match(instead('*[EventData/Data[9]=1]'), /^no such Data; it has TargetUserName/);
  });

  test('that it is of another channel, rather than one that fails more', () => {
    assert.deepEqual(nearest('System!*[System[EventID=4625]]'), [
      'channel System: the event is of Security',
    ]);
  });

  test('of alternatives, those it fails least', () => {
    const query =
      '*[System[EventID=4625] and (System[Level=9 and Task=9] or System[Level=9 and Task=0])]';
    assert.deepEqual(nearest(query), ['Level=9: the event has 4']);
  });

  test('that its parts hold of different elements', () => {
    const xml = eventXml().replace(
      '<EventData></EventData>',
      '<UserData><X><A>1</A></X><X><B>2</B></X></UserData>',
    );
    assert.deepEqual(nearest('*[UserData/X[A=1 and B=2]]', [xml]), [
      'UserData/X[A=1 and B=2]: each part holds, but not of the same element',
    ]);
  });

  test('long values by their beginning, and nothing that moves a cursor', () => {
    const instead = (text: string): string =>
      nearest("*[EventData[Data='b']]", [eventXml({ data: { a: text } })])[0]!;
    assert.equal(
      instead('x'.repeat(81)),
      `EventData[Data='b']: the event has '${'x'.repeat(80)}…'`,
    );
    assert.equal(instead('A\u009b31m'), "EventData[Data='b']: the event has 'A\\u009b31m'");
  });
});

describe('how a query is asked', () => {
  const asked = (query: string, events = LOGONS): string[] =>
    below(report(written(query), events), /how they were asked/);

  test('tells stored values by slot and type, EventID first', () => {
    const lines = asked(
      "Security!*[EventData[Data[@Name='LogonType']=3] and System[EventID=4624]]",
    );
    assert.deepEqual(
      lines.map((line) => line.replace(/slot \d+/, 'slot n')),
      [
        '2 events of 2 kinds: ruled out by EventID, channel and template alone',
        '2 events of Test-Provider 4624, in this order:',
        '1. System/EventID = slot n (uint16), looked up',
        '2. System/Channel = slot n (string)',
        "3. EventData/Data[@Name='LogonType'] = slot n of the EventData template (uint32)",
      ],
    );
  });

  test('tells what the template decides, of the kind that is nearest', () => {
    const lines = asked("*[EventData[Data[@Name='Logon']=3] and System[EventID=4624]]");
    assert.equal(lines[0], '4 events of 3 kinds: ruled out by EventID, channel and template alone');
    assert.equal(lines[1], '2 events of Test-Provider 4624, in this order:');
    assert.equal(lines[3], "2. EventData[Data[@Name='Logon']=3]: decided once, never matches");
  });

  test('tells what only the element tree can answer, last and why', () => {
    const lines = asked("*[EventData/Data[1]='anna' and System[Level=4]]");
    assert.match(lines[1]!, /^1\. System\/Level = slot \d+ \(uint8\)$/);
    assert.equal(lines[2], '2. EventData/Data[1]: asked of the element tree, as positions count');
    assert.match(asked("*[EventData='anna3']").join('\n'), /as the text of an element with child/);
    const forwarded = LOGONS.map((event) => ({ ...(event as { xml: string }), isForwarded: true }));
    assert.deepEqual(asked('*[System[Level=4]]', forwarded), [
      '4 events of 3 kinds: written without a template, asked of the element tree',
    ]);
  });

  test('tells templates apart that differ for the same provider and EventID', () => {
    const data = [{ a: '1' }, { b: '1' }, { x: '', a: '1' }, { c: '', b: '1' }];
    const events = data.map((each) => eventXml({ data: each }));
    const titles = (query: string): string[] =>
      asked(query, events).filter((line) => / of Test/.test(line));
    assert.deepEqual(titles("*[EventData[Data[@Name='a']='1']]"), [
      '1 event of Test-Provider 1, in this order:',
      '1 event of Test-Provider 1, in this order:',
    ]);
    // Where they do not differ in what is asked, they are told as one.
    assert.deepEqual(titles('*[System[Version=3]]'), [
      '4 events of Test-Provider 1, in this order:',
    ]);
  });

  test('shows the three most frequent kinds and sums up the others', () => {
    const events = [1, 2, 2, 3, 3, 3, 4, 5].map((eventId) => eventXml({ eventId }));
    const lines = asked('*[System[Level=4 or Version=9]]', events);
    assert.deepEqual(
      lines.filter((line) => /^\d+ events? of/.test(line)),
      [
        '3 events of Test-Provider 3, in this order:',
        '2 events of Test-Provider 2, in this order:',
        '1 event of Test-Provider 1, in this order:',
        '2 events of 2 kinds: asked likewise, of the values they have',
      ],
    );
  });
});

test('of a structured query, each Select and Suppress is explained', () => {
  const { queries } = readStructuredQueries(
    `<QueryList><Query Id="7" Path="Security"><Select>*[System[EventID=4624]]</Select>
      <Suppress>*[EventData[Data='ben']]</Suppress></Query></QueryList>`,
    'list.xml',
    'ignore',
  );
  const lines = report(queries);
  assert.equal(lines[0], 'Query 7: 4 events read, 1 selected');
  assert.deepEqual(
    lines.filter((line) => /^Query 7,|in the channel/.test(line)),
    [
      'Query 7, Select 1: Security!*[System[EventID=4624]]',
      '  4 events read, 3 in the channel, 2 selected',
      "Query 7, Suppress 1: Security!*[EventData[Data='ben']]",
      '  4 events read, 3 in the channel, 1 suppressed',
    ],
  );
});

test('a query of a table is told with its id, and that nothing was read', () => {
  const { queries } = readWrittenQuery(
    { id: 'q1', place: '', text: '*[System]', channel: 'Setup' },
    'ignore',
  );
  assert.deepEqual(report(queries, []), ['q1: Setup!*[System]', '  no event was read']);
});
