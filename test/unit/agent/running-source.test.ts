import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentError } from '../../../packages/agent/src/errors.ts';
import { RunningSource } from '../../../packages/agent/src/running-source.ts';
import { createFakeHost, type FakeHost } from '../../support/fake-host.ts';
import { MoodyBuffer } from '../../support/moody-buffer.ts';
import {
  createPlayedSources,
  markingPipeline,
  type PlayedSource,
  type PlayOptions,
  plannedSource,
  storedRecords,
} from '../../support/played-sources.ts';
import { settle, until } from '../../support/until.ts';

interface Bench {
  readonly host: FakeHost;
  readonly buffer: MoodyBuffer;
  readonly source: RunningSource;
  readonly opened: readonly PlayedSource[];
  /** `level message reason` of what was logged since the last look. */
  log(): string[];
}

function run(options: PlayOptions = {}, pipeline = markingPipeline('p')): Bench {
  const host = createFakeHost();
  const buffer = new MoodyBuffer({ clock: host.clock });
  const { open, opened } = createPlayedSources(options);
  const source = new RunningSource(plannedSource('a'), pipeline, {
    commitIntervalMs: 0,
    host,
    buffer,
    open,
  });
  const log = (): string[] =>
    host.log.entries.splice(0).map(({ level, message, facts }) => {
      const { reason = '' } = facts as { reason?: string };
      return `${level}: ${message}: ${reason}`;
    });
  return { host, buffer, source, opened, log };
}

const full = new AgentError('BUFFER_FULL', 'the disk is full');

test('a source that fails is opened again at the cursors that were committed', async () => {
  const { host, source, opened, buffer } = run();
  await opened[0]!.emit([1], [{ key: 'logFiles:a#x', value: '10' }]);
  opened[0]!.fail(new Error('the file is gone'));
  await until('it has failed', () => source.status().state === 'failed');
  assert.equal(opened.length, 1);
  await host.clock.advance(1_000);
  assert.deepEqual([...opened[1]!.cursors], [['logFiles:a#x', '10']]);
  await opened[1]!.emit([2]);
  assert.deepEqual(storedRecords(buffer), ['1 by p', '2 by p']);
  await source.stop();
});

