import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { queryInWords } from '../../../../../packages/dcr-schema/src/explain/query/query-in-words.ts';
import { corpusOptions } from '../../../../support/corpus.ts';
import { corpusQueries } from '../../../../support/corpus-queries.ts';
import { randomQuery } from '../../../../support/random-events.ts';

const data = (name: string): string => `Data[@Name='${name}']`;

/** Queries of the channel Security with what is said behind the channel. */
const SENTENCES: readonly (readonly [query: string, sentence: string])[] = [
  ['*', 'all events'],
  ['* or *[System[EventID=1]]', 'all events'],
  ['* and *[System[EventID=1]]', 'events with EventID 1'],
  ['*[System[EventID=4624]]', 'events with EventID 4624'],
  ['Event/System[EventID=4624]', 'events with EventID 4624'],
  ['*[System/EventID=4624]', 'events with EventID 4624'],
  ['*[System[(EventID=4624 or EventID=4625)]]', 'events with EventID 4624 or 4625'],
  ['*[System[(EventID=1) or (EventID=2) or (EventID=3)]]', 'events with EventID 1, 2 or 3'],
  ['*[System[EventID>=4624 and EventID<=4634]]', 'events with EventID from 4624 to 4634'],
  [
    '*[System[(EventID>=1 and EventID<=5) or EventID=9 or EventID>100]]',
    'events with EventID from 1 to 5, 9 or more than 100',
  ],
  [
    '*[System[EventRecordID>100 and EventRecordID<200]]',
    'events with EventRecordID from above 100 to below 200',
  ],
  ['*[System[EventID>=1000]]', 'events with EventID at least 1000'],
  ['*[System[EventID<5]]', 'events with EventID less than 5'],
  ['*[System[EventID!=6]]', 'events whose EventID is not 6'],
  ['*[System[EventID!=6 and EventID!=7]]', 'events whose EventID is neither 6 nor 7'],
  [
    '*[System[EventID!=6 and EventID!=7 and EventID!=8]]',
    'events whose EventID is none of 6, 7 and 8',
  ],
  [
    '*[System[EventID!=6 or EventID!=7]]',
    'events either whose EventID is not 6, or whose EventID is not 7',
  ],
  ['*[System[EventID=1 and EventID=2]]', 'events with EventID 1 and with EventID 2'],
  ['*[System[Level=1 or Level=2]]', 'events that are Critical or Error (Level 1 or 2)'],
  ["*[System[Level='3']]", 'events that are Warning (Level 3)'],
  ['*[System[(Level=4 or Level=0)]]', 'events that are Information (Level 4 or 0)'],
  ['*[System[Level=0]]', 'events that are Information (Level 0)'],
  ['*[System[Level=5 or Level=9]]', 'events that are Verbose or level 9 (Level 5 or 9)'],
  ['*[System[Level<=3]]', 'events with Level at most 3 (level 0, Critical, Error and Warning)'],
  ['*[System[Level>=1 and Level<=2]]', 'events with Level from 1 to 2 (Critical and Error)'],
  ['*[System[Level!=4 and Level!=0]]', 'events that are not Information (Level 4 or 0)'],
  ["*[System[Provider[@Name='EMET']]]", 'events from EMET'],
  ["*[System[Provider[@Name='a b' or @Name='EMET']]]", "events from 'a b' or EMET"],
  ["*[System[Provider[@Name!='EMET']]]", 'events not from EMET'],
  ["*[System[Provider[@Name!='EMET' and @Name!='a b']]]", "events from neither EMET nor 'a b'"],
  ["*[System[Provider[@EventSourceName='X']]]", "events whose Provider EventSourceName is 'X'"],
  ["*[System[Provider[@Name='a, or from b']]]", "events from 'a, or from b'"],
  [
    '*[System[band(Keywords,4503599627370496)]]',
    'events with Keywords mask 0x10000000000000 (Audit Failure)',
  ],
  [
    '*[System[band(Keywords,9007199254740992)=1]]',
    'events with Keywords mask 0x20000000000000 (Audit Success)',
  ],
  [
    '*[System[band(Keywords,13510798882111488)]]',
    'events with Keywords mask 0x30000000000000 (Audit Failure or Audit Success)',
  ],
  [
    '*[System[band(Keywords,4503599627370497)]]',
    'events with Keywords mask 0x10000000000001 (Audit Failure or another bit)',
  ],
  [
    '*[System[band(Keywords,-9223372036854775808)]]',
    'events with Keywords mask 0x8000000000000000',
  ],
  ['*[System[band(Keywords,8)=0]]', 'events without Keywords mask 0x8'],
  ["*[System[Keywords='0x8020000000000000']]", 'events with Keywords 0x8020000000000000'],
  [`*[EventData[band(${data('Mask')},3)]]`, 'events whose Mask shares a bit with the mask 0x3'],
  ['*[System[TimeCreated[timediff(@SystemTime) <= 86400000]]]', 'events of the last 24 hours'],
  ['*[System[TimeCreated[timediff(@SystemTime) <= 3600000]]]', 'events of the last hour'],
  ['*[System[TimeCreated[timediff(@SystemTime) <= 604800000]]]', 'events of the last 7 days'],
  [
    '*[System[TimeCreated[timediff(@SystemTime) > 1500]]]',
    'events more than 1500 milliseconds old',
  ],
  [
    "*[System[TimeCreated[timediff(@SystemTime,'2025-06-08') < 60000]]]",
    'events whose TimeCreated SystemTime is less than 1 minute before 2025-06-08',
  ],
  [
    "*[System[TimeCreated[@SystemTime>='2025-06-02T18:00:00Z' and @SystemTime<='2025-06-03T09:00:00Z']]]",
    'events created from 2025-06-02T18:00:00Z to 2025-06-03T09:00:00Z',
  ],
  ["*[System[TimeCreated[@SystemTime<'2017-01-01']]]", 'events created before 2017-01-01'],
  ["*[System[TimeCreated[@SystemTime>='2017-01-01']]]", 'events created since 2017-01-01'],
  [`*[EventData[${data('LogonType')}='10']]`, 'events whose LogonType is 10'],
  [
    `*[System[(EventID=4624 or EventID=4625)] and EventData[${data('LogonType')}=10]]`,
    'events with EventID 4624 or 4625 whose LogonType is 10',
  ],
  [
    `*[System[EventID=4648]] and *[EventData[${data('ProcessName')}='C:\\a b.exe']]`,
    "events with EventID 4648 whose ProcessName is 'C:\\a b.exe'",
  ],
  [
    `*[EventData[${data('A')}=1 or ${data('A')}='x' or ${data('A')}='']]`,
    "events whose A is 1, 'x' or empty",
  ],
  [
    `*[EventData[${data('A')}!='' and ${data('B')}!='S-1-5-18']]`,
    'events whose A is not empty and whose B is not S-1-5-18',
  ],
  [
    `*[EventData[${data('A')}>=1 and ${data('A')}<=5]]`,
    'events whose A is at least 1 and whose A is at most 5',
  ],
  ["*[EventData[Data[@Name='A' or @Name='B']='x']]", "events whose A or B is 'x'"],
  [`*[EventData[${data('Level')}=1]]`, 'events whose EventData Level is 1'],
  [`*[EventData[${data('x y')}="it's"]]`, `events whose 'x y' is "it's"`],
  [`*[EventData[${data('A')}]]`, 'events that have A in EventData'],
  [
    "*[EventData[Data='NTLM' or Data='KDC']]",
    "events that have a Data value that is 'NTLM' or 'KDC'",
  ],
  ["*[EventData[Data[3]='APPCRASH']]", "events whose 3rd Data value is 'APPCRASH'"],
  ["*[EventData[Data[position()=11]!='x']]", "events whose 11th Data value is not 'x'"],
  ['*[EventData[Data[2]]]', 'events that have a 2nd Data value'],
  ['*[EventData/Binary]', 'events that have EventData/Binary'],
  ['*[UserData/LogFileCleared]', 'events that have UserData/LogFileCleared'],
  [
    "*[UserData[LogFileCleared[Channel='System']]]",
    "events whose UserData/LogFileCleared/Channel is 'System'",
  ],
  ["*[UserData/*/Result[@value='0']]", 'events whose UserData/*/Result/@value is 0'],
  ['*[UserData[X[A=1 and B=2]]]', 'events that match `*/UserData/X[A=1 and B=2]`'],
  [
    '*[System[EventID[@Qualifiers=16384]=7036]]',
    'events with EventID 7036 whose EventID Qualifiers is 16384',
  ],
  ["*[System[Security[@UserID='S-1-5-18']]]", 'events whose Security UserID is S-1-5-18'],
  ['*[System[Correlation[@ActivityID]]]', 'events that have Correlation ActivityID'],
  ["*[System[Computer='pc' and Task=0]]", "events with Task 0 whose Computer is 'pc'"],
  ['*[System[Eventlevel=1]]', 'events whose System/Eventlevel is 1'],
  ['*[2]', 'events that match `*[2]`'],
  [
    '*[System[EventID=1 or EventID=2 and Level=4]]',
    'events either with EventID 1, or with EventID 2 that are Information (Level 4)',
  ],
  [
    "*[System[Provider[@Name='A'] and EventID=1000] or System[Provider[@Name='B'] and EventID=1002]]",
    'events either from A with EventID 1000, or from B with EventID 1002',
  ],
  [
    `*[System[EventID=1] and (EventData[${data('P')}='a'] or EventData[${data('U')}='b' or ${data('U')}='c'])]`,
    "events with EventID 1 and either whose P is 'a', or whose U is 'b' or 'c'",
  ],
  [
    '*[System[(EventID=1 or Level=2) and (EventID=3 or Level=4)]]',
    'events that fulfil all of these:\n' +
      '  1. either with EventID 1, or that are Error (Level 2)\n' +
      '  2. either with EventID 3, or that are Information (Level 4)',
  ],
  [
    '*[System[EventID=1 and (Level=2 or (Task=3 and (Opcode=4 or Version=5)))]]',
    'events with EventID 1 that fulfil one of these:\n' +
      '  1. that are Error (Level 2)\n' +
      '  2. with Task 3 and either with Opcode 4, or with Version 5',
  ],
  [
    '*[System[(EventID=1 or Level=2) and (EventID=3 or (Level=4 and (Task=1 or Opcode=2)))]]',
    'events that fulfil all of these:\n' +
      '  1. either with EventID 1, or that are Error (Level 2)\n' +
      '  2. that fulfil one of these:\n' +
      '    2.1. with EventID 3\n' +
      '    2.2. that are Information (Level 4) and either with Task 1, or with Opcode 2',
  ],
];

