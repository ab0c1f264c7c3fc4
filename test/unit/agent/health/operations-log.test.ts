import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '../../../../packages/agent/src/health/conditions.ts';
import { OperationsLog } from '../../../../packages/agent/src/health/operations-log.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const MINUTE = 60_000;

function condition(key: string, changes: Partial<Condition> = {}): Condition {
  return {
    ...{ key, status: 'Error', category: 'Source', detail: `${key} is bad` },
    ...{ ended: `${key} is well`, remindMs: 60 * MINUTE },
    ...changes,
  };
}

interface Bench {
  readonly clock: ManualClock;
  readonly log: OperationsLog;
  /** Looks so many minutes later, and says what is told. */
  look(minutes: number, ...keys: readonly string[]): Promise<string[]>;
}

function createBench(): Bench {
  const clock = new ManualClock(0);
  const log = new OperationsLog(clock);
  return {
    clock,
    log,
    async look(minutes, ...keys) {
      await clock.advance(minutes * MINUTE);
      log.observe(keys.map((key) => condition(key)));
      return log.take().map(({ status, detail }) => `${status} ${detail}`);
    },
  };
}

test('a condition is told when it begins, and when two looks in a row did not find it', async () => {
  const { look } = createBench();
  assert.deepEqual(await look(1, 'a'), ['Error a is bad']);
  assert.deepEqual(await look(1, 'a', 'b'), ['Error b is bad']);
  assert.deepEqual(await look(1, 'b'), []);
  assert.deepEqual(await look(1, 'a', 'b'), [], 'it looked well for a moment');
  assert.deepEqual(await look(1, 'b'), []);
  assert.deepEqual(await look(1, 'b'), [
    'Succeeded a is well (since 1970-01-01T00:01:00.000Z it was: a is bad)',
  ]);
  assert.deepEqual(await look(1, 'b'), []);
});

test('while it lasts it is told once an hour', async () => {
  const { look } = createBench();
  await look(0, 'a');
  const told: string[] = [];
  for (let minute = 1; minute <= 125; minute += 1) told.push(...(await look(1, 'a')));
  assert.deepEqual(told, [
    'Error still, since 1970-01-01T00:00:00.000Z: a is bad',
    'Error still, since 1970-01-01T00:00:00.000Z: a is bad',
  ]);
});

test('one that comes and goes is told six times an hour, and in the end as it is', async () => {
  const { look } = createBench();
  const told: string[] = [];
  const isThere = (minute: number): boolean => minute % 4 < 2 && minute < 100;
  for (let minute = 0; minute < 180; minute += 1) {
    told.push(...(await look(1, ...(isThere(minute) ? ['a'] : []))));
  }
  assert.ok(told.length <= 18, told.join('\n'));
  assert.match(told.at(-1) ?? '', /^Succeeded/);
});

test('what nobody takes is kept up to a hundred records; the rest is counted', async () => {
  const { log } = createBench();
  const keys = Array.from({ length: 130 }, (_, i) => `c${i}`);
  log.observe(keys.map((key) => condition(key)));
  const taken = log.take();
  assert.equal(taken.length, 101);
  assert.equal(taken[0]?.detail, 'c0 is bad');
  assert.match(taken[100]?.detail ?? '', /^30 more messages of the agent could not be kept/);
  assert.deepEqual(log.take(), []);
});

test('no more than two hundred conditions are known at a time', async () => {
  const { log, clock } = createBench();
  const keys = Array.from({ length: 250 }, (_, i) => `c${i}`);
  log.observe(keys.slice(0, 90).map((key) => condition(key)));
  log.take();
  log.observe(keys.slice(0, 180).map((key) => condition(key)));
  log.take();
  log.observe(keys.map((key) => condition(key)));
  const told = log.take().map(({ detail }) => detail);
  assert.equal(told.length, 21);
  assert.match(told.at(-1) ?? '', /^50 more conditions are not told one by one/);
  log.observe([]);
  log.observe([]);
  assert.equal(log.isOn('c0'), false);
  log.take();
  await clock.advance(61 * MINUTE);
  for (let looks = 0; looks < 3; looks += 1) {
    log.observe([]);
    log.take();
    await clock.advance(61 * MINUTE);
  }
  log.observe(keys.slice(200).map((key) => condition(key)));
  assert.equal(log.take().length, 50, 'what is long over has made room');
});

test('whoever waits is woken by the first record, or by the signal', async () => {
  const { log } = createBench();
  const abort = new AbortController();
  let woken = 0;
  const first = log.whenAny(abort.signal).then(() => woken++);
  log.observe([condition('a')]);
  await first;
  await log.whenAny(abort.signal);
  assert.equal(log.take().length, 1);
  const second = log.whenAny(abort.signal).then(() => woken++);
  abort.abort();
  await second;
  assert.equal(woken, 2);
});
