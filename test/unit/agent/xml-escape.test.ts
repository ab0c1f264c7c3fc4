import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeAttribute, escapeText } from '../../../packages/agent/src/xml-escape.ts';

test('text keeps quotes, tabs and line feeds and loses what XML cannot carry', () => {
  assert.equal(escapeText(`"'\t\n`), `"'\t\n`);
  assert.equal(escapeText('<a>&amp;\r'), '&lt;a&gt;&amp;amp;&#13;');
  assert.equal(escapeText('\0\x08\x0b\x1f\ufffe\uffff\x7f\x85'), `${'\ufffd'.repeat(6)}\x7f\x85`);
  assert.equal(escapeText('\u{10ffff}'), '\u{10ffff}');
});

test('attributes also keep their white space', () => {
  assert.equal(escapeAttribute('"<\t\n\r\x01>\''), "&quot;&lt;&#9;&#10;&#13;\ufffd&gt;'");
});
