import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Trouble } from '../../../../packages/agent/src/delivery/trouble.ts';
import { createFakeHost, type FakeHost } from '../../../support/fake-host.ts';

function createTrouble(): { host: FakeHost; trouble: Trouble; levels: () => string[] } {
  const host = createFakeHost();
  return {
    host,
    trouble: new Trouble(host, host.log, () => {}),
    levels: () => host.log.entries.map(({ level }) => level).filter((level) => level !== 'debug'),
  };
}

test('trouble is logged when it starts and when it ends, not in between', async () => {
  const { host, trouble, levels } = createTrouble();
  for (let attempt = 0; attempt < 50; attempt += 1) {
    trouble.failed('HTTP 503');
    await host.clock.advance(host.clock.nextWakeMs!);
  }
  trouble.ended();
  trouble.ended();
  assert.deepEqual(levels(), ['warn', 'info']);
  assert.deepEqual(host.log.entries.at(-1)?.facts, { failures: 50 });
  assert.equal(trouble.reason, undefined);
});

test('uploads that fail together count as one failure, and the longest wait asked for counts', () => {
  const { host, trouble } = createTrouble();
  trouble.failed('HTTP 503', { afterMs: 3_000 });
  trouble.failed('HTTP 429', { afterMs: 90_000 });
  trouble.failed('connection reset');
  assert.equal(trouble.failures, 1);
  assert.equal(trouble.reason, 'HTTP 503');
  assert.equal(trouble.pause.endsAtMs, host.clock.now() + 90_000);
  trouble.pause.cancel();
});

test('what someone has to put right is asked for less often', () => {
  const { host, trouble } = createTrouble();
  trouble.failed('HTTP 404', { isHeld: true });
  assert.equal(trouble.pause.isHeld, true);
  // Chance is fixed at one half: half of twice the least wait.
  assert.equal(trouble.pause.endsAtMs, host.clock.now() + 15_000);
  trouble.pause.cancel();
});
