import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseEventQuery, parseQueryEntry } from '@dcr-agent/schema';

const CODE = 'XPATH_LEVEL_WITHOUT_ZERO';

describe('Information without level 0 is warned of, once and at the first level:', () => {
  for (const text of [
    '*[System[Level=4]]',
    "*[System[Level='4']]",
    '*[System[(Level=1 or Level=2 or Level=3 or Level=4 or Level=5)]]',
    '*[System[Level>=1 and Level<=4]]',
    '*[System[Level!=1 and Level>=3]]',
    '*[System/Level=4]',
    "*[System[Provider[@Name='x'] and Level=4]]",
    '*[System[Level=4 or Level=2]] and *[EventData[Data=1]]',
    "*[System[Level=4 and Computer='a'] or System[Level=2 and Computer='b']]",
  ]) {
    test(text, () => {
      const { query, diagnostics } = parseEventQuery(text);
      assert.ok(query);
      assert.deepEqual(
        diagnostics.map(({ code, severity, position, token }) => ({
          code,
          severity,
          offset: position.offset,
          token,
        })),
        [{ code: CODE, severity: 'warning', offset: text.indexOf('Level'), token: 'Level' }],
      );
      assert.match(diagnostics[0]?.message ?? '', /Information/);
      assert.equal(diagnostics[0]?.hint, "add 'or Level=0'");
    });
  }
});

describe('not warned of:', () => {
  for (const [why, text] of [
    ['level 0 is among them', '*[System[(Level=4 or Level=0)]]'],
    ['level 0 is among them', '*[System[Level<=4]]'],
    ['Information is not asked for', '*[System[(Level=1 or Level=2 or Level=3)]]'],
    ['Information is not asked for', '*[System[Level=5]]'],
    ['not every event needs a level', '*[System[Level=4 or Task=7]]'],
    ['not every event needs a level', '*[System[Level=4]] or *[System[Task=7]]'],
    ['not every event needs a level', '*[System[Level=4 or band(Keywords,1)]]'],
    ['the events are named', '*[System[EventID=7036 and Level=4]]'],
    ['the events are named', '*[System[(Level=3 or Level=4) and (EventID!=6)]]'],
    ['the events are named', '*[System[EventID[@Qualifiers=16384] and Level=4]]'],
    ['level 0 is left out on purpose', '*[System[Level!=0]]'],
    ['level 0 is left out on purpose', "*[System[Level>'0x0' and Level<=4]]"],
    ['it is another level', "*[RenderingInfo/Level='4']"],
    ['it is another level', '*[EventData/Level=4]'],
    ['it asks whether there is one', '*[System/Level]'],
  ] as const) {
    test(`${why}: ${text}`, () => {
      const codes: string[] = parseEventQuery(text).diagnostics.map(({ code }) => code);
      assert.ok(!codes.includes(CODE));
    });
  }
});

test('levels of the Security log without 0 are warned of, whichever they are', () => {
  for (const entry of [
    'Security!*[System[Level=2]]',
    ' SECURITY !*[System[Level<=3 and Level>1]]',
  ]) {
    const [found, ...others] = parseQueryEntry(entry).diagnostics;
    assert.equal(found?.code, CODE);
    assert.equal(found.position.offset, entry.indexOf('Level'));
    assert.match(found.message, /Security log/);
    assert.deepEqual(others, []);
  }
  for (const entry of [
    'System!*[System[Level=2]]',
    'Microsoft-Windows-Security-Mitigations/KernelMode!*[System[Level=2]]',
    'Security!*[System[Level=2 or Level=0]]',
    'Security!*[System[Level=2 and EventID=1101]]',
    'Security!*[System[band(Keywords,4503599627370496)]]',
  ]) {
    assert.deepEqual(parseQueryEntry(entry).diagnostics, [], entry);
  }
});

test('levels that contradict each other are only told of as such', () => {
  assert.deepEqual(
    parseEventQuery('*[System[Level=4 and Level=5]]').diagnostics.map(({ code }) => code),
    ['XPATH_NEVER_TRUE'],
  );
});
