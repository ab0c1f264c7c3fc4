import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  pathAdvice,
  portAdvice,
} from '../../../../../packages/agent/src/sources/syslog/listen-advice.ts';

test('a refused port below 1024 wants a capability, any other refusal is not explained away', () => {
  assert.match(portAdvice('EACCES', 514) ?? '', /CAP_NET_BIND_SERVICE/);
  assert.equal(portAdvice('EACCES', 1514), undefined);
  assert.match(portAdvice('EADDRNOTAVAIL', 514) ?? '', /address that this machine has/);
  assert.equal(portAdvice(undefined, 514), undefined);
});

test('advice about a path names the folder, not the socket', () => {
  assert.equal(pathAdvice('ENOENT', '/run/a/s.sock'), 'make the folder /run/a');
  assert.equal(pathAdvice('EACCES', '/run/a/s.sock'), 'let the agent write in /run/a');
  assert.equal(pathAdvice('EMFILE', '/run/a/s.sock'), undefined);
});
