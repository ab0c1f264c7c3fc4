import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import {
  findUdpSockets,
  parseUdpDrops,
  readUdpDrops,
} from '../../../../packages/agent/src/host/udp-drops.ts';

const UDP = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  412: 00000000:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000   989        0 21543 2 000000002d2d9b1f 22128
 1160: 0100007F:6EAA 00000000:0000 07 00000000:00033F00 00:00000000 00000000     0        0 3301 2 00000000a3b1cd44 0
`;
const UDP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  412: 00000000000000000000000000000000:0202 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000   989        0 21544 2 00000000c1d7e5a0 7
`;

test('port, inode and drops are read for both families', () => {
  assert.deepEqual(parseUdpDrops(UDP), [
    { inode: '21543', port: 514, drops: 22_128 },
    { inode: '3301', port: 28_330, drops: 0 },
  ]);
  assert.deepEqual(parseUdpDrops(UDP6), [{ inode: '21544', port: 514, drops: 7 }]);
});

test('lines of another form are left out', () => {
  assert.deepEqual(parseUdpDrops(''), []);
  assert.deepEqual(parseUdpDrops('nothing of the kind\n 1: 00000000:0202 x\n'), []);
});

test('only sockets of this process on the port are found', {
  skip: process.platform !== 'linux' && 'only Linux tells',
}, async (t) => {
  const [socket, other] = [createSocket('udp4'), createSocket('udp6')];
  t.after(() => socket.close());
  t.after(() => other.close());
  for (const each of [socket, other]) {
    each.bind(0, each === socket ? '127.0.0.1' : '::1');
    await once(each, 'listening');
  }
  const found = await findUdpSockets(socket.address().port);
  assert.equal(found.length, 1);
  const both = new Set([...found, ...(await findUdpSockets(other.address().port))]);
  assert.deepEqual([...(await readUdpDrops(both)).values()], [0, 0]);
});

test('nothing is found for a port nobody uses, and nothing is read of no sockets', async () => {
  assert.deepEqual(await findUdpSockets(0), []);
  assert.deepEqual(await readUdpDrops(new Set()), new Map());
});
