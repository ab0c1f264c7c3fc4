import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addressText,
  parseAddress,
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
