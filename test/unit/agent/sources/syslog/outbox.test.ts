import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Batch, SyslogRecord } from '../../../../../packages/agent/src/record.ts';
import { Outbox } from '../../../../../packages/agent/src/sources/syslog/outbox.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { fieldsOf } from '../../../../support/syslog-records.ts';
import { settle } from '../../../../support/until.ts';

const toEpochMs = (wallMs: number): number => wallMs;
const ARRIVAL = { receivedAtMs: 0, senderAddress: '' };

function add(outbox: Outbox, message: string): void {
  const bytes = Buffer.from(message);
  outbox.add(bytes, 0, bytes.length, ARRIVAL);
}

function messagesOf({ records }: Batch<SyslogRecord>): string[] {
  const messages: string[] = [];
  records.each((record) => void messages.push(fieldsOf(record).message));
  return messages;
}

/** An outbox whose batches are taken one by one, when the test says so. */
function open(options: { batchRecordsMax?: number } = {}) {
  const clock = new ManualClock();
  const outbox = new Outbox({ batchRecordsMax: 3, batchDelayMs: 50, ...options, clock, toEpochMs });
  const handed: Batch<SyslogRecord>[] = [];
  const releases: (() => void)[] = [];
  const emit = (batch: Batch<SyslogRecord>): Promise<void> => {
    handed.push(batch);
    return new Promise((resolve) => releases.push(resolve));
  };
  const release = async (): Promise<void> => {
    releases.shift()!();
    await settle();
  };
  const messages = (): string[][] => handed.map(messagesOf);
  return { clock, outbox, handed, release, messages, delivered: outbox.deliver(emit) };
}

test('a record waits for others as long as the delay, no longer', async () => {
  const { clock, outbox, messages } = open();
  add(outbox, 'a');
  await clock.advance(30);
  add(outbox, 'b');
  await clock.advance(19);
  assert.deepEqual(messages(), []);
  await clock.advance(1);
  assert.deepEqual(messages(), [['a', 'b']]);
});

test('a full batch goes at once', async () => {
  const { outbox, messages, clock } = open();
  for (const name of ['a', 'b', 'c', 'd']) add(outbox, name);
  await settle();
  assert.deepEqual(messages(), [['a', 'b', 'c']]);
  assert.equal(clock.sleeping, 0);
});

test('one batch is handed over at a time, and the next gathers meanwhile', async () => {
  const { clock, outbox, messages, release } = open();
  add(outbox, 'a');
  await clock.advance(50);
  add(outbox, 'b');
  await clock.advance(500);
  assert.deepEqual(messages(), [['a']]);
  await release();
  assert.deepEqual(messages(), [['a'], ['b']]);
});

test('nothing sleeps and nothing is handed over while nothing comes', async () => {
  const { clock, messages } = open();
  await clock.advance(10_000);
  assert.deepEqual(messages(), []);
  assert.equal(clock.sleeping, 0);
});

test('there is no room while as many batches wait as may', async () => {
  const { outbox, release } = open({ batchRecordsMax: 1 });
  let added = 0;
  while (outbox.hasRoom) {
    add(outbox, 'x');
    added += 1;
    await settle();
  }
  assert.equal(added, 5);
  let hasRoom = false;
  const room = outbox.whenRoom().then(() => {
    hasRoom = true;
  });
  await settle();
  assert.equal(hasRoom, false);
  await release();
  await room;
  assert.ok(outbox.hasRoom);
});

test('long messages fill a batch and use up the room by their length', async () => {
  const { outbox, messages } = open({ batchRecordsMax: 1_000_000 });
  const long = 'x'.repeat(40_000);
  let added = 0;
  while (outbox.hasRoom) {
    add(outbox, long);
    added += 1;
  }
  await settle();
  assert.equal(added, 8);
  assert.equal(messages()[0]?.length, 2);
});

test('rejects are counted by reason and go with the next batch, or alone', async () => {
  const { clock, outbox, handed, messages, release } = open();
  add(outbox, 'a');
  outbox.reject('udp overflow');
  outbox.reject('udp overflow');
  await clock.advance(50);
  assert.deepEqual(handed[0]?.rejects, [{ reason: 'udp overflow', count: 2 }]);
  await release();
  outbox.reject('udp overflow');
  await clock.advance(50);
  assert.deepEqual(messages()[1], []);
  assert.deepEqual(handed[1]?.rejects, [{ reason: 'udp overflow', count: 1 }]);
});

test('a closed outbox hands over what it has, without the delay, and is done', async () => {
  const { outbox, messages, release, delivered } = open();
  for (const name of ['a', 'b', 'c', 'd']) add(outbox, name);
  outbox.close();
  await settle();
  await release();
  await release();
  await delivered;
  assert.deepEqual(messages(), [['a', 'b', 'c'], ['d']]);
});

test('what emit rejects with ends the delivery', async () => {
  const outbox = new Outbox({
    batchRecordsMax: 1,
    batchDelayMs: 1,
    clock: new ManualClock(),
    toEpochMs,
  });
  const delivered = outbox.deliver(() => Promise.reject(new Error('shutting down')));
  add(outbox, 'a');
  await assert.rejects(delivered, /shutting down/);
});

test('what is left after a refusal is handed over once, whatever emit says to it', async () => {
  const outbox = new Outbox({
    batchRecordsMax: 2,
    batchDelayMs: 1,
    clock: new ManualClock(),
    toEpochMs,
  });
  const handed: Batch<SyslogRecord>[] = [];
  const refuse = (batch: Batch<SyslogRecord>): Promise<void> => {
    handed.push(batch);
    return Promise.reject(new Error('no room'));
  };
  for (const name of ['a', 'b', 'c', 'd', 'e']) add(outbox, name);
  outbox.reject('udp overflow');
  assert.equal(outbox.recordCount, 5);
  await assert.rejects(outbox.deliver(refuse), /no room/);
  assert.equal(outbox.recordCount, 3);
  await outbox.handOverRest(refuse);
  await outbox.handOverRest(refuse);
  const records = handed.map(messagesOf);
  assert.deepEqual(records, [['a', 'b'], ['c', 'd'], ['e']]);
  assert.equal(handed.flatMap(({ rejects = [] }) => rejects).length, 1);
  assert.equal(outbox.recordCount, 0);
});
