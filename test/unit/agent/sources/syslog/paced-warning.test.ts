import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacedWarning } from '../../../../../packages/agent/src/sources/syslog/paced-warning.ts';
import { createFakeHost } from '../../../../support/fake-host.ts';

test('what comes after the first is told a minute later, though nothing more comes', async () => {
  const host = createFakeHost();
  const warning = new PacedWarning(host, 'too many');
  const told = (): unknown[] => host.log.entries.map(({ facts }) => facts);
  warning.add({ dropped: 1 }, { from: 'a' });
  assert.deepEqual(told(), [{ from: 'a', dropped: 1 }]);
  await host.clock.advance(20_000);
  warning.add({ dropped: 2 }, { from: 'b' });
  warning.add({ dropped: 3 }, { from: 'c' });
  await host.clock.advance(39_999);
  assert.equal(told().length, 1);
  await host.clock.advance(1);
  assert.deepEqual(told().slice(1), [{ from: 'c', dropped: 5 }]);
  await host.clock.advance(120_000);
  assert.equal(told().length, 2);
  warning.add({ dropped: 4 }, { from: 'd' });
  assert.deepEqual(told().slice(2), [{ from: 'd', dropped: 4 }]);
});

test('what is told at the end is not told again, and no timer is left', async () => {
  const host = createFakeHost();
  const warning = new PacedWarning(host, 'too many');
  for (let i = 0; i < 3; i++) warning.add({ dropped: 1 }, {});
  assert.equal(host.clock.sleeping, 1);
  warning.flush();
  warning.flush();
  assert.equal(host.clock.sleeping, 0);
  await host.clock.advance(120_000);
  assert.deepEqual(
    host.log.entries.map(({ facts }) => facts),
    [{ dropped: 1 }, { dropped: 2 }],
  );
});
