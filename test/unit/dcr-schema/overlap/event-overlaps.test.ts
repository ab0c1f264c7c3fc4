import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseEventQuery, queryCondition } from '@dcr-agent/schema';
import fc from 'fast-check';
import { parseEventXml } from '../../../../packages/agent/src/eventlog/event-xml-reader.ts';
import { EventQueries } from '../../../../packages/agent/src/eventlog/query/event-queries.ts';
import type { WitnessEvent } from '../../../../packages/dcr-schema/src/overlap/overlap.ts';
import { parseEvent } from '../../../support/event-xml.ts';
import { randomEvent, randomQuery } from '../../../support/random-events.ts';
import { eventRule, NOW, overlapsOf } from './attached-rules.ts';

type Pair = readonly [a: string, b: string, witness: string];

const LOGON = "*[EventData[Data[@Name='LogonType']=10]]";

const certain: readonly Pair[] = [
  ['Security!*', 'Security!*', 'any Security event'],
  ['Security!*', 'SECURITY!*[System[EventID=4624]]', 'Security event 4624'],
  ['Security!Event', 'Security!*[System/EventID=4624]', 'Security event 4624'],
  ['Security!*[System[EventID=4624]]', "Security!*[System[EventID='4624']]", 'Security event 4624'],
  [
    'Security!*[System[(EventID=1 or EventID=4625)]]',
    'Security!*[System[(EventID=4625 or EventID=9)]]',
    'Security event 4625',
  ],
  ['A!*[System[EventID=5]]', 'A!*[System[EventID>=5 and EventID<=6]]', 'A event 5'],
  ['A!*[System[EventID>=5]]', 'A!*[System[EventID<=5]]', 'A event 5'],
  ['A!*[System[EventID!=1]]', 'A!*[System[EventID!=2]]', 'A event 3'],
  ['A!*[System[EventID!=1]]', 'A!*[System[EventID=2]]', 'A event 2'],
  ['A!*[System[EventID>4]] and *[System[EventID<6]]', 'A!*[System[EventID=5]]', 'A event 5'],
  ['System!*[System[Level<=3]]', 'System!*[System[Level=2]]', 'System event with Level 2'],
  [
    'System!*[System[(Level=1 or Level=2)]]',
    'System!*[System[Level=2 and EventID=7]]',
    'System event 7 with Level 2',
  ],
  [
    "System!*[System[Provider[@Name='Disk'] and (EventID=7 or EventID=11)]]",
    "System!*[System/Provider/@Name='disk']",
    'System event 7 from Disk',
  ],
  [
    "System!*[System[Provider[@Name='A' or @Name='B']]]",
    "System!*[System[Provider[@Name='B' or @Name='C']]]",
    'System event from B',
  ],
  [
    'Security!*[System[band(Keywords,9007199254740992)]]',
    'Security!*[System[band(Keywords,13510798882111488)]]',
    'Security event with Keywords 0x8020000000000000',
  ],
  [
    "Security!*[System[Keywords='0x8020000000000000']]",
    'Security!*[System[band(Keywords,9007199254740992)]]',
    'Security event with Keywords 0x8020000000000000',
  ],
  ['A!*[System[band(Keywords,1)=0]]', 'A!*[System[band(Keywords,3)]]', 'A event with Keywords 0x2'],
  [
    'A!*[System[TimeCreated[timediff(@SystemTime) <= 86400000]]]',
    "A!*[System[TimeCreated[@SystemTime>='2026-05-31T12:00:00Z']]]",
    'A event logged at 2026-06-01T00:00:00.0000000Z',
  ],
  [
    "A!*[System[TimeCreated[@SystemTime>'2026-05-31T12:00:00Z']]]",
    "A!*[System[TimeCreated[@SystemTime<='2026-05-31T12:00:00.0000001Z']]]",
    'A event logged at 2026-05-31T12:00:00.0000001Z',
  ],
  [
    // What is still to come will be collected twice when its time has come.
    'A!*[System[TimeCreated[timediff(@SystemTime) <= 86400000]]]',
    "A!*[System[TimeCreated[@SystemTime='2031-01-01T00:00:00Z']]]",
    'A event logged at 2031-01-01T00:00:00.0000000Z',
  ],
  [
    `Security!*[System[EventID=4624]] and ${LOGON}`,
    'Security!*[System[EventID=4624]]',
    'Security event 4624 with LogonType 10',
  ],
  [
    `Security!*[System[EventID=4624]] and ${LOGON}`,
    "Security!*[System[EventID=4624]] and *[EventData[Data[@Name='TargetUserName']!='SYSTEM']]",
    'Security event 4624 with LogonType 10 and TargetUserName',
  ],
  [
    "A!*[EventData[Data[@Name='x']='1' or Data[@Name='y']='2']]",
    "A!*[EventData[Data[@Name='y']!='1' and Data[@Name='y']!='3']]",
    'A event with y 2',
  ],
  ["A!*[EventData/Data='boo']", "A!*[EventData[Data='boo']]", 'A event with a value boo'],
  [
    "A!*[EventData/Data[2]='second']",
    "A!*[EventData[Data[position()=2]='second']]",
    'A event with a value second',
  ],
  [
    "A!*[UserData/EventXML/Param='x y']",
    "A!*[UserData/*[Param='x y']]",
    "A event with Param 'x y'",
  ],
  [
    "A!*[System[Security[@UserID='S-1-5-18']]]",
    "A!*[System[Security/@UserID='s-1-5-18' and EventID=3]]",
    'A event 3 with UserID S-1-5-18',
  ],
  ["A!*[System/Computer='dc1']", 'A!*[System/EventID=3]', 'A event 3 with Computer dc1'],
  ['A!*[System/Channel="A"]', 'a!*[System/EventID=3]', 'A event 3'],
  ['A!*[System[EventID=1]] or *[System[EventID=2]]', 'A!*[System[EventID=2]]', 'A event 2'],
  // What nearly all events of a channel have, says nothing of their kind.
  [
    'System!*[System[(Level=0 or Level=1 or Level=2 or Level=3 or Level=4)]]',
    'System!*[System[EventID=7]]',
    'System event 7 with Level 4',
  ],
  [
    'Security!*[System[(Level=0 or Level=4) and band(Keywords,13510798882111488)]]',
    "Security!*[System[EventID=4634]] and *[EventData[Data[@Name='LogonType']!='3']]",
    'Security event 4634 with Level 0, Keywords 0x8020000000000000 and LogonType 4',
  ],
];

