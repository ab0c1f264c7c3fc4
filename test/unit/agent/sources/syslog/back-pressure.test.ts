import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';
import { settle, until } from '../../../../support/until.ts';
import {
  connectTcp,
  connectUnix,
  LOOPBACK,
  type RunningSource,
  sendDatagrams,
  startSyslog,
} from './running-source.ts';

const PADDING = 'x'.repeat(1000);
/** Batches that wait, the one handed over, the one that fills, and what one read brings. */
const HELD_MAX = 6 * 100 + (64 * 1024) / PADDING.length;
/** 40 MB: more than fits into the kernel's buffers on either side. */
const SENT = 40_000;

function gate(): { readonly taking: () => Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { taking: () => promise, open: resolve };
}

/** Writes numbered messages until all are gone; resolves then. */
async function send(socket: Socket, count: number): Promise<void> {
  for (let i = 0; i < count; i += 100) {
    const lines = Array.from({ length: 100 }, (_, k) => `<13>message ${i + k} ${PADDING}\n`).join(
      '',
    );
    if (!socket.write(lines)) await new Promise((resolve) => socket.once('drain', resolve));
  }
  socket.end();
}

async function checkThatSenderWaits(source: RunningSource, socket: Socket, open: () => void) {
  let isSent = false;
  const sent = send(socket, SENT).then(() => {
    isSent = true;
  });
  await until('reading has begun', () => source.described.messages > 200);
  let before = -1;
  while (before !== source.described.messages) {
    before = source.described.messages;
    await settle();
  }
  assert.equal(isSent, false);
  assert.ok(before <= HELD_MAX, `${before} messages were read ahead`);
  assert.equal(source.batches.length, 1);
  open();
  await sent;
  await until('all are there', () => source.records.length === SENT);
  await source.stop();
  source.records.forEach(({ message }, i) => {
    if (message !== `message ${i} ${PADDING}`) assert.fail(`${message} at ${i}`);
  });
}

test('a TCP sender waits while emit does, and loses nothing', async (t) => {
  const { taking, open } = gate();
  const source = await startSyslog(t, { tcp: [LOOPBACK], batchRecordsMax: 100 }, taking);
  const socket = await connectTcp(source.described.tcp[0]!);
  await checkThatSenderWaits(source, socket, open);
});

test('a Unix socket sender waits while emit does, and loses nothing', async (t) => {
  const folder = await temporaryFolder();
  const path = join(folder, 'syslog.sock');
  const { taking, open } = gate();
  const source = await startSyslog(t, { unixStream: [path], batchRecordsMax: 100 }, taking);
  await checkThatSenderWaits(source, await connectUnix(path), open);
});

test('a connection made while emit waits is read when there is room', async (t) => {
  const { taking, open } = gate();
  const source = await startSyslog(t, { tcp: [LOOPBACK], batchRecordsMax: 1 }, taking);
  const first = await connectTcp(source.described.tcp[0]!);
  first.end(Array.from({ length: 10 }, (_, i) => `<13>first ${i}\n`).join(''));
  await until('the outbox is full', () => source.described.messages === 10);
  const second = await connectTcp(source.described.tcp[0]!);
  second.end('<13>second\n');
  await until('it is accepted', () => source.described.connections >= 1);
  await settle();
  assert.equal(source.described.messages, 10);
  open();
  await until('it is read', () => source.messages().includes('second'));
  await source.stop();
  assert.equal(source.records.length, 11);
});

test('datagrams that come while nothing more can be held are dropped and counted', async (t) => {
  const { taking, open } = gate();
  const source = await startSyslog(t, { udp: [LOOPBACK], batchRecordsMax: 10 }, taking);
  const port = source.described.udp[0]!;
  const datagrams = Array.from({ length: 20 }, (_, i) => `<13>datagram ${i}`);
  await until('some are dropped', () => {
    void sendDatagrams(port, datagrams);
    return source.described.udpOverflow >= 30;
  });
  const kept = source.described.messages;
  assert.ok(kept <= 60, `${kept} were kept`);
  open();
  await until('all that was kept is there', () => source.records.length >= kept);
  await source.stop();
  const rejects = source.batches.flatMap((batch) => batch.rejects ?? []);
  assert.ok(rejects.every(({ reason }) => reason === 'udp overflow'));
  const rejected = rejects.reduce((sum, { count }) => sum + count, 0);
  assert.equal(rejected, source.described.udpOverflow);
});

test('the signal comes while emit waits: what was read is emitted, then the source ends', async (t) => {
  const { taking, open } = gate();
  const source = await startSyslog(t, { tcp: [LOOPBACK], batchRecordsMax: 10 }, taking);
  const socket = await connectTcp(source.described.tcp[0]!);
  const lines = Array.from({ length: 200 }, (_, i) => `<13>message ${i}\n`).join('');
  socket.write(lines);
  await until('all are read', () => source.described.messages === 200);
  const stopped = source.stop();
  await settle();
  assert.equal(source.batches.length, 1);
  open();
  await stopped;
  assert.equal(source.records.length, 200);
});
