import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addressText,
  parseAddress,
  parseQueueFolder,
} from '../../../../../packages/agent/src/cli/syslog-config/daemon.ts';

test('an address is read as it is written', () => {
  for (const text of ['127.0.0.1:28330', '[::1]:514', 'collector.example:65535']) {
    assert.equal(addressText(parseAddress(text)!), text);
  }
});

test('what is no address of a daemon to send to is none', () => {
  for (const text of ['', '28330', 'a:0', 'a:65536', '::1:514', 'a b:1', 'a":1', '[x]:1', 'a:1;']) {
    assert.equal(parseAddress(text), undefined, text);
  }
});

test('the folder of a queue is one path, however it is written', () => {
  for (const text of ['/var/spool/q', '/var/spool/q/', '//var/spool//q//', '/var/x/../spool/q']) {
    assert.equal(parseQueueFolder(text), '/var/spool/q', text);
  }
});

test('what cannot stand in the file of a daemon, or is no folder of its own, is no queue', () => {
  for (const text of [
    '',
    '/',
    '//',
    '/a/..',
    'q',
    './q',
    '/a b',
    '/a"b',
    "/a'b",
    '/a\\b',
    '/a\nb',
  ]) {
    assert.equal(parseQueueFolder(text), undefined, text);
  }
});
