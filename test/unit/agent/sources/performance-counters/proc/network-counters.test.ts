import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNetworkCounters } from '../../../../../../packages/agent/src/sources/performance-counters/proc/network-counters.ts';
import { PROC_FILES } from '../../../../../support/proc-machine.ts';

test('an interface has its counts, whether a blank follows its name or not', () => {
  const interfaces = parseNetworkCounters(PROC_FILES['proc/net/dev']!);
  assert.deepEqual(
    interfaces.map(({ name }) => name),
    ['lo', 'eth0', 'docker0', 'eth1'],
  );
  assert.deepEqual(interfaces[1], {
    name: 'eth0',
    receivedBytes: 1000,
    receivedPackets: 10,
    receiveErrors: 1,
    receiveDrops: 2,
    sentBytes: 2000,
    sentPackets: 20,
    sendErrors: 3,
    sendDrops: 4,
  });
});

test('lines without an interface or without its counts are passed over', () => {
  const text = ': 1 2 3 4 5 6 7 8 9 10 11 12\neth0: 1 2 3\neth1: a b c d e f g h i j k l\neth2\n';
  assert.deepEqual(parseNetworkCounters(text), []);
});
