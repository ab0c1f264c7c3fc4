/**
 * Logical Disk: mounted file systems, by mount point. How full one is counts as df and telegraf
 * do: of what ordinary users could fill, without the part that is reserved for root.
 */
import type { Facts } from '../facts.ts';
import type { Space } from '../file-system-spaces.ts';
import type { DiskCounters } from '../proc/disk-counters.ts';
import type { Mount } from '../proc/mounts.ts';
import { WHOLE_MACHINE } from '../whole-machine.ts';
import { type CounterDefinition, type Group, type Interval, sumOfKnown } from './definition.ts';
import { rate } from './increase.ts';
import { percent } from './memory.ts';

export const BYTES_PER_MB = 1_048_576;

export const LOGICAL_DISK_COUNTERS: readonly CounterDefinition[] = [
  space('% Used Space', (s) => percent(s.usedBytes, s.usedBytes + s.availableBytes)),
  space('% Free Space', (s) => percent(s.availableBytes, s.usedBytes + s.availableBytes)),
  space('Free Megabytes', (s) => s.availableBytes / BYTES_PER_MB),
  space('% Used Inodes', (s) => percent(s.files - s.freeFiles, s.files)),
  space('% Free Inodes', (s) => percent(s.freeFiles, s.files)),
  activity('Disk Transfers/sec', ['reads', 'writes']),
  activity('Disk Reads/sec', ['reads']),
  activity('Disk Writes/sec', ['writes']),
  activity('Logical Disk Bytes/sec', ['readBytes', 'writtenBytes']),
  activity('Disk Read Bytes/sec', ['readBytes']),
  activity('Disk Write Bytes/sec', ['writtenBytes']),
];

function space(counter: string, value: (space: Space) => number | undefined): CounterDefinition {
  return {
    object: 'Logical Disk',
    counter,
    needs: ['mounts', 'spaces'],
    read: ({ now }) =>
      groupsOf(now).map(({ instance, members }) => {
        const spaces = members.flatMap(({ mountPoint }) => now.spaces?.get(mountPoint) ?? []);
        return { instance, value: spaces.length === 0 ? undefined : value(sumOf(spaces)) };
      }),
  };
}

function activity(counter: string, of: readonly (keyof DiskCounters)[]): CounterDefinition {
  return {
    object: 'Logical Disk',
    counter,
    needs: ['mounts', 'disks'],
    read: (interval) =>
      groupsOf(interval.now).map(({ instance, members }) => ({
        instance,
        value: sumOfKnown(members.map((mount) => activityOf(mount, of, interval))),
      })),
  };
}

function groupsOf({ mounts = [] }: Facts): readonly Group<Mount>[] {
  const single = mounts.map((mount) => ({ instance: mount.mountPoint, members: [mount] }));
  return mounts.length === 0 ? [] : [...single, { instance: WHOLE_MACHINE, members: mounts }];
}

function sumOf(spaces: readonly Space[]): Space {
  const sum = (part: keyof Space): number => spaces.reduce((n, each) => n + each[part], 0);
  return {
    sizeBytes: sum('sizeBytes'),
    usedBytes: sum('usedBytes'),
    availableBytes: sum('availableBytes'),
    files: sum('files'),
    freeFiles: sum('freeFiles'),
  };
}

/** What the device under a file system did, per second; `undefined` where it has none here. */
export function activityOf(
  mount: Mount,
  of: readonly (keyof DiskCounters)[],
  { now, before, seconds }: Interval,
): number | undefined {
  const current = diskOf(mount, now);
  const former = before && diskOf(mount, before);
  let sum = 0;
  for (const counter of of) {
    const each = rate(former?.[counter], current?.[counter], seconds);
    if (each === undefined) return undefined;
    sum += each;
  }
  return sum;
}

function diskOf({ device, source }: Mount, { disks }: Facts): DiskCounters | undefined {
  return disks?.get(device) ?? disks?.get(source.replace(/^\/dev\//, ''));
}
