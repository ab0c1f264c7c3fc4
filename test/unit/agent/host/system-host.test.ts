import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSystemHost } from '../../../../packages/agent/src/host/system-host.ts';

test('the system host has the real time, chance, ids and network', async () => {
  const host = createSystemHost({ level: 'error', format: 'text' });
  const before = Date.now();
  assert.ok(host.clock.now() >= before && host.clock.now() <= before + 60_000);
  const earlier = host.clock.monotonic();
  assert.ok(host.clock.monotonic() >= earlier);
  const chances = Array.from({ length: 100 }, () => host.random());
  assert.ok(chances.every((chance) => chance >= 0 && chance < 1));
  assert.ok(new Set(chances).size > 90);
  assert.match(host.guid(), /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  assert.notEqual(host.guid(), host.guid());
  await host.network.close();
});

test('a sleep ends at once when its signal aborts, and never rejects', async () => {
  const { clock, network } = createSystemHost({ level: 'error', format: 'text' });
  const abort = new AbortController();
  const slept = clock.sleep(3_600_000, abort.signal);
  abort.abort();
  await slept;
  await clock.sleep(3_600_000, abort.signal);
  await network.close();
});

test('the log goes to stderr and leaves stdout to data', async (t) => {
  const lines: string[] = [];
  t.mock.method(process.stderr, 'write', (line: string) => lines.push(line) > 0);
  const host = createSystemHost({ level: 'info', format: 'text' });
  host.log.info({ a: 1 }, 'hello');
  host.log.debug({}, 'not this');
  t.mock.restoreAll();
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /^\S+Z info {2}hello {2}a=1\n$/);
  await host.network.close();
});
