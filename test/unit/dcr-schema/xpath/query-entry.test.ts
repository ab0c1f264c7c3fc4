import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseQueryEntry, splitQuery, type XPathCode } from '@dcr-agent/schema';
import fc from 'fast-check';

test('an entry is parted at the first exclamation mark', () => {
  const { entry, diagnostics } = splitQuery('Security!*[System[EventID!=4624]]');
  assert.deepEqual(entry, {
    channel: 'Security',
    query: '*[System[EventID!=4624]]',
    queryOffset: 9,
  });
  assert.deepEqual(diagnostics, []);
});

test('channels hold blanks, slashes, dots, percent signs and parentheses', () => {
  for (const channel of [
    'Microsoft-Windows-AppLocker/EXE and DLL',
    'Microsoft-Windows-Windows Defender/Operational',
    'Windows PowerShell',
    'DNS Server',
    'A.b%4c (d)',
    'Журнал',
    'x'.repeat(255),
  ]) {
    const { entry, diagnostics } = splitQuery(`${channel}!*`);
    assert.equal(entry?.channel, channel);
    assert.deepEqual(diagnostics, []);
  }
});

test('blanks around the channel do not belong to it', () => {
  assert.equal(splitQuery(' Security ! *').entry?.channel, 'Security');
});

const refusals: readonly (readonly [entry: string, code: XPathCode, hint: RegExp])[] = [
  ['*[System[EventID=4870]]', 'XPATH_NO_CHANNEL', /Security!\*/],
  ['*[System[EventID!=4870]]', 'XPATH_NO_CHANNEL', /Security!\*/],
  ['*', 'XPATH_NO_CHANNEL', /Security!\*/],
  ['!*', 'XPATH_NO_CHANNEL', /Security!\*/],
  ['', 'XPATH_NO_CHANNEL', /Security!\*/],
  ['Security', 'XPATH_NO_CHANNEL', /Security!\*/],
  ['Security*[System[EventID=1]]', 'XPATH_NO_CHANNEL', /between 'Security' and/],
  ['Security*[System[EventID!=1]]', 'XPATH_NO_CHANNEL', /between 'Security' and/],
  ['*[System[EventID=4870]]!*', 'XPATH_APPENDED_STAR', /Channel!\*\[System\[EventID=4870\]\]$/],
  ['*[System[EventID!=4870]] ! *', 'XPATH_APPENDED_STAR', /EventID!=4870\]\]$/],
  ['*!*', 'XPATH_WILDCARD_CHANNEL', /Security!\*/],
  ['*![System/Level=1]', 'XPATH_WILDCARD_CHANNEL', /each channel/],
  ['Security!', 'XPATH_EMPTY_QUERY', /Security!\*/],
  ['Security!  ', 'XPATH_EMPTY_QUERY', /Security!\*/],
  ['\\Security!*', 'XPATH_INVALID_CHANNEL', /full name/],
  ['C:\\logs\\a.evtx!*', 'XPATH_INVALID_CHANNEL', /full name/],
  ['Sec?rity!*', 'XPATH_INVALID_CHANNEL', /full name/],
  ['a|b!*', 'XPATH_INVALID_CHANNEL', /full name/],
  ['Sec\tu!*', 'XPATH_INVALID_CHANNEL', /full name/],
  [`${'x'.repeat(256)}!*`, 'XPATH_INVALID_CHANNEL', /255/],
  ['<QueryList><Query Id="0" Path="Security"/></QueryList>', 'XPATH_STRUCTURED_XML', /Select/],
];

describe('an entry is refused:', () => {
  for (const [text, code, hint] of refusals) {
    test(JSON.stringify(text.slice(0, 60)), () => {
      const { entry, diagnostics } = splitQuery(text);
      assert.equal(entry, null);
      assert.deepEqual(
        diagnostics.map((d) => [d.code, d.severity]),
        [[code, 'error']],
      );
      assert.match(diagnostics[0]?.hint ?? '', hint);
      assert.deepEqual(parseQueryEntry(text), { channel: null, query: null, diagnostics });
    });
  }
});

test('a missing star is found by the parser, in the entry', () => {
  const { channel, query, diagnostics } = parseQueryEntry('System![System[(Level = 1)]]');
  assert.equal(channel, 'System');
  assert.equal(query, null);
  assert.equal(diagnostics[0]?.code, 'XPATH_MISSING_STAR');
  assert.deepEqual(diagnostics[0]?.position, { offset: 7, line: 1, column: 8 });
});

test('positions are in the entry, not in the query', () => {
  const { diagnostics } = parseQueryEntry('Security!*[System[(EventID=)]]');
  assert.equal(diagnostics[0]?.position.offset, 27);
});

test('an Analytic or Debug channel is accepted with a warning', () => {
  for (const channel of ['Microsoft-Windows-DNSServer/Analytical', 'X/Operational']) {
    assert.deepEqual(splitQuery(`${channel}!*`).diagnostics, []);
  }
  for (const channel of ['Microsoft-Windows-DNSServer/Analytic', 'X/debug']) {
    const { query, diagnostics } = parseQueryEntry(`${channel}!*`);
    assert.notEqual(query, null);
    assert.deepEqual(
      diagnostics.map(({ code, severity, windowsError }) => [code, severity, windowsError]),
      [['XPATH_DIRECT_CHANNEL', 'warning', 15009]],
    );
  }
});

test('no entry makes the parser throw', () => {
  const part = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('!', '*', '[', ']', '!*'));
  const entry = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(entry, (text) => {
      const { query, diagnostics } = parseQueryEntry(text);
      assert.equal(
        query === null,
        diagnostics.some(({ severity }) => severity === 'error'),
      );
    }),
    { numRuns: 1_000 },
  );
});