describe('two queries that one event surely fulfils:', () => {
  for (const [a, b, witness] of certain) {
    test(`${a} | ${b}`, () => {
      for (const [first, second] of [
        [a, b],
        [b, a],
      ] as const) {
        const [overlap, ...others] = overlapsOf(eventRule('a', first), eventRule('b', second));
        assert.ok(overlap);
        assert.deepEqual(others, []);
        assert.equal(overlap.code, 'OVERLAP_EVENTS');
        assert.equal(overlap.isCertain, true, overlap.message);
        assertSelected(overlap.event, first, second);
        if (first === a) assert.equal(overlap.witness, witness);
      }
    });
  }
});

const doubtful: readonly Pair[] = [
  [
    'System!*[System[Level<=3]]',
    "System!*[System[Provider[@Name='Service Control Manager'] and EventID=7045]]",
    "System event 7045 from 'Service Control Manager' with Level 3",
  ],
  [
    'System!*[System[EventID=1 and Level=2]]',
    "System!*[System[EventID=1]] and *[EventData[Data[@Name='x']=5]]",
    'System event 1 with Level 2 and x 5',
  ],
  [
    `Security!${LOGON}`,
    'Security!*[System[Level=2]]',
    'Security event with Level 2 and LogonType 10',
  ],
  ['A!*[System[band(Keywords,1)]]', 'A!*[System[band(Keywords,2)]]', 'A event with Keywords 0x3'],
  ["A!*[EventData/Data='2']", "A!*[EventData/Data='3']", 'A event with a value 2 and a value 3'],
  [
    'System!*[System[(Level=1 or Level=2 or Level=3 or Level=4)]]',
    'System!*[System[EventID=7]]',
    'System event 7 with Level 4',
  ],
  [
    'Security!*[System[band(Keywords,4503599627370496)]]',
    'Security!*[System[EventID=4720]]',
    'Security event 4720 with Keywords 0x10000000000000',
  ],
  ['A!*[System[Level<=2]]', 'A!*[System[Level>=2 and EventID=5]]', 'A event 5 with Level 2'],
];

