import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileEventQuery, parseEventQuery, type QueryDiagnostic } from '@dcr-agent/schema';
import fc from 'fast-check';
import { element, value } from '../../../support/event-elements.ts';

function contradictionsIn(text: string): QueryDiagnostic[] {
  const { query, diagnostics } = parseEventQuery(text);
  assert.ok(query, JSON.stringify(diagnostics));
  return diagnostics.filter(({ code }) => code === 'XPATH_NEVER_TRUE');
}

type Warned = readonly [query: string, at: string, message: RegExp, hint: RegExp];

const warned: Readonly<Record<string, readonly Warned[]>> = {
  'two conditions on one value': [
    ['*[System[EventID=1 and EventID=2]]', 'EventID=2', /EventID=2 .* EventID=1$/, /'or'/],
    ["*[System[EventID='1' and EventID=2]]", 'EventID=2', /EventID='1'$/, /one EventID/],
    ['*[System[EventID=1 and EventID!=1]]', 'EventID!=1', /EventID=1$/, /'or'/],
    ['*[System[EventID < 5150 and EventID > 5159]]', 'EventID > 5159', /EventID<5150$/, /'or'/],
    ['*[System[EventID>=10 and EventID<=5]]', 'EventID<=5', /EventID>=10$/, /in between/],
    ['*[System[EventID>5 and EventID<6]]', 'EventID<6', /EventID>5$/, /in between/],
    ['*[System[Execution[@ProcessID=4 and @ProcessID=8]]]', '@ProcessID=8', /=4$/, /one Exec/],
    ["*[System[Keywords='0x10' and Keywords=17]]", 'Keywords=17', /Keywords='0x10'$/, /'or'/],
    [
      '*[System[EventRecordID>18446744073709551614 and EventRecordID!=18446744073709551615]]',
      'EventRecordID!=',
      /EventRecordID>18446744073709551614$/,
      /'or'/,
    ],
  ],
  'three conditions that leave nothing only together': [
    [
      '*[System[EventID>5 and EventID!=6 and EventID<7]]',
      'EventID<7',
      /EventID<7 .* EventID>5 and EventID!=6$/,
      /in between/,
    ],
  ],
  'a value that is never there': [
    ['*[System[EventID=4624.5]]', 'EventID=4624.5', /EventID=4624.5$/, /from 0 to 65535/],
    ['*[System[EventID<0]]', 'EventID<0', /EventID<0$/, /from 0 to 65535/],
    ['*[System[EventID>=65536]]', 'EventID', /EventID>=65536$/, /from 0 to 65535/],
    ['*[System[Task=65536]]', 'Task', /Task=65536$/, /from 0 to 65535/],
    ['*[System[Level=256]]', 'Level=256', /Level=256$/, /from 0 to 255/],
    ['*[System[Opcode=256 or Version>0]]', 'Opcode', /Opcode=256$/, /from 0 to 255/],
    ["*[System[Level='Error']]", 'Level', /Level='Error'$/, /from 0 to 255/],
    ['*[System[Level="it\'s"]]', 'Level', /Level="it's"$/, /from 0 to 255/],
    ["*[System[Keywords='Audit Failure']]", 'Keywords', /'Audit Failure'$/, /0x8020/],
    ['*[System[EventRecordID>18446744073709551615]]', 'EventRecordID', /615$/, /from 0 on/],
  ],
  times: [
    [
      "*[System[TimeCreated[@SystemTime>='2025-02-01' and @SystemTime<'2025-01-01']]]",
      "@SystemTime<'2025-01-01'",
      /@SystemTime>='2025-02-01'$/,
      /in between/,
    ],
    [
      "*[System/TimeCreated/@SystemTime='2025-01-01T01:00:00+01:00' and " +
        "System/TimeCreated/@SystemTime!='2025-01-01']",
      "@SystemTime!='2025-01-01'",
      /=/,
      /one TimeCreated\/@SystemTime/,
    ],
    [
      "*[System/TimeCreated[@SystemTime>'2025-01-01T00:00:00.0000001Z' and " +
        "@SystemTime<'2025-01-01T00:00:00.0000002Z']]",
      '@SystemTime<',
      /0002Z' cannot/,
      /in between/,
    ],
  ],
  texts: [
    ["*[System[Computer='a' and Computer='b']]", "Computer='b'", /Computer='a'$/, /'or'/],
    ["*[System[Computer='a' and Computer!='A']]", "Computer!='A'", /Computer='a'$/, /'or'/],
    ["*[System[Provider[@Name='a' and @Name='b']]]", "@Name='b'", /@Name='a'$/, /one Provider/],
    ["*[System[Provider[@Name='a'] and Provider[@Name='b']]]", "@Name='b'", /='a'$/, /'or'/],
    [
      "*[System/Security[@UserID='S-1-5-18' and @UserID='S-1-5-19']]",
      "@UserID='S-1-5-19'",
      /S-1-5-18'$/,
      /'or'/,
    ],
  ],
  'alternatives that all fail': [
    [
      '*[System[(EventID=1 or EventID=2) and EventID=3]]',
      'EventID=3',
      /EventID=3 .* \(EventID=1 or EventID=2\)$/,
      /'or'/,
    ],
    [
      '*[System[EventID=3 and (EventID=1 or EventID=2)]]',
      'EventID=1',
      /^\(EventID=1 or EventID=2\) .* EventID=3$/,
      /'or'/,
    ],
    [
      '*[System[EventID=1 and Level=1 and (EventID=2 and Task=1 or Level=2)]]',
      'EventID=2',
      /^\(EventID=2 and Task=1 or Level=2\) .* EventID=1 and Level=1$/,
      /'or'/,
    ],
  ],
  'conditions in different predicates': [
    ['*[System[EventID=1] and System[EventID=2]]', 'EventID=2', /EventID=1$/, /'or'/],
    ['*[System[EventID=1]] and *[System/EventID=2]', 'EventID=2', /EventID=1$/, /'or'/],
    ['Event/System[EventID=1][EventID=2]', 'EventID=2', /EventID=1$/, /'or'/],
    ['*[System[EventID=1]]/System[EventID=2]/Level', 'EventID=2', /EventID=1$/, /'or'/],
    [
      '*[System[EventID[@Qualifiers=1]=7036 and EventID/@Qualifiers=2]]',
      '@Qualifiers=2',
      /EventID\/@Qualifiers=1$/,
      /'or'/,
    ],
  ],
  'a part of a query that selects events': [
    ['*[System[Level=1 or (EventID=1 and EventID=2)]]', 'EventID=2', /EventID=1$/, /'or'/],
    ['*[EventData] or *[System[EventID=1 and EventID=2]]', 'EventID=2', /EventID=1$/, /'or'/],
    ['*[System[(Level=1 or Level=256) and EventID=1]]', 'Level=256', /Level=256$/, /255/],
  ],
};

