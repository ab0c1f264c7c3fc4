import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAgentError } from '../../../../../packages/agent/src/errors.ts';
import { DEFAULT_PORT } from '../../../../../packages/agent/src/sources/syslog/listen.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';
import { until } from '../../../../support/until.ts';
import { connectTcp, connectUnix, LOOPBACK, sendDatagrams, startSyslog } from './running-source.ts';

/** Listens as journald and syslog daemons do at `/dev/log`. */
const READ_DATAGRAMS = `
import socket, sys, time
reader = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
reader.bind(sys.argv[1])
print("bound", flush=True)
time.sleep(60)`;

test('messages over TCP become records with the address of their sender', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK] });
  const socket = await connectTcp(source.described.tcp[0]!);
  socket.end('<38>Mar  1 10:11:12 web-01 sshd[42]: one\n15 <39>sshd: a\nb c');
  await until('both messages are there', () => source.records.length === 2);
  await source.stop();
  assert.deepEqual(source.records, [
    {
      facility: 4,
      severity: 6,
      eventTimeMs: Date.UTC(2025, 2, 1, 10, 11, 12),
      receivedAtMs: source.host.clock.now(),
      host: 'web-01',
      senderAddress: '127.0.0.1',
      ident: 'sshd',
      processId: '42',
      message: 'one',
    },
    {
      facility: 4,
      severity: 7,
      eventTimeMs: null,
      receivedAtMs: source.host.clock.now(),
      host: '',
      senderAddress: '127.0.0.1',
      ident: 'sshd',
      processId: '',
      message: 'a\nb c',
    },
  ]);
});

test('a datagram is a message, line feeds inside it included', async (t) => {
  const source = await startSyslog(t, { udp: [LOOPBACK] });
  await sendDatagrams(source.described.udp[0]!, ['<13>one\ntwo\n', '\n', '<13>three\0']);
  await until('both messages are there', () => source.records.length === 2);
  await source.stop();
  assert.deepEqual(source.messages(), ['one\ntwo', 'three']);
  assert.equal(source.records[0]?.senderAddress, '127.0.0.1');
});

test('a Unix socket is for its owner and group, and is gone afterwards', async (t) => {
  const folder = await temporaryFolder();
  const path = join(folder, 'syslog.sock');
  const source = await startSyslog(t, { unixStream: [path] });
  assert.equal((await stat(path)).mode & 0o777, 0o660);
  const socket = await connectUnix(path);
  socket.end('<13>local\n');
  await until('the message is there', () => source.records.length === 1);
  await source.stop();
  assert.equal(source.records[0]?.senderAddress, '');
  await assert.rejects(stat(path), { code: 'ENOENT' });
});

test('a socket file that nobody listens on is replaced', async (t) => {
  const path = join(await temporaryFolder(), 'stale.sock');
  await leaveStaleSocket(path);
  assert.ok((await stat(path)).isSocket());
  const source = await startSyslog(t, { unixStream: [path] });
  await source.stop();
});

test('a socket that somebody listens on is left alone', async (t) => {
  const path = join(await temporaryFolder(), 'used.sock');
  const other = createServer().listen(path);
  t.after(() => other.close());
  await assert.rejects(startSyslog(t, { unixStream: [path] }), listenFailed(/another process/));
  assert.ok((await stat(path)).isSocket());
});

test('a file that is no socket is left alone', async (t) => {
  const path = join(await temporaryFolder(), 'notes.txt');
  await writeFile(path, 'precious');
  await assert.rejects(startSyslog(t, { unixStream: [path] }), listenFailed(/not a socket/));
  assert.equal((await stat(path)).size, 8);
});

test('a datagram socket is left alone, by whatever name, and told as what it is', async (t) => {
  const path = join(await temporaryFolder(), 'datagrams.sock');
  const reader = spawn('python3', ['-c', READ_DATAGRAMS, path], { stdio: 'pipe' });
  t.after(() => reader.kill());
  const isThere = await Promise.race([
    once(reader.stdout, 'data').then(() => true),
    once(reader, 'error').then(() => false),
  ]);
  if (!isThere) return t.skip('needs python3: Node.js has no Unix datagram sockets');
  const link = `${path}.link`;
  await symlink(path, link);
  for (const name of [path, link]) {
    await assert.rejects(
      startSyslog(t, { unixStream: [name] }),
      listenFailed(/is for datagrams.*leave it to the syslog daemon.*sources\.syslog\.tcp/),
    );
  }
  assert.ok((await stat(path)).isSocket());
});

