import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodePastedEntities, parseEventQuery, XPATH_CODES } from '@dcr-agent/schema';
import fc from 'fast-check';

describe('entities are decoded:', () => {
  for (const [text, decoded] of [
    ['*[System[Level&lt;=3 and EventID&gt;=1]]', '*[System[Level<=3 and EventID>=1]]'],
    ['*[EventData[Data=&quot;it&apos;s&quot;]]', '*[EventData[Data="it\'s"]]'],
    ["*[EventData[Data='R&amp;D']]", "*[EventData[Data='R&D']]"],
    ["*[EventData[Data='&#65;&#x62;&#X1F600;']]", "*[EventData[Data='Ab😀']]"],
    ['&amp;lt;', '&lt;'],
    ['&#38;lt;', '&lt;'],
  ] as const) {
    test(text, () => assert.equal(decodePastedEntities(text).text, decoded));
  }
});

test('what is no entity of XML, or no character, stays and is not told of', () => {
  for (const text of [
    "*[EventData[Data='a & b' or Data='&&;']]",
    '&nbsp;&LT;&constructor;&lt',
    '&#0;&#x110000;&#xd800;&#9999999999;&#x;&#;',
    '',
  ]) {
    assert.deepEqual(decodePastedEntities(text), { text, diagnostics: [] });
  }
});

test('one warning tells how many and where the first stands', () => {
  const text = "*[System[\n(Level&lt;=3) and\nComputer='a&amp;b']]";
  const { diagnostics } = decodePastedEntities(text);
  assert.deepEqual(diagnostics, [
    {
      code: 'XPATH_ENTITIES_DECODED',
      severity: 'warning',
      pointer: '',
      position: { offset: 16, line: 2, column: 7 },
      token: '&lt;',
      message: '2 XML entities were decoded, the first is &lt;',
      hint: 'in a rule, write the characters themselves',
    },
  ]);
  assert.equal(XPATH_CODES.XPATH_ENTITIES_DECODED.severity, 'warning');
  assert.match(decodePastedEntities('&gt;').diagnostics[0]?.message ?? '', /^1 XML entity was/);
});

test('the decoded text is parsed, and what is found in it has its place there', () => {
  const { text } = decodePastedEntities('*[System[Level&lt;=3 and EventId&gt;1]]');
  const { query, diagnostics } = parseEventQuery(text);
  assert.ok(query);
  assert.equal(diagnostics[0]?.code, 'XPATH_NAME_CASE');
  assert.equal(text.slice(diagnostics[0]?.position.offset), 'EventId>1]]');
});

test('the parser itself stays strict', () => {
  const { query, diagnostics } = parseEventQuery('*[System[Level&lt;=3]]');
  assert.equal(query, null);
  assert.equal(diagnostics[0]?.code, 'XPATH_XML_ENTITY');
});

test('a text that was escaped comes back, whatever it is', () => {
  const NAMES = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' } as const;
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, isNumeric) => {
      const escaped = text.replace(/[&<>"']/g, (character) =>
        isNumeric ? `&#${character.charCodeAt(0)};` : `&${NAMES[character as keyof typeof NAMES]};`,
      );
      assert.equal(decodePastedEntities(escaped).text, text);
    }),
  );
});