for (const [topic, cases] of Object.entries(warned)) {
  describe(`${topic}: told once, where it stands`, () => {
    for (const [text, at, message, hint] of cases) {
      test(text, () => {
        const [found, ...others] = contradictionsIn(text);
        assert.ok(found);
        assert.equal(found.position.offset, text.lastIndexOf(at));
        assert.ok(at.startsWith(found.token));
        assert.match(found.message, message);
        assert.match(found.hint ?? '', hint);
        assert.deepEqual(others, []);
      });
    }
  });
}

test('two contradictions are told of, a third condition on the same value is not', () => {
  const query = '*[System[EventID=1 and EventID=2 and EventID=3 and Level=1 and Level=2]]';
  assert.deepEqual(
    contradictionsIn(query).map(({ position }) => query.slice(position.offset).split(' ')[0]),
    ['EventID=2', 'Level=2]]'],
  );
});

test('each impossible alternative is told of, and what they join to is not told of again', () => {
  assert.equal(contradictionsIn('*[System[(Level=256 or Level=257) and Level=1]]').length, 2);
});

describe('what may hold after all is not warned of:', () => {
  for (const text of [
    '*[EventData[Data=1 and Data=2]]',
    "*[EventData[Data[@Name='a']='1' and Data[@Name='a']='2']]",
    '*[UserData/x=1 and UserData/x=2]',
    '*[System[EventID=1 or EventID=2]]',
    "*[System[EventID=7 and EventID='0x7' and EventID='007' and EventID=7.0]]",
    '*[System[EventID!=1 and EventID!=2 and EventID>=0 and EventID<=65535]]',
    '*[System[EventID>5 and EventID<7]]',
    '*[System[Level=0 and Level<1 and Opcode=255 and Task=65535]]',
    '*[System[EventRecordID=18446744073709551615]]',
    '*[System[(EventID=1 or EventID=2) and EventID=2]]',
    '*[System[EventID=3 and (EventID=1 or Level=2 or Computer)]]',
    '*[System[EventID=3 and (EventID=1 or band(Keywords,1))]]',
    '*[System[EventID=1]] or *[System[EventID=2]]',
    '*[System[*=1 and *=2]]',
    '*[*[EventID=1] and *[EventID=2]]',
    '*[RenderingInfo[Level="x"] and RenderingInfo[Level="y"]]',
    '*[System[EventID/text()=1 and EventID/text()=2]]',
    "*[System[Computer='a' and Computer='A' and Computer!='b']]",
    "*[System[Computer='1' and Computer='01']]",
    "*[System[Computer='true' and Computer='x']]",
    '*[System[EventID!=70000 and Level>-5 and Task<1000000]]',
    "*[System[Provider[@Name='a' and @Guid='{0000000a-0000-0000-0000-000000000000}']]]",
    "*[System/Security[@UserID='S-1-5-18' and @UserID='s-1-5-018']]",
    "*[System[Keywords='-9214364837600034816' and band(Keywords,1)]]",
    "*[System[EventID='true' and EventID='false' and EventID='2025-01-01']]",
    "*[System[TimeCreated[@SystemTime>'2025-01-01' and @SystemTime<='2025-01-01T00:00:00.0000001']]]",
    '*[System[TimeCreated[timediff(@SystemTime)<1 and timediff(@SystemTime)>2]]]',
    '*[System[TimeCreated[@SystemTime=1 and @SystemTime=2]]]',
    '*[System[Correlation[@*="a" and @*="b"]]]',
    '*[System[EventID][1]]',
  ]) {
    test(text, () => assert.deepEqual(contradictionsIn(text), []));
  }
});

