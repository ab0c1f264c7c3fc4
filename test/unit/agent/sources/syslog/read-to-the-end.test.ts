/** A syslog source that stops while senders still send: what they got rid of is read. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { readToTheEnd } from '../../../../../packages/agent/src/sources/syslog/read-to-the-end.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { settle, until } from '../../../../support/until.ts';
import { LOOPBACK, startSyslog } from './running-source.ts';

/** A sender that is told of an end and goes on until it wants to end itself. */
async function connectHalfOpen(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  await once(socket, 'connect');
  return socket.resume();
}

test('a sender is told of the stop, and what it sends until it ends is kept', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK] });
  const sender = await connectHalfOpen(source.described.tcp[0]!.port);
  sender.write('<13>before\n');
  await until('the first has come', () => source.messages().length === 1);
  const told = once(sender, 'end');
  const stopped = source.stop();
  await told;
  const late = Array.from({ length: 5_000 }, (_, n) => `<13>late ${n}`);
  sender.end(`${late.join('\n')}\n`);
  await stopped;
  assert.equal(source.messages().length, 1 + late.length);
  assert.equal(source.messages().at(-1), 'late 4999');
});

test('a sender that neither ends nor sends is waited for a moment, and then no more', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK] });
  const sender = await connectHalfOpen(source.described.tcp[0]!.port);
  const closed = once(sender, 'close');
  const told = once(sender, 'end');
  let isStopped = false;
  const stopped = source.stop().then(() => {
    isStopped = true;
  });
  await told;
  await until('it waits', () => source.host.clock.sleeping > 0);
  await source.host.clock.advance(200);
  assert.equal(isStopped, false);
  while (!isStopped) await source.host.clock.advance(50);
  await stopped;
  sender.end();
  await closed;
});

test('a sender that never pauses is read for some seconds, and no longer', async () => {
  const clock = new ManualClock();
  let looks = 0;
  await readToTheEnd({
    clock,
    whenRoom: async () => {},
    // Each look finds one more byte, a little later.
    received: () => {
      looks += 1;
      if (looks % 2 === 0) void clock.advance(1);
      return looks;
    },
    mayCome: () => true,
  });
  assert.ok(clock.monotonic() >= 3_000 && clock.monotonic() < 3_100, `${clock.monotonic()}`);
});

test('the time in which nothing can be read does not count', async () => {
  const clock = new ManualClock();
  const room = Promise.withResolvers<void>();
  let received = 0;
  let isOver = false;
  const over = readToTheEnd({
    clock,
    whenRoom: async () => {
      await room.promise;
      if (received === 0) received = 1;
    },
    received: () => received,
    mayCome: () => received < 1,
  }).then(() => {
    isOver = true;
  });
  await clock.advance(60_000);
  await settle();
  assert.equal(isOver, false);
  room.resolve();
  await over;
  assert.equal(received, 1);
});

test('connections that nobody has accepted yet are, and what was sent on them is kept', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK] });
  const { port } = source.described.tcp[0]!;
  const senders = Array.from({ length: 100 }, () => connect({ host: '127.0.0.1', port }));
  await Promise.all(senders.map((sender) => once(sender, 'connect')));
  senders.forEach((sender, n) => void sender.resume().end(`<13>from ${n}\n`));
  await source.stop();
  assert.equal(source.messages().length, senders.length);
});
