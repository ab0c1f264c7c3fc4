/**
 * Thousands of syslog connections that send nothing, a byte now and then, or a frame that never
 * ends: the source's memory is bounded, and somebody who has something to say is heard.
 */
import assert from 'node:assert/strict';
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { SyslogSettings } from '../../packages/agent/src/sources/syslog/syslog.ts';
import type { SyslogProcessReport } from '../support/syslog-process.ts';

const PROGRAM = fileURLToPath(new URL('../support/syslog-process.ts', import.meta.url));
const MEGABYTE = 1024 * 1024;
/** What a process has open beside connections. */
const FILES_BESIDE = 200;

interface Listening {
  readonly port: number;
  report(): Promise<SyslogProcessReport>;
  /** Asks until it is true. */
  until(
    what: string,
    isTrue: (report: SyslogProcessReport) => boolean,
  ): Promise<SyslogProcessReport>;
}

async function listen(t: TestContext, settings: SyslogSettings): Promise<Listening> {
  const tcp = [{ address: '127.0.0.1', port: 0 }];
  const child = fork(PROGRAM, [JSON.stringify({ tcp, ...settings })], {
    execArgv: ['--conditions=dcr-agent-source', '--expose-gc'],
  });
  t.after(() => child.disconnect());
  const [port] = (await once(child, 'message')) as [number];
  const report = async (): Promise<SyslogProcessReport> => {
    child.send('report');
    const [answer] = (await once(child, 'message')) as [SyslogProcessReport];
    return answer;
  };
  return {
    port,
    report,
    async until(what, isTrue) {
      for (let asked = 0; asked < 1_000; asked++) {
        const answer = await report();
        if (isTrue(answer)) return answer;
      }
      throw new Error(`still waiting until ${what}`);
    },
  };
}

/** `count` connections, or as many as the system lets a process have, which is told then. */
async function crowd(t: TestContext, { port }: Listening, wanted: number): Promise<Socket[]> {
  const allowed = filesMax() - FILES_BESIDE;
  const count = Math.min(wanted, allowed);
  if (count < wanted) t.diagnostic(`only ${count} connections: more open files are not allowed`);
  const sockets: Socket[] = [];
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(100, count - sockets.length) }, () =>
      connect({ host: '127.0.0.1', port }).on('error', () => {}),
    );
    sockets.push(...some);
    await Promise.all(some.map((socket) => once(socket, 'connect')));
  }
  return sockets;
}

/** Node.js raises its own limit to this one. */
function filesMax(): number {
  if (process.platform === 'win32') return 4_096;
  const limit = execFileSync('/bin/sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
}

async function write(socket: Socket, bytes: string | Buffer): Promise<void> {
  if (!socket.write(bytes)) await once(socket, 'drain');
}

function kilobytesEach(after: number, before: number, count: number): number {
  return (after - before) / count / 1024;
}

test('ten thousand idle connections cost little each, and keep nobody out', async (t) => {
  const source = await listen(t, { connectionsMax: 10_000, repeatsPerSecondMax: 1_000 });
  const before = await source.report();
  const { length } = await crowd(t, source, 10_000);
  const after = await source.until('all are there', (now) => now.described.connections === length);
  const each = kilobytesEach(after.memoryBytes, before.memoryBytes, length);
  const resident = kilobytesEach(after.residentBytes, before.residentBytes, length);
  t.diagnostic(`${each.toFixed(1)} KB each, ${resident.toFixed(1)} KB resident`);
  assert.ok(each < 6, `${each} KB each`);
  const other = connect({ host: '127.0.0.1', port: source.port, localAddress: '127.0.0.2' });
  t.after(() => other.destroy());
  other.write('<13>heard\n');
  await source.until('it is heard', ({ described }) => described.messages === 1);
});

test('a thousand senders that drip bytes of frames that never end hold next to nothing', async (t) => {
  const source = await listen(t, { frameBytesMax: MEGABYTE });
  const sockets = await crowd(t, source, 1_000);
  await source.until('all are there', (now) => now.described.connections === sockets.length);
  const before = await source.report();
  for (const part of ['1', '0', '48576', ' ', '<', '1', '3', '>', ...'drip drip drip']) {
    await Promise.all(sockets.map((socket) => write(socket, part)));
  }
  const isHeld = ({ described }: SyslogProcessReport): boolean =>
    (described.unfinishedBytes as number) >= sockets.length * 256;
  const after = await source.until('bytes are held', isHeld);
  const each = kilobytesEach(after.memoryBytes, before.memoryBytes, sockets.length);
  t.diagnostic(`${each.toFixed(1)} KB each`);
  assert.ok(each < 2, `${each} KB each`);
  const sender = sockets[500]!;
  sender.write(`${'x'.repeat(1_048_576 - 18)}8 <13>next`);
  const { longestBytes } = await source.until(
    'one ends its frame',
    ({ described }) => described.messages === 2,
  );
  assert.equal(longestBytes, 1_048_576 - '<13>'.length);
});

/** Together they would hold 250 MB; beside the bound of 64 is what waits to be collected. */
test('a thousand senders that each leave a long message open share a bound', async (t) => {
  const source = await listen(t, { frameBytesMax: MEGABYTE / 4 });
  const sockets = await crowd(t, source, 1_000);
  await source.until('all are there', (now) => now.described.connections === sockets.length);
  const before = await source.report();
  const open = Buffer.concat([Buffer.from('262144 <13>'), Buffer.alloc(MEGABYTE / 4 - 1_000, 'x')]);
  let most = 0;
  for (let i = 0; i < sockets.length; i += 100) {
    await Promise.all(sockets.slice(i, i + 100).map((socket) => write(socket, open)));
    most = Math.max(most, (await source.report()).memoryBytes - before.memoryBytes);
  }
  const { described } = await source.until(
    'most are cut',
    (now) => (now.described.truncatedForMemory as number) >= sockets.length - 4 * 64,
  );
  t.diagnostic(`${(most / MEGABYTE).toFixed(0)} MB at most`);
  assert.ok(most < 190 * MEGABYTE, `${most / MEGABYTE} MB`);
  assert.equal(described.messages, described.truncatedForMemory);
});