test('what another finding says already is not said twice', () => {
  assert.deepEqual(
    parseEventQuery(`*[System[Level<'abc' and EventID=${'9'.repeat(41)}]]`).diagnostics.map(
      ({ code }) => code,
    ),
    ['XPATH_NEVER_TRUE', 'XPATH_NUMBER_OUT_OF_RANGE'],
  );
});

test('a query of hundreds of comparisons is not searched', () => {
  const different = Array.from({ length: 200 }, (_, i) => `EventID!=${i}`).join(' and ');
  assert.equal(contradictionsIn(`*[System[${different} and EventID<200]]`).length, 0);
  assert.equal(
    contradictionsIn(`*[System[${different.slice('EventID!=0 and '.length)} and EventID=1]]`)
      .length,
    1,
  );
});

const OPERATORS = ['=', '=', '!=', '<', '<=', '>', '>='];

function comparison(name: string, constants: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...OPERATORS), constants)
    .map(([operator, constant]) => `${name}${operator}${constant}`);
}

const eventIds = fc
  .oneof(fc.nat(12), fc.nat(300))
  .chain((n) => fc.constantFrom(`${n}`, `${n}`, `'${n}'`, `'0x${n.toString(16)}'`));
const fractions = fc.nat(24).map((n) => `${n / 2}`);
const levels = fc.nat(6).map(String);

const alternatives = fc
  .tuple(fc.constantFrom('EventID', 'Level'), fc.array(fc.nat(6), { minLength: 2, maxLength: 4 }))
  .map(([name, numbers]) => `(${numbers.map((n) => `${name}=${n}`).join(' or ')})`);

const conjunction = fc
  .array(
    fc.oneof(
      comparison('EventID', eventIds),
      comparison('EventID', fractions),
      comparison('Level', levels),
      alternatives,
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((conditions) => conditions.join(' and '));

function eventOf(eventId: number, level: number) {
  return element('Event', {}, [
    element('System', {}, [
      element('EventID', {}, value('uint', `${eventId}`)),
      element('Level', {}, value('uint', `${level}`)),
    ]),
  ]);
}

const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7, 255];
const EVENT_IDS = [...Array(302).keys(), 65535];

function selectsAny(text: string, levelsTried: readonly number[]): boolean {
  const { query } = parseEventQuery(text);
  assert.ok(query);
  const selects = compileEventQuery(query);
  return EVENT_IDS.some((id) => levelsTried.some((level) => selects(eventOf(id, level), 0)));
}

test('no event fulfils a conjunction that is warned of', () => {
  let warnings = 0;
  fc.assert(
    fc.property(conjunction, (conditions) => {
      const query = `*[System[${conditions}]]`;
      if (contradictionsIn(query).length === 0) return;
      warnings += 1;
      assert.equal(selectsAny(query, LEVELS), false, query);
    }),
    { numRuns: 400 },
  );
  assert.ok(warnings > 40, `${warnings} warnings`);
});

test('some event fulfils what is not warned of, as far as it is about one value', () => {
  const leaf = comparison('EventID', eventIds);
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc
        .tuple(
          fc.array(tie('expression'), { minLength: 2, maxLength: 4 }),
          fc.constantFrom(' or ', ' and ', ' and '),
        )
        .map(([operands, join]) => `(${operands.join(join)})`),
    ),
  }));
  const query = expression.map((text) => `*[System[${text}]]`);
  let silent = 0;
  fc.assert(
    fc.property(query, (text) => {
      if (contradictionsIn(text).length > 0) return;
      silent += 1;
      assert.equal(selectsAny(text, [0]), true, text);
    }),
    { numRuns: 1_000 },
  );
  assert.ok(silent > 100, `${silent} without a warning`);
});