describe('two queries that no event need fulfil together, though one could:', () => {
  for (const [a, b, witness] of doubtful) {
    test(`${a} | ${b}`, () => {
      const [overlap, ...others] = overlapsOf(eventRule('a', a), eventRule('b', b));
      assert.ok(overlap);
      assert.deepEqual(others, []);
      assert.equal(overlap.isCertain, false);
      assert.equal(overlap.witness, witness);
      assert.match(
        overlap.message,
        / may both send .*; whether there is such an event is not known$/,
      );
      assertSelected(overlap.event, a, b);
    });
  }
});

const apart: readonly (readonly [a: string, b: string])[] = [
  ['Security!*', 'System!*'],
  ['Security!*[System[EventID=1]]', 'Security!*[System[EventID=2]]'],
  ['A!*[System[EventID=1]]', 'A!*[System[EventID!=1]]'],
  ['A!*[System[EventID<5]]', 'A!*[System[EventID>=5]]'],
  ['A!*[System[EventID>=5 and EventID<=9]]', 'A!*[System[EventID>=10 and EventID<=19]]'],
  ['A!*[System[EventID>5]]', 'A!*[System[EventID<6]]'],
  ['A!*[System[EventID=65536]]', 'A!*'],
  ['A!*[System[Level>=256]]', 'A!*'],
  ['A!*[System[EventID=1 and EventID=2]]', 'A!*'],
  ['A!*[System[EventId=1]]', 'A!*[System[EventID=1]]'],
  ['A!*[System[NoSuchElement]]', 'A!*'],
  ['A!*[EventID=1]', 'A!*[System[EventID=1]]'],
  ['A!*[Application/Level=2]', 'A!*[System/Level=2]'],
  ["A!*[System[Provider[@Name='P']]]", "A!*[System[Provider[@Name='Q']]]"],
  ["A!*[System[Provider[@Name='P']]]", "A!*[System[Provider[@Name!='p']]]"],
  ['A!*[System[band(Keywords,1)]]', 'A!*[System[band(Keywords,1)=0]]'],
  // An event is a successful audit or a failed one.
  [
    'Security!*[System[band(Keywords,9007199254740992)]]',
    'Security!*[System[band(Keywords,4503599627370496)]]',
  ],
  ['A!*[System/Channel="B"]', 'A!*'],
  [
    'A!*[System[TimeCreated[timediff(@SystemTime) <= 86400000]]]',
    "A!*[System[TimeCreated[@SystemTime<'2026-05-01T00:00:00Z']]]",
  ],
  [
    "A!*[System[TimeCreated[@SystemTime<'2026-05-01T00:00:00Z']]]",
    "A!*[System[TimeCreated[@SystemTime>='2026-05-01T00:00:00Z']]]",
  ],
  // A name stands once among the values of an event, and a position always does.
  ["A!*[EventData[Data[@Name='x']=1]]", "A!*[EventData[Data[@Name='x']=2]]"],
  ["A!*[EventData[Data[@Name='x']=1]]", "A!*[EventData[Data[@Name='X']!=1]]"],
  ["A!*[EventData/Data[1]='x']", "A!*[EventData/Data[1]='y']"],
  // An event has values of one kind.
  ['A!*[EventData/Data=1]', 'A!*[UserData/*]'],
  ['A!*[UserData/First]', 'A!*[UserData/Second]'],
  ["A!*[UserData/*/Param='x']", "A!*[UserData/*/Param='y']"],
  ['A!*[System[Level=1 and EventID=5]]', 'A!*[System[Level=2 and EventID=5]]'],
  ['A!*[System[(EventID=1 or EventID=2) and Level=1]]', 'A!*[System[EventID=2 and Level=2]]'],
  ['A![System[EventID=1]]', 'A!*'],
  ['A!*[System[EventID=', 'A!*'],
  ['no channel', 'A!*'],
];

describe('two queries that no event fulfils, or of which one collects nothing:', () => {
  for (const [a, b] of apart) {
    test(`${a} | ${b}`, () => {
      assert.deepEqual(overlapsOf(eventRule('a', a), eventRule('b', b)), []);
      assert.deepEqual(overlapsOf(eventRule('b', b), eventRule('a', a)), []);
    });
  }
});

/** Asks the reader of XML text, which shares no path through an event with what made it. */
function assertSelected(event: WitnessEvent | undefined, ...entries: readonly string[]): void {
  assert.ok(event);
  const { xml, nowMs } = event;
  const conditions = entries.map((entry) => {
    const { query } = parseEventQuery(entry.slice(entry.indexOf('!') + 1));
    assert.ok(query);
    return queryCondition(query);
  });
  const [read] = parseEventXml(xml).events;
  assert.ok(read, xml);
  const selected = read.selectedBy(new EventQueries(conditions), nowMs);
  assert.deepEqual([...selected], [...entries.keys()], `${entries.join('\n')}\n${xml}`);
}

