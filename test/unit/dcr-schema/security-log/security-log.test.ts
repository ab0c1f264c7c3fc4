import assert from 'node:assert/strict';
import { test } from 'node:test';
import { securityLogItem } from '../../../../packages/dcr-schema/src/security-log/security-log.ts';

const REST = '0|Vendor|Product|1|2|Name|3|src=10.0.0.1';

test('a message is CEF by its tag, or where its text begins as one', () => {
  const item = { ident: 'CEF', message: `CEF: ${REST}` };
  assert.deepEqual(securityLogItem('cef', 'CEF', REST), item);
  assert.deepEqual(securityLogItem('cef', 'CEF', ` ${REST}`), item);
  assert.deepEqual(securityLogItem('cef', 'app', `CEF:${REST}`), item);
  assert.deepEqual(securityLogItem('cef', '', `[x@1 a="b"]CEF: ${REST}`), item);
  assert.deepEqual(securityLogItem('cef', 'TMWS', `TMWS CEF:${REST}`), item);
});

test('LEEF, text that speaks of CEF, and CEF that is quoted far behind are none', () => {
  for (const text of [
    'LEEF:1.0|a|b',
    'we send CEF: yes',
    'xCEF:0|a',
    `${'x '.repeat(300)}CEF:0|`,
  ]) {
    assert.equal(securityLogItem('cef', 'app', text), undefined, text);
  }
  assert.equal(securityLogItem('cef', 'LEEF', '1.0|a|b'), undefined);
  assert.equal(securityLogItem('cef', '%ASA-6-302013', 'Built'), undefined);
});

test('a message is of an ASA by its tag, or where its text begins with one', () => {
  const tag = '%ASA-6-302013';
  const item = { ident: tag, message: `${tag}: Built` };
  assert.deepEqual(securityLogItem('asa', tag, 'Built'), item);
  assert.deepEqual(securityLogItem('asa', 'app', `${tag}: Built`), item);
  for (const ident of ['%FTD-6-302013', '%PIX-6-302013', 'CEF', '']) {
    assert.equal(securityLogItem('asa', ident, 'Built'), undefined, ident);
  }
});
