import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseEventQuery, type XPathCode } from '@dcr-agent/schema';

type Warned = readonly [query: string, code: XPathCode, token: string, hint: RegExp];

const warnings: Readonly<Record<string, readonly Warned[]>> = {
  'a name in wrong case': [
    ['*[System[EventId=4624]]', 'XPATH_NAME_CASE', 'EventId', /write 'EventID'/],
    ['*[system[EventID=4624]]', 'XPATH_NAME_CASE', 'system', /write 'System'/],
    ["*[System[Provider[@name='x']]]", 'XPATH_NAME_CASE', '@name', /write '@Name'/],
    ["*[EventData[data[@Name='x']='y']]", 'XPATH_NAME_CASE', 'data', /write 'Data'/],
    ["*[EventData[Data[@name='x']='y']]", 'XPATH_NAME_CASE', '@name', /write '@Name'/],
  ],
  'a name no event has': [
    ['*[Application/Level=2]', 'XPATH_UNKNOWN_NAME', 'Application', /System for every channel/],
    ['*[System[Eventlevel=1]]', 'XPATH_UNKNOWN_NAME', 'Eventlevel', /Level/],
    ["*[EventData[User='x']]", 'XPATH_UNKNOWN_NAME', 'User', /Data\[@Name='User'\]/],
    ["*[System[Provider/Name='x']]", 'XPATH_UNKNOWN_NAME', 'Name', /write '@Name'/],
    ['*[System[EventID/x]]', 'XPATH_UNKNOWN_NAME', 'x', /nothing below/],
    ['*[System[Execution[@Nothing=1]]]', 'XPATH_UNKNOWN_NAME', '@Nothing', /ProcessID/],
    ['*[System[constructor=1]]', 'XPATH_UNKNOWN_NAME', 'constructor', /EventID/],
  ],
  'a part of System outside it': [
    ['*[EventID=4624]', 'XPATH_OUTSIDE_SYSTEM', 'EventID', /System\/EventID/],
    ['Event/Level', 'XPATH_OUTSIDE_SYSTEM', 'Level', /System\/Level/],
    ['*[System[EventID=1] and Level=2]', 'XPATH_OUTSIDE_SYSTEM', 'Level', /System\/Level/],
    ['*[band(Keywords,1)]', 'XPATH_OUTSIDE_SYSTEM', 'Keywords', /System\/Keywords/],
  ],
  'a function in unusual case': [
    ['*[System[BAND(Keywords,1)]]', 'XPATH_FUNCTION_CASE', 'BAND', /write 'band'/],
    [
      '*[System[TimeCreated[TimeDiff(@SystemTime)<1]]]',
      'XPATH_FUNCTION_CASE',
      'TimeDiff',
      /write 'timediff'/,
    ],
    ['*[EventData/Data[Position()=1]]', 'XPATH_FUNCTION_CASE', 'Position', /write 'position'/],
  ],
  'a condition that is never true': [
    ['*[EventData/Data[0]]', 'XPATH_NEVER_TRUE', '0', /from 1/],
    ["*[EventData[Data<'abc']]", 'XPATH_NEVER_TRUE', 'abc', /a time is written/],
    ["*[System[TimeCreated[@SystemTime>'yesterday']]]", 'XPATH_NEVER_TRUE', 'yesterday', /a time/],
  ],
  'a wildcard in a value': [
    ["*[EventData[Data='*.exe']]", 'XPATH_LITERAL_WILDCARD', '*.exe', /no wildcards/],
    ["*[EventData[Data='cmd*']]", 'XPATH_LITERAL_WILDCARD', 'cmd*', /no wildcards/],
  ],
};

for (const [topic, cases] of Object.entries(warnings)) {
  describe(`${topic} is warned of:`, () => {
    for (const [text, code, token, hint] of cases) {
      test(text, () => {
        const { query, diagnostics } = parseEventQuery(text);
        assert.notEqual(query, null);
        assert.deepEqual(
          diagnostics.map((d) => [d.code, d.severity, d.token]),
          [[code, 'warning', token]],
        );
        assert.match(diagnostics[0]?.hint ?? '', hint);
        assert.equal(text.slice(diagnostics[0]?.position.offset).includes(token), true);
      });
    }
  });
}

test('the twenty-first expression is warned of, the twentieth is not', () => {
  const query = (count: number) =>
    `*[System[${Array.from({ length: count }, (_, i) => `EventID=${i}`).join(' or ')}]]`;
  assert.deepEqual(parseEventQuery(query(20)).diagnostics, []);
  const [found, ...others] = parseEventQuery(query(21)).diagnostics;
  assert.equal(found?.code, 'XPATH_TOO_MANY_EXPRESSIONS');
  assert.match(found.message, /21/);
  assert.deepEqual(others, []);
});

test('queries as they are published are not warned of', () => {
  for (const text of [
    '*',
    "*[EventData[Data[@Name='ShareName']='\\\\*\\IPC$']]",
    "*[EventData[Data[@Name='GroupName']='*']]",
    "*[UserData/*/SubjectUserName='x' or UserData/EventXML[listenerName='RDP-Tcp']]",
    "*[System[Provider[@Name='a' or @EventSourceName='b'] and Band(Keywords,1)]]",
    '*[System[Security[@UserID] and Correlation[@ActivityID] and EventID[@Qualifiers=1]]]',
    "*[EventData[@Name='x']/Data[1]='y']",
    '*[EventData/Binary] and Event/System[Channel="x" or Computer="y"]',
    '*[*/Anything=1]',
    '*[ProcessingErrorData/ErrorCode=1 or RenderingInfo/Level="x"]',
    "*[System[TimeCreated[timediff(@SystemTime) <= 86400000 or @SystemTime>='2025-01-01']]]",
    '*[EventData/ComplexData/x[@y="z"]]',
    '*[System/EventID/text()=1]',
  ]) {
    assert.deepEqual(parseEventQuery(text).diagnostics, [], text);
  }
});