test('pauses double from a second to a minute', async () => {
  const { host, source } = run({ refuse: () => new Error('taken') });
  const pauses: number[] = [];
  for (let failure = 0; failure < 9; failure++) {
    await settle();
    pauses.push(host.clock.nextWakeMs!);
    await host.clock.advance(pauses.at(-1)!);
  }
  const seconds = pauses.map((ms) => ms / 1_000);
  assert.deepEqual(seconds, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
  await source.stop();
});

test('after more than a minute of reading the next failure is the first again', async () => {
  const { host, source, opened, log } = run();
  for (let failure = 0; failure < 3; failure++) {
    opened.at(-1)!.fail(new Error('gone'));
    await settle();
    await host.clock.advance(host.clock.nextWakeMs!);
  }
  log();
  await host.clock.advance(60_001);
  opened.at(-1)!.fail(new Error('gone'));
  await settle();
  assert.equal(host.clock.nextWakeMs, 1_000);
  assert.deepEqual(log(), ['error: a source cannot be read; it will be tried again: gone']);
  await source.stop();
});

test('a failure is told once as long as it is the same, and so is its end', async () => {
  const { host, source, opened, log } = run();
  const fail = async (reason: string): Promise<void> => {
    opened.at(-1)!.fail(new Error(reason));
    await settle();
    await host.clock.advance(host.clock.nextWakeMs!);
  };
  await fail('gone');
  await fail('gone');
  await fail('forbidden');
  assert.deepEqual(log(), [
    'error: a source cannot be read; it will be tried again: gone',
    'debug: a source still cannot be read: gone',
    'error: a source cannot be read; it will be tried again: forbidden',
  ]);
  await opened.at(-1)!.emit([1]);
  await opened.at(-1)!.emit([2]);
  assert.deepEqual(log(), ['info: a source is read again: ']);
  await source.stop();
});

test('a source that ends by itself is opened again', async () => {
  const { host, source, opened } = run();
  opened[0]!.end();
  await until('that counts as a failure', () => source.status().state === 'failed');
  assert.equal(source.status().lastFailure?.reason, 'the source ended by itself');
  await host.clock.advance(1_000);
  assert.equal(opened.length, 2);
  await source.stop();
});

for (const code of ['BUFFER_FULL', 'BUFFER_IO', 'BUFFER_CORRUPT', 'BUFFER_LOCKED'] as const) {
  test(`a source waits while the buffer says ${code}, and goes on without loss`, async () => {
    const { host, buffer, source, opened, log } = run();
    buffer.refusal = new AgentError(code, 'not now');
    let isTaken = false;
    const emitted = opened[0]!.emit([1, 2], [{ key: 'logFiles:a#x', value: '2' }]).then(() => {
      isTaken = true;
    });
    await until('it waits', () => source.status().state === 'waiting for space');
    for (let wait = 0; wait < 3; wait++) {
      await settle();
      const { state, lastFailure } = source.status();
      assert.deepEqual([state, lastFailure?.reason], ['waiting for space', 'not now']);
      await host.clock.advance(500);
    }
    assert.equal(isTaken, false, 'the source is held back');
    assert.deepEqual(storedRecords(buffer), []);
    buffer.refusal = undefined;
    await host.clock.advance(500);
    await emitted;
    assert.deepEqual(storedRecords(buffer), ['1 by p', '2 by p']);
    assert.deepEqual([...buffer.cursors('logFiles:a')], [['logFiles:a#x', '2']]);
    assert.equal(source.status().state, 'reading');
    assert.equal(opened.length, 1, 'it was never opened again');
    assert.deepEqual(log(), [
      'warn: the buffer takes nothing now; the source waits: not now',
      'info: a source is read again: ',
    ]);
    await source.stop();
  });
}

test('a refusal that no waiting ends fails the source, which begins at its cursors', async () => {
  const { host, buffer, source, opened } = run();
  buffer.refusal = new TypeError('a bug');
  await assert.rejects(opened[0]!.emit([1], [{ key: 'logFiles:a#x', value: '1' }]), TypeError);
  await until('it has failed', () => source.status().state === 'failed');
  buffer.refusal = undefined;
  await host.clock.advance(1_000);
  assert.deepEqual([...opened[1]!.cursors], []);
  await source.stop();
});

test('stop resolves after the last batch is durable', async () => {
  const { buffer, source } = run({ lastAct: (played) => played.emit([9]) });
  await source.stop();
  assert.deepEqual(storedRecords(buffer), ['9 by p']);
  assert.equal(source.status().state, 'stopped');
});

test('stop gives a batch that waits one more try, and no more', async () => {
  const { buffer, source, opened, log } = run();
  buffer.refusal = full;
  const emitted = opened[0]!.emit([1], [{ key: 'logFiles:a#x', value: '1' }]);
  await until('it was tried', () => buffer.tries === 1);
  await settle();
  log();
  await Promise.all([assert.rejects(emitted, { code: 'BUFFER_FULL' }), source.stop()]);
  assert.equal(buffer.tries, 2);
  assert.deepEqual(log(), [], 'it has a cursor, so it is read again');
});

test('records without a cursor that a stop loses are told', async () => {
  const { buffer, source, opened, host } = run();
  buffer.refusal = full;
  const emitted = assert.rejects(opened[0]!.emit([1, 2, 3]));
  await settle();
  await Promise.all([emitted, source.stop()]);
  const { message, facts } = host.log.entries.at(-1)!;
  assert.equal(message, 'records that were received could not be kept and are lost');
  assert.deepEqual(facts, {
    source: 'logFiles:a',
    records: 3,
    inLedger: 0,
    reason: 'the disk is full',
  });
});

test('stop ends a pause at once, and twice is harmless', async () => {
  const { host, source, opened } = run({ refuse: () => new Error('taken') });
  await settle();
  assert.equal(host.clock.sleeping, 1);
  await Promise.all([source.stop(), source.stop()]);
  assert.equal(host.clock.sleeping, 0);
  assert.equal(opened.length, 0);
});

test('fields that were cut are told once per flow, and counted in the status', async () => {
  const { source, opened, log } = run({}, markingPipeline('p', 2));
  await opened[0]!.emit([1]);
  await opened[0]!.emit([2]);
  assert.deepEqual(source.status().facts.truncatedFields, { f: 4 });
  assert.deepEqual(log(), ['warn: fields longer than the service takes, 64 KB, are cut: ']);
  await source.stop();
});

test('a source that cannot describe itself still has a status', async () => {
  const { source } = run({
    describe: () => {
      throw new Error('no facts');
    },
  });
  assert.deepEqual(source.status(), {
    key: 'logFiles:a',
    kind: 'logFiles',
    state: 'reading',
    facts: { unknown: 'no facts' },
  });
  await source.stop();
});
