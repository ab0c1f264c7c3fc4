/** Addresses that cannot be listened on, beside others that can. */
import assert from 'node:assert/strict';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAgentError } from '../../../../../packages/agent/src/errors.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';
import { settle, until } from '../../../../support/until.ts';
import {
  connectTcp,
  connectUnix,
  LOOPBACK,
  type RunningSource,
  startSyslog,
} from './running-source.ts';

/** `level message` of what was said about addresses. */
function told(source: RunningSource): string[] {
  return source.host.log.entries.map(({ level, message }) => `${level}: ${message}`);
}

test('an address that cannot be listened on does not keep others from being', async (t) => {
  const path = join(await temporaryFolder(), 'missing', 'syslog.sock');
  const source = await startSyslog(t, { tcp: [LOOPBACK], unixStream: [path] });
  const socket = await connectTcp(source.described.tcp[0]!);
  socket.end('<13>over TCP\n');
  await until('it is read', () => source.messages().includes('over TCP'));
  assert.deepEqual(source.described.unixStream, []);
  const [failing] = source.described.failing;
  assert.equal(failing?.address, `unix ${path}`);
  assert.match(failing?.reason ?? '', /ENOENT.*make the folder .*missing/);
  const [entry] = source.host.log.entries;
  assert.equal(entry?.level, 'error');
  assert.deepEqual(entry?.facts, failing);
  await source.stop();
});

test('it is tried again, and listened on once it can be', async (t) => {
  const folder = join(await temporaryFolder(), 'missing');
  const path = join(folder, 'syslog.sock');
  const source = await startSyslog(t, { tcp: [LOOPBACK], unixStream: [path] });
  await mkdir(folder);
  await source.host.clock.advance(1_000);
  await until('it is listened on', () => source.described.unixStream.length === 1);
  assert.deepEqual(source.described.failing, []);
  const socket = await connectUnix(path);
  socket.end('<13>local\n');
  await until('it is read', () => source.messages().includes('local'));
  await source.stop();
  assert.match(told(source).at(-1)!, /^info: .*listened on now/);
});

test('a socket whose folder is removed is made again, and its connections stay', async (t) => {
  const folder = join(await temporaryFolder(), 'run');
  const path = join(folder, 'syslog.sock');
  await mkdir(folder);
  const source = await startSyslog(t, { tcp: [LOOPBACK], unixStream: [path] });
  assert.deepEqual(await readdir(folder), ['syslog.sock']);
  const early = await connectUnix(path);
  await source.host.clock.advance(60_000);
  assert.deepEqual(source.described.failing, []);
  await rm(folder, { recursive: true });
  await source.host.clock.advance(60_000);
  await until('it is noticed', () => source.described.failing.length === 1);
  const reason = (): string | undefined => source.described.failing[0]?.reason;
  assert.match(reason()!, /removed or replaced/);
  assert.match(told(source).at(-1)!, /^error: .*no longer be reached/);
  await mkdir(folder);
  await source.host.clock.advance(1_000);
  await until('it is listened on', () => source.described.unixStream.length === 1);
  assert.deepEqual(source.described.failing, []);
  early.end('<13>by the old connection\n');
  (await connectUnix(path)).end('<13>by a new one\n');
  await until('both are read', () => source.messages().length === 2);
  await source.stop();
  assert.deepEqual(await readdir(folder), []);
  assert.equal(source.host.clock.sleeping, 0);
});

test('a socket that another process put in its place is told and left alone', async (t) => {
  const folder = await temporaryFolder();
  const path = join(folder, 'syslog.sock');
  const source = await startSyslog(t, { tcp: [LOOPBACK], unixStream: [path] });
  const other = createServer((socket) => socket.destroy());
  await new Promise<void>((done) => other.listen(`${path}.other`, done));
  t.after(() => other.close());
  await rename(`${path}.other`, path);
  const { ino } = await stat(path);
  await source.host.clock.advance(60_000);
  await until('it is noticed', () => source.described.failing.length === 1);
  await source.host.clock.advance(1_000);
  const reason = (): string => source.described.failing[0]!.reason;
  await until('it is tried', () => /another process listens there/.test(reason()));
  await source.stop();
  assert.equal((await stat(path)).ino, ino);
});

test('pauses between the tries double up to a minute, and the log says it once', async (t) => {
  const taken = await startSyslog(t, { tcp: [LOOPBACK] });
  const wanted = [LOOPBACK, ...taken.described.tcp];
  const source = await startSyslog(t, { tcp: wanted });
  const pauses: number[] = [];
  for (let tries = 0; tries < 8; tries++) {
    await until('it waits', () => source.host.clock.nextWakeMs !== undefined);
    pauses.push(source.host.clock.nextWakeMs! / 1_000);
    await source.host.clock.advance(source.host.clock.nextWakeMs!);
    await settle();
  }
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
  assert.equal(told(source).filter((line) => line.startsWith('error')).length, 1);
  assert.match(source.described.failing[0]!.reason, /EADDRINUSE.*stop what listens there/);
  await source.stop();
  assert.equal(source.host.clock.sleeping, 0);
  await taken.stop();
});

test('a UDP port that is taken does not keep TCP from being listened on', async (t) => {
  const taken = await startSyslog(t, { udp: [LOOPBACK] });
  const source = await startSyslog(t, { tcp: [LOOPBACK], udp: [...taken.described.udp] });
  assert.equal(source.described.tcp.length, 1);
  assert.match(source.described.failing[0]!.address, /^udp 127\.0\.0\.1:\d+$/);
  await source.stop();
  await taken.stop();
});

test('when none can be listened on the source cannot go on, and says all reasons', async (t) => {
  const taken = await startSyslog(t, { tcp: [LOOPBACK] });
  const path = join(await temporaryFolder(), 'missing', 'syslog.sock');
  const nothing = startSyslog(t, { tcp: [...taken.described.tcp], unixStream: [path] });
  await assert.rejects(nothing, (error) => {
    assert.ok(isAgentError(error, 'LISTEN_FAILED'));
    assert.match(error.message, /EADDRINUSE.*ENOENT/);
    return true;
  });
  await taken.stop();
});
