/**
 * What VM insights shows of a machine: all that `\VmInsights\DetailedMetrics` stands for. Names,
 * tags and arithmetic are those of the Log Analytics agent for Linux (VMInsightsEngine.rb), and
 * `AvailablePercentage` is what its successor adds. Other than there, file systems are all that
 * Logical Disk has, not ext and xfs alone.
 */
import type { Fact } from '../facts.ts';
import type { Space } from '../file-system-spaces.ts';
import type { DiskCounters } from '../proc/disk-counters.ts';
import { WHOLE_MACHINE } from '../whole-machine.ts';
import type { CounterDefinition, Interval, Reading } from './definition.ts';
import { increase, rate } from './increase.ts';
import { activityOf, BYTES_PER_MB } from './logical-disk.ts';
import { memorySpace, percent } from './memory.ts';
import { realOnes } from './network.ts';
import { readShares } from './processor.ts';
import { processorCount } from './system.ts';

const KIB_PER_MB = 1024;

export const VM_INSIGHTS_COUNTERS: readonly CounterDefinition[] = [
  insights('Computer', 'Heartbeat', [], () => [{ instance: WHOLE_MACHINE, value: 1, tags: {} }]),
  insights('Processor', 'UtilizationPercentage', ['cpuTimes'], readUtilization),
  insights('Memory', 'AvailableMB', ['memory'], ({ now }) => {
    const memory = memorySpace(now)?.memory;
    if (memory === undefined) return [];
    const tags = { memorySizeMB: memory.total / KIB_PER_MB };
    return [{ instance: WHOLE_MACHINE, value: memory.available / KIB_PER_MB, tags }];
  }),
  insights('Memory', 'AvailablePercentage', ['memory'], ({ now }) => {
    const memory = memorySpace(now)?.memory;
    const value = memory && percent(memory.available, memory.total);
    return [{ instance: WHOLE_MACHINE, value, tags: {} }];
  }),
  disk('Status', () => 1),
  disk('FreeSpacePercentage', (space) => percent(space.availableBytes, space.sizeBytes)),
  disk(
    'FreeSpaceMB',
    (space) => Math.floor(space.availableBytes / BYTES_PER_MB),
    (space) => ({ diskSizeMB: Math.floor(space.sizeBytes / BYTES_PER_MB) }),
  ),
  activity('ReadsPerSecond', ['reads']),
  activity('WritesPerSecond', ['writes']),
  activity('TransfersPerSecond', ['reads', 'writes']),
  activity('ReadBytesPerSecond', ['readBytes']),
  activity('WriteBytesPerSecond', ['writtenBytes']),
  activity('BytesPerSecond', ['readBytes', 'writtenBytes']),
  network('ReadBytesPerSecond', 'receivedBytes'),
  network('WriteBytesPerSecond', 'sentBytes'),
];

function insights(
  object: string,
  counter: string,
  needs: readonly Fact[],
  read: (interval: Interval) => readonly Reading[],
): CounterDefinition {
  return { object, counter, needs, read };
}

/** Other than `% Processor Time`, waiting for disks is not being used. */
function readUtilization(interval: Interval): readonly Reading[] {
  const totalCpus = processorCount(interval.now) ?? 0;
  return readShares(interval, (spent, all) => all - spent('idle') - spent('ioWait'))
    .filter(({ instance }) => instance === WHOLE_MACHINE)
    .map((reading) => ({ ...reading, tags: { totalCpus } }));
}

function disk(
  counter: string,
  value: (space: Space) => number | undefined,
  tags: (space: Space) => Readonly<Record<string, number>> = () => ({}),
): CounterDefinition {
  return insights('LogicalDisk', counter, ['mounts', 'spaces'], ({ now }) =>
    (now.mounts ?? []).flatMap(({ mountPoint }): Reading[] => {
      const space = now.spaces?.get(mountPoint);
      if (space === undefined) return [];
      const all = { mountId: mountPoint, ...tags(space) };
      return [{ instance: mountPoint, value: value(space), tags: all }];
    }),
  );
}

function activity(counter: string, of: readonly (keyof DiskCounters)[]): CounterDefinition {
  return insights('LogicalDisk', counter, ['mounts', 'disks'], (interval) =>
    (interval.now.mounts ?? []).map((mount) => ({
      instance: mount.mountPoint,
      value: activityOf(mount, of, interval),
      tags: { mountId: mount.mountPoint },
    })),
  );
}

function network(counter: string, of: 'receivedBytes' | 'sentBytes'): CounterDefinition {
  return insights('Network', counter, ['interfaces'], ({ now, before, seconds }) => {
    const up = (now.interfaces ?? []).filter(({ isUp }) => isUp);
    return realOnes(up).map(({ counters }): Reading => {
      const { name } = counters;
      const former = before?.interfaces?.find((each) => each.counters.name === name)?.counters[of];
      const bytes = former === undefined ? undefined : increase(former, counters[of]);
      return {
        instance: name,
        value: rate(former, counters[of], seconds),
        tags: { networkDeviceId: name, ...(bytes !== undefined && { bytes }) },
      };
    });
  });
}