describe('a query is said in words:', () => {
  for (const [query, sentence] of SENTENCES) {
    test(query, () => assert.equal(queryInWords(`Security!${query}`), `Security: ${sentence}`));
  }
});

test('a channel is said as it is written, without blanks around it', () => {
  assert.equal(queryInWords(' DNS Server !*'), 'DNS Server: all events');
});

test('a query that is refused is given with the reason', () => {
  assert.equal(
    queryInWords('Security!*[System[EventID=]]'),
    "Security!*[System[EventID=]]: refused: ']' stands where '=' needs a constant",
  );
  assert.match(queryInWords('no channel'), /^no channel: refused: the entry does not begin with/);
});

test('what a template leaves open is given as it is', () => {
  for (const entry of ["[parameters('query')]", 'Security!*[System[EventID={{id}}]]']) {
    assert.equal(queryInWords(entry), entry);
  }
});

test('what would end a line of a terminal is written as an escape', () => {
  assert.equal(
    queryInWords("App!*[EventData[Data='a\n\u001b[31m']]"),
    "App: events that have a Data value that is 'a\\u000a\\u001b[31m'",
  );
});

test('every query of the corpus has a sentence of its channel', corpusOptions('xpath'), () => {
  const queries = corpusQueries();
  assert.ok(queries.length > 400);
  for (const { id, channel, text } of queries) {
    const named = channel === '*' ? 'Any' : channel;
    const words = queryInWords(`${named}!${text}`);
    assert.ok(words.startsWith(`${named}: `), id);
    assert.ok(words.includes('events'), `${id}: ${words}`);
    assert.ok(!words.includes('match `'), `no words for ${id}: ${text}`);
  }
});

test('every query that can be parsed, and every text, is answered', () => {
  fc.assert(
    fc.property(randomQuery, (text) => {
      assert.match(queryInWords(`Security!${text}`), /^Security: (all )?events/);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(typeof queryInWords(text), 'string');
    }),
  );
});

test('a query of many values and of deep brackets is said as a whole', () => {
  const ids = Array.from({ length: 20_000 }, (_, i) => `EventID=${i}`).join(' or ');
  assert.ok(queryInWords(`A!*[System[${ids}]]`).endsWith('19998 or 19999'));
  const not = Array.from({ length: 20_000 }, (_, i) => `EventID!=${i}`).join(' and ');
  assert.ok(queryInWords(`A!*[System[${not}]]`).endsWith('19998 and 19999'));
  let deep = 'Level=1';
  for (let i = 0; i < 40; i++) deep = `EventID=${i} and (Task=${i} or (${deep}))`;
  assert.match(queryInWords(`A!*[System[${deep}]]`), /(2\.){30}/);
});
