import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDiskCounters } from '../../../../../../packages/agent/src/sources/performance-counters/proc/disk-counters.ts';

const LINE = ' 254       1 vda1 1659 117 4895 62 8556 193 6033 387 0 158 1077 17 1 24 3 2 2';

test('a device is found by its number and its name, its sectors of 512 bytes', () => {
  const disks = parseDiskCounters(`${LINE}\n`);
  const counters = { reads: 1659, readBytes: 4895 * 512, writes: 8556, writtenBytes: 6033 * 512 };
  assert.deepEqual(
    [...disks],
    [
      ['254:1', counters],
      ['vda1', counters],
    ],
  );
});

test('lines that are cut are passed over', () => {
  for (let length = 0; length < LINE.indexOf(' 6033'); length += 1) {
    assert.equal(parseDiskCounters(LINE.slice(0, length)).size, 0);
  }
  assert.equal(parseDiskCounters(LINE.replace('1659', '-')).size, 0);
});
