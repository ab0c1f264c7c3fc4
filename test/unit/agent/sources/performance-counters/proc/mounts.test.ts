import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fileSystems,
  parseMountInfo,
} from '../../../../../../packages/agent/src/sources/performance-counters/proc/mounts.ts';

const line = (device: string, root: string, place: string, type = 'ext4', source = '/dev/vda1') =>
  `36 35 ${device} ${root} ${place} rw,noatime master:1 shared:2 - ${type} ${source} rw,errors=continue`;

const placesOf = (...lines: string[]): string[] =>
  fileSystems(parseMountInfo(lines.join('\n'))).map(({ mountPoint }) => mountPoint);

test('a mount has its device, place, type and source, escapes undone', () => {
  assert.deepEqual(
    parseMountInfo(line('254:1', '/', '/srv/a\\040b\\134c\\011', 'nfs4', 'server:/my\\040dir')),
    [
      {
        device: '254:1',
        root: '/',
        mountPoint: '/srv/a b\\c\t',
        type: 'nfs4',
        source: 'server:/my dir',
      },
    ],
  );
});

test('lines that are cut, or mount nothing at a path, are passed over', () => {
  const whole = line('254:1', '/', '/srv');
  for (const text of [
    '',
    '36 35 254:1 / /srv',
    whole.replace('/srv', 'srv'),
    whole.slice(0, -38),
  ]) {
    assert.deepEqual(parseMountInfo(text), [], text);
  }
});

test('file systems without blocks, and those telegraf ignores, are not there', () => {
  const types = ['tmpfs', 'overlay', 'squashfs', 'proc', 'cgroup2', 'fuse.lxcfs'];
  assert.deepEqual(placesOf(...types.map((type, i) => line(`0:${i}`, '/', `/m${i}`, type))), []);
});

test('a file system is there once: where all of it shows, then by the shortest path', () => {
  assert.deepEqual(
    placesOf(
      line('254:1', '/var', '/a'),
      line('254:1', '/', '/mnt/long/path'),
      line('254:1', '/', '/mnt/short'),
      line('254:1', '/etc', '/b'),
      line('0:40', '/', '/net', 'nfs4', 'server:/x'),
    ),
    ['/mnt/short', '/net'],
  );
});

test('a mount that is covered by a later one is not there', () => {
  assert.deepEqual(
    fileSystems(
      parseMountInfo([line('254:1', '/', '/srv'), line('254:2', '/', '/srv')].join('\n')),
    ).map(({ device }) => device),
    ['254:2'],
  );
  assert.deepEqual(placesOf(line('254:1', '/', '/srv'), line('0:9', '/', '/srv', 'tmpfs')), []);
});