test('when the default port is taken the next free one is used, and the log says so', async (t) => {
  const wanted = { address: '127.0.0.1', port: DEFAULT_PORT };
  const first = await startSyslog(t, { tcp: [wanted], udp: [wanted] });
  const second = await startSyslog(t, { tcp: [wanted], udp: [wanted] });
  const ports = [first, second].map(({ described }) => described.tcp[0]!.port);
  await second.stop();
  await first.stop();
  assert.ok(ports[0]! >= DEFAULT_PORT && ports[1]! > ports[0]!, String(ports));
  assert.match(second.host.log.entries[0]!.message, /port is taken/);
});

test('when the only port is taken the source cannot go on', async (t) => {
  const first = await startSyslog(t, { tcp: [LOOPBACK], udp: [LOOPBACK] });
  const { tcp, udp } = first.described;
  await assert.rejects(startSyslog(t, { tcp: [...tcp] }), listenFailed(/EADDRINUSE/));
  await assert.rejects(startSyslog(t, { udp: [...udp] }), listenFailed(/EADDRINUSE/));
  await first.stop();
});

test('a message that is too long is cut and counted, over TCP and UDP', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK], udp: [LOOPBACK], frameBytesMax: 500 });
  const long = `<13>${'x'.repeat(2000)}`;
  const socket = await connectTcp(source.described.tcp[0]!);
  socket.end(`${long}\n<13>next\n`);
  await sendDatagrams(source.described.udp[0]!, [long]);
  await until('all three are there', () => source.records.length === 3);
  await source.stop();
  const lengths = source.messages().map((message) => message.length);
  assert.deepEqual(lengths.sort(), [4, 496, 496]);
  assert.equal(source.described.truncated, 2);
});

test('messages whose header lacks something are kept whole and counted by what it lacks', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK] });
  const socket = await connectTcp(source.described.tcp[0]!);
  const texts = [
    'what is this',
    '<',
    'Mar  1 10:11:12 host app: without priority',
    '<192>beyond',
    '<1234>beyond',
    '<12',
    '<13>without time',
    '<13>1 2025-03-01 host app - - - not that form',
    '<13>1 2025-03-01T10:11:12Z host app 1 m',
    '<13>1 - host app - - - whole',
    '<13>Mar  1 10:11:12 host app: whole',
  ];
  socket.end(texts.map((text) => `${text}\n`).join(''));
  await until('all are there', () => source.records.length === texts.length);
  await source.stop();
  assert.deepEqual(source.messages().slice(0, 2), ['what is this', '<']);
  assert.deepEqual(source.messages().slice(3, 7), [...texts.slice(3, 6), 'without time']);
  assert.deepEqual(source.described.unparsed, {
    'no priority': 4,
    'priority out of range': 2,
    'no time': 1,
    'RFC 5424 header incomplete': 2,
  });
});

test('what is no UTF-8 is repaired and counted', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK] });
  const socket = await connectTcp(source.described.tcp[0]!);
  socket.end(Buffer.from('<13>caf\xe9\n<13>fine\n', 'latin1'));
  await until('both are there', () => source.records.length === 2);
  await source.stop();
  assert.deepEqual(source.messages(), ['caf\uFFFD', 'fine']);
  assert.equal(source.described.repaired, 1);
});