test('what is reported of random queries, both select', (t) => {
  let reported = 0;
  fc.assert(
    fc.property(randomQuery, randomQuery, (a, b) => {
      const entries = [`Security!${a}`, `Security!${b}`] as const;
      for (const { event } of overlapsOf(eventRule('a', entries[0]), eventRule('b', entries[1]))) {
        assertSelected(event, ...entries);
        reported++;
      }
    }),
    { numRuns: 1500 },
  );
  t.diagnostic(`${reported} reported`);
  assert.ok(reported > 150);
});

const OPERATORS = ['=', '!=', '<', '<=', '>', '>='];
const systemCondition = fc.oneof(
  comparison(['EventID'], ['1', '3', '10', '4624', "'10'"]),
  comparison(['Level'], ['0', '1', '2', '3', '4', '5']),
  comparison(['TimeCreated/@SystemTime'], ["'2025-06-08T07:12:52.1635583Z'", "'2025-06-08'"]),
  fc.constantFrom(
    "Provider[@Name='Test-Provider']",
    "Provider/@Name!='Other'",
    "Provider[@Name='Other' or @Name='TEST-PROVIDER']",
    'band(Keywords,9007199254740992)',
    'band(Keywords,1)',
    'band(Keywords,1)=0',
    "Keywords='0x8020000000000000'",
    'TimeCreated[timediff(@SystemTime) <= 86400000]',
    'TimeCreated[timediff(@SystemTime) > 86400000]',
    "Security[@UserID='S-1-5-18']",
    "Security/@UserID!='S-1-5-18'",
  ),
);
const dataCondition = fc.oneof(
  comparison(["Data[@Name='Count']"], ['0', '1', '10', "'4624'", '65535']),
  fc.constantFrom(
    "Data[@Name='Flag']='true'",
    "Data[@Name='Flag']!='true'",
    "Data[@Name='Text']='Anna'",
    "Data[@Name='Text']!='-'",
    "Data[@Name='Owner']='S-1-5-18' or Data[@Name='Text']='anna'",
    "band(Data[@Name='Mask'],1)",
    "Data[@Name='Other']",
    "Data='S-1-5-18'",
    'Data',
  ),
);

function comparison(paths: readonly string[], constants: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...paths), fc.constantFrom(...OPERATORS), fc.constantFrom(...constants))
    .filter(([path, operator, constant]) => {
      return !constant.startsWith("'") || path.includes('Time') || /^!?=$/.test(operator);
    })
    .map((parts) => parts.join(''));
}

function joined(condition: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(condition, fc.constantFrom(' and ', ' or ')), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.map(([text, by], i) => `${i === 0 ? '' : by}(${text})`).join(''));
}

const simpleQuery = fc.oneof(
  joined(systemCondition).map((inside) => `*[System[${inside}]]`),
  joined(dataCondition).map((inside) => `*[EventData[${inside}]]`),
  fc
    .tuple(joined(systemCondition), joined(dataCondition))
    .map(([system, data]) => `*[System[${system}]] and *[EventData[${data}]]`),
);

test('two queries that select one random event are reported', (t) => {
  let selected = 0;
  fc.assert(
    fc.property(
      simpleQuery,
      simpleQuery,
      fc.array(randomEvent, { minLength: 8, maxLength: 8 }),
      (a, b, events) => {
        const queries = [a, b].map((text) => {
          const { query } = parseEventQuery(text);
          assert.ok(query, text);
          return queryCondition(query);
        });
        const asked = new EventQueries(queries);
        const both = events.find((xml) => asked.ofElement(parseEvent(xml), NOW).length === 2);
        if (both === undefined) return;
        selected++;
        const channel = /<Channel>(.*?)</.exec(both)?.[1];
        const rules = [eventRule('a', `${channel}!${a}`), eventRule('b', `${channel}!${b}`)];
        assert.equal(overlapsOf(...rules).length, 1, `${a}\n${b}\n${both}`);
      },
    ),
    { numRuns: 1500 },
  );
  t.diagnostic(`${selected} pairs select one event`);
  assert.ok(selected > 300);
});
