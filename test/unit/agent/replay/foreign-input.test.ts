import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  foreignToSyslog,
  foreignToText,
} from '../../../../packages/agent/src/replay/foreign-input.ts';

test('what is packed, and an event log, is no text', () => {
  const packed = gzipSync('<13>text');
  assert.match(foreignToText(packed) ?? '', /gzip, not text; unpack it first/);
  const zip = Buffer.of(0x50, 0x4b, 0x03, 0x04, 0x14, 0, 0, 0, 8, 0);
  assert.match(foreignToText(zip) ?? '', /this is zip/);
  const log = Buffer.from('ElfFile\0\0\0');
  assert.match(foreignToText(log) ?? '', /event log, not text/);
  assert.match(foreignToSyslog(log) ?? '', /event log, not text/);
});

test('UTF-16 is text, and no syslog', () => {
  for (const text of ['\ufeff<13>a', '<13>a']) {
    const little = Buffer.from(text, 'utf16le');
    assert.equal(foreignToText(little), undefined);
    assert.match(foreignToSyslog(little) ?? '', /UTF-16.*convert it/);
    assert.match(foreignToSyslog(Buffer.from(little).swap16()) ?? '', /UTF-16/);
  }
});

test('text is taken, also with a mark of its encoding', () => {
  for (const text of ['<13>a', 'ElfFile a', 'PK', '', '\ufeff<13>a']) {
    assert.equal(foreignToSyslog(Buffer.from(text)), undefined);
  }
});