test('a sender that repeats itself is cut short, counted and told of once', async (t) => {
  const settings = { tcp: [LOOPBACK], udp: [LOOPBACK], repeatsPerSecondMax: 100 };
  const source = await startSyslog(t, settings);
  const socket = await connectTcp(source.described.tcp[0]!);
  socket.write('<13>again\n');
  await until('the first one came', () => source.messages().includes('again'));
  socket.end(`${'<13>again\n'.repeat(4_999)}<13>and on\n`);
  await until('it is over', () => source.messages().includes('and on'));
  await sendDatagrams(source.described.udp[0]!, Array<string>(150).fill('<13>datagram'));
  await sendDatagrams(source.described.udp[0]!, ['<13>last datagram']);
  await until('that, too', () => source.messages().includes('last datagram'));
  await source.host.clock.advance(60_000);
  const told = source.host.log.entries.filter(({ message }) => /repeats one message/.test(message));
  assert.equal(told.length, 2);
  const toldCounts = told.map(({ facts }) => (facts as { repeated: number }).repeated);
  assert.equal(toldCounts[0]! + toldCounts[1]!, 4_950, 'the rest is told when the storm is over');
  await source.stop();
  assert.equal(source.records.length, 100 + 1 + 100 + 1);
  assert.equal(source.described.repeated, 4_950);
  assert.equal(source.described.messages, 202);
  const rejects = source.batches.flatMap((batch) => batch.rejects ?? []);
  assert.deepEqual(new Set(rejects.map(({ reason }) => reason)), new Set(['repeated too often']));
  assert.equal(
    rejects.reduce((sum, { count }) => sum + count, 0),
    4_950,
  );
});

test('segments of one message are put together, and come out alone at a stop', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK] });
  const socket = await connectTcp(source.described.tcp[0]!);
  const head = '<181>Mar  1 10:11:12 ise01 CISE_Passed_Authentications';
  const lines = ['7 2 0 one,', '8 3 0 never whole,', '7 2 1 two', '8 3 2 nor this'];
  socket.write(`${lines.map((line) => `${head} ${line}\n`).join('')}<13>other\n`);
  await until('the whole ones are there', () => source.records.length === 2);
  assert.equal(source.described.segmentsWaiting, 2);
  await source.stop();
  const texts = source.messages().map((text) => text.replace(/^CISE_\w+ /, ''));
  assert.deepEqual(texts, ['7 2 0 one,two', 'other', '8 3 0 never whole,', '8 3 2 nor this']);
  const { segmentsJoined, segmentsAlone, segmentsWaiting, messages } = source.described;
  assert.deepEqual([segmentsJoined, segmentsAlone, segmentsWaiting, messages], [1, 2, 0, 4]);
});

test('what had arrived when the signal came is emitted, unfinished frames too', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK], udp: [LOOPBACK] });
  const socket = await connectTcp(source.described.tcp[0]!);
  await until('it is accepted', () => source.described.connections === 1);
  const lines = Array.from({ length: 20_000 }, (_, i) => `<13>m ${i}\n`).join('');
  await new Promise((resolve) => socket.write(`${lines}<13>unfinished`, resolve));
  await sendDatagrams(source.described.udp[0]!, ['<13>datagram']);
  await source.stop();
  assert.ok(source.messages().includes('datagram'));
  assert.ok(source.messages().includes('m 19999'));
  assert.ok(source.messages().includes('unfinished'));
  assert.equal(source.records.length, 20_002);
});

test('a source whose emit refuses during shutdown still ends well', async (t) => {
  const { promise: refused, reject: refuse } = Promise.withResolvers<void>();
  const source = await startSyslog(t, { tcp: [LOOPBACK] }, () => refused);
  const socket = await connectTcp(source.described.tcp[0]!);
  socket.write('<13>a\n');
  await until('it was handed over', () => source.batches.length === 1);
  const stopped = source.stop();
  refuse(new Error('closed'));
  await stopped;
});

test('what emit rejects with before the signal ends the source', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK] }, () => Promise.reject(new Error('full')));
  const socket = await connectTcp(source.described.tcp[0]!);
  socket.write('<13>a\n');
  await until('it was handed over', () => source.batches.length === 1);
  await until('the connection is closed', () => source.described.connections === 0);
  await assert.rejects(source.stop(), /full/);
});

test('a source with nothing to listen on waits for the signal', async (t) => {
  const source = await startSyslog(t, {});
  await source.stop();
  assert.deepEqual(source.batches, []);
});

function listenFailed(message: RegExp): (error: unknown) => boolean {
  return (error) => isAgentError(error, 'LISTEN_FAILED') && message.test(error.message);
}

/** A process that dies leaves its socket's file; so does a server whose file was renamed. */
async function leaveStaleSocket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${path}.first`, resolve));
  await rename(`${path}.first`, path);
  await new Promise((resolve) => server.close(resolve));
}
