import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { isReached } from '../../../../../packages/agent/src/cli/syslog-config/reach.ts';

async function reaches(from: string, to: string): Promise<boolean> {
  return isReached({ host: to, port: 28_330 }, { host: from, port: 28_330 });
}

test('an agent that listens everywhere is reached at the addresses of this machine only', async () => {
  const own = Object.values(networkInterfaces()).flatMap((at) => at ?? []);
  for (const { address, family } of own) {
    assert.equal(await reaches(address, '::'), true, address);
    assert.equal(await reaches(address, '0.0.0.0'), family === 'IPv4', address);
  }
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost']) {
    assert.equal(await reaches(host, '0.0.0.0'), true, host);
  }
  for (const host of ['203.0.113.9', '2001:db8::9', 'no-such-host.invalid']) {
    assert.equal(await reaches(host, '0.0.0.0'), false, host);
    assert.equal(await reaches(host, '::'), false, host);
  }
});

test('an agent at one address is reached there, and at its port, only', async () => {
  assert.equal(await reaches('127.0.0.1', '127.0.0.1'), true);
  assert.equal(await reaches('localhost', '::1'), true);
  assert.equal(await reaches('127.0.0.2', '127.0.0.1'), false);
  assert.equal(await reaches('localhost', '203.0.113.9'), false);
  const [here, there] = [1, 2].map((port) => ({ host: '127.0.0.1', port }));
  assert.equal(await isReached(here!, there!), false);
});
