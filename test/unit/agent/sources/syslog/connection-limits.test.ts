/** What happens when a listener has all the connections it may have. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { LogEntry } from '../../../../support/recorded-log.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';
import { settle, until } from '../../../../support/until.ts';
import {
  connectTcp,
  connectUnix,
  LOOPBACK,
  type RunningSource,
  startSyslog,
} from './running-source.ts';

/** After that a connection may have to give way. */
const IDLE_MS = 60_000;

const CROWDED = 'A syslog listener has all the connections it may have';

async function connectAll(t: TestContext, source: RunningSource, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let i = 1; i <= count; i++) {
    const socket = await connectTcp(source.described.tcp[0]!);
    t.after(() => socket.destroy());
    sockets.push(socket);
    await until('it is accepted', () => source.described.connections === i);
  }
  return sockets;
}

/** One more, and how it ends: `kept` when its message arrives. */
async function tryOneMore(source: RunningSource, message: string): Promise<'kept' | 'refused'> {
  const refusedBefore = source.described.connectionsRefused;
  const socket = await connectTcp(source.described.tcp[0]!);
  socket.end(`<13>${message}\n`);
  const isRefused = (): boolean => source.described.connectionsRefused > refusedBefore;
  await until('it is decided', () => isRefused() || source.messages().includes(message));
  return isRefused() ? 'refused' : 'kept';
}

function crowdedEntries(source: RunningSource): readonly LogEntry[] {
  return source.host.log.entries.filter(({ message }) => message.startsWith(CROWDED));
}

test('connections beyond the limit are closed and counted', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK], connectionsMax: 2 });
  const [first] = await connectAll(t, source, 2);
  assert.equal(await tryOneMore(source, 'too many'), 'refused');
  assert.equal(source.described.connections, 2);
  first!.end();
  await until('one is closed', () => source.described.connections === 1);
  assert.equal(await tryOneMore(source, 'late'), 'kept');
  await source.stop();
});

test('clients of one listener do not use up the connections of another', async (t) => {
  const path = join(await temporaryFolder(), 'syslog.sock');
  const settings = { tcp: [LOOPBACK], unixStream: [path], connectionsMax: 2 };
  const source = await startSyslog(t, settings);
  await connectAll(t, source, 2);
  const local = await connectUnix(path);
  local.end('<13>local\n');
  await until('it is read', () => source.messages().includes('local'));
  assert.equal(source.described.connectionsRefused, 0);
  await source.stop();
});

test('a new connection takes the place of the one that was idle for longest', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK], connectionsMax: 3 });
  const [first, second, third] = await connectAll(t, source, 3);
  third!.resume();
  first!.write('<13>half a mess');
  second!.write('<13>not the idlest\n');
  await until('it is read', () => source.records.length === 1);
  await source.host.clock.advance(IDLE_MS - 1);
  first!.write('age');
  await settle();
  second!.write('<13>now\n');
  await until('it is read', () => source.records.length === 2);
  await source.host.clock.advance(2);
  const closed = once(third!, 'close');
  assert.equal(await tryOneMore(source, 'new'), 'kept');
  await closed;
  assert.equal(source.described.connectionsClosedIdle, 1);
  first!.end('\n');
  await until('the first was not closed', () => source.messages().includes('half a message'));
  await source.stop();
});

test('idle connections are left alone for hours while there is room', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK], connectionsMax: 3 });
  const [first] = await connectAll(t, source, 2);
  await source.host.clock.advance(24 * 60 * IDLE_MS);
  assert.equal(await tryOneMore(source, 'third'), 'kept');
  first!.end('<13>after a day\n');
  await until('it is read', () => source.messages().includes('after a day'));
  assert.equal(source.described.connectionsClosedIdle, 0);
  await source.stop();
});

test('a connection that could not be read was not idle', async (t) => {
  const { promise: taking, resolve: open } = Promise.withResolvers<void>();
  const settings = { tcp: [LOOPBACK], connectionsMax: 1, batchRecordsMax: 1 };
  const source = await startSyslog(t, settings, () => taking);
  const [only] = await connectAll(t, source, 1);
  only!.write(Array.from({ length: 10 }, (_, i) => `<13>first ${i}\n`).join(''));
  await until('the outbox is full', () => source.described.messages === 10);
  await source.host.clock.advance(10 * IDLE_MS);
  assert.equal(await tryOneMore(source, 'while paused'), 'refused');
  open();
  await until('all is handed over', () => source.records.length === 10);
  await source.host.clock.advance(IDLE_MS - 1);
  assert.equal(await tryOneMore(source, 'soon after'), 'refused');
  await source.host.clock.advance(2);
  assert.equal(await tryOneMore(source, 'a minute after'), 'kept');
  await source.stop();
});

test('the log says so once a minute, with what has added up', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK], connectionsMax: 1 });
  await connectAll(t, source, 1);
  for (let i = 0; i < 3; i++) await tryOneMore(source, `early ${i}`);
  assert.equal(crowdedEntries(source).length, 1);
  await source.host.clock.advance(IDLE_MS + 1);
  await tryOneMore(source, 'takes the place');
  await source.stop();
  const told = crowdedEntries(source).map(({ level, facts }) => ({ level, ...facts }));
  const facts = { level: 'warn', listener: 'tcp 127.0.0.1:0', connectionsMax: 1 };
  assert.deepEqual(told, [
    { ...facts, refused: 1, closedIdle: 0, closedUnfair: 0 },
    { ...facts, refused: 2, closedIdle: 0, closedUnfair: 0 },
    { ...facts, refused: 0, closedIdle: 1, closedUnfair: 0 },
  ]);
});
