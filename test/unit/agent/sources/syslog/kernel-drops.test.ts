/** Datagrams that the kernel drops, because they come faster than they are read. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import type { PortAddress } from '../../../../../packages/agent/src/sources/syslog/listen.ts';
import { until } from '../../../../support/until.ts';
import { LOOPBACK, startSyslog } from './running-source.ts';

const ON_LINUX = { skip: process.platform !== 'linux' && 'only Linux tells' };
/** 40 MB: more than any receive buffer that is granted. */
const SENT = 40_000;
const DATAGRAM = Buffer.from(`<13>${'x'.repeat(1_000)}`);
const LOOK_INTERVAL_MS = 10_000;

/** Sends all of them before anything else in this process runs; resolves when they have left. */
async function flood({ address, port }: PortAddress): Promise<void> {
  const socket = createSocket('udp4');
  socket.connect(port, address);
  await once(socket, 'connect');
  let left = SENT;
  await new Promise<void>((resolve) => {
    const leave = (): void => {
      left -= 1;
      if (left === 0) resolve();
    };
    for (let i = 0; i < SENT; i++) socket.send(DATAGRAM, leave);
  });
  socket.close();
}

test('what the kernel drops is counted: every datagram is accounted for', ON_LINUX, async (t) => {
  const source = await startSyslog(t, { udp: [LOOPBACK] });
  await flood(source.described.udp[0]!);
  await source.stop();
  const { messages, udpOverflow, udpKernelDrops } = source.described;
  assert.ok(udpKernelDrops! > 0, 'the flood was too small');
  assert.equal(messages + udpOverflow + udpKernelDrops!, SENT);
});

test('drops that grow are in the log and the status while the source runs', ON_LINUX, async (t) => {
  const source = await startSyslog(t, { udp: [LOOPBACK] });
  await source.host.clock.advance(LOOK_INTERVAL_MS);
  await until('it has looked', () => source.described.udpKernelDrops === 0);
  await flood(source.described.udp[0]!);
  await until('it waits to look again', () => source.host.clock.sleeping > 0);
  await source.host.clock.advance(LOOK_INTERVAL_MS);
  await until('the drops are known', () => source.described.udpKernelDrops! > 0);
  const [entry] = source.host.log.entries.filter(({ level }) => level === 'warn');
  assert.match(entry?.message ?? '', /kernel drops syslog datagrams.*net\.core\.rmem_max/);
  const dropped = source.described.udpKernelDrops;
  assert.partialDeepStrictEqual(entry?.facts, { dropped });
  await source.stop();
});

test('a source without UDP says nothing of drops and looks for none', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK] });
  assert.equal('udpKernelDrops' in source.described, false);
  assert.equal(source.host.clock.sleeping, 0);
  await source.stop();
});
