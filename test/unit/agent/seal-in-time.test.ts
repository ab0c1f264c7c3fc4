import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sealInTime } from '../../../packages/agent/src/seal-in-time.ts';
import { createFakeHost } from '../../support/fake-host.ts';
import { settle } from '../../support/until.ts';

test('seals what is as old as the flush interval, twice per interval at the least', async () => {
  const host = createFakeHost();
  const life = new AbortController();
  const ages: number[] = [];
  const seal = (ageMs: number): void => void ages.push(ageMs);
  const done = sealInTime({ seal }, host, 400, life.signal);
  await host.clock.advance(1_000);
  assert.deepEqual(ages, [400, 400, 400, 400, 400]);
  life.abort();
  await done;
  assert.equal(host.clock.sleeping, 0);
});

test('looks every half second when the interval is long, and not once more after its end', async () => {
  const host = createFakeHost();
  const life = new AbortController();
  let looks = 0;
  const done = sealInTime({ seal: () => void looks++ }, host, 300_000, life.signal);
  await host.clock.advance(1_999);
  life.abort();
  await done;
  assert.equal(looks, 3);
});

test('goes on after a failure, and tells each reason once until it passes', async () => {
  const host = createFakeHost();
  const life = new AbortController();
  const reasons = ['damaged', 'damaged', undefined, 'damaged', 'locked', 'locked'];
  let looks = 0;
  const seal = (): void => {
    const reason = reasons[looks++];
    if (reason !== undefined) throw new Error(reason);
  };
  const done = sealInTime({ seal }, host, 1_000, life.signal);
  await host.clock.advance(3_000);
  assert.equal(looks, 6);
  await settle();
  const told = host.log.entries.map(({ facts }) => (facts as { reason: string }).reason);
  assert.deepEqual(told, ['damaged', 'damaged', 'locked']);
  life.abort();
  await done;
});
