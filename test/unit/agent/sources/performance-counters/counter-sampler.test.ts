import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CounterSample } from '../../../../../packages/agent/src/record.ts';
import {
  type CounterSampler,
  createCounterSampler,
} from '../../../../../packages/agent/src/sources/performance-counters/counter-sampler.ts';
import {
  FileSystemSpaces,
  type StatFs,
} from '../../../../../packages/agent/src/sources/performance-counters/file-system-spaces.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { PROC_FILES, processStat, procMachine } from '../../../../support/proc-machine.ts';

const MB = 1_048_576;
const STATS: Readonly<Record<string, StatFs>> = {
  '/': { bsize: MB, blocks: 1000, bfree: 400, bavail: 300, files: 100, ffree: 25 },
  // As btrfs says it: inodes are not counted.
  '/srv/my data': { bsize: MB, blocks: 3000, bfree: 3000, bavail: 3000, files: 0, ffree: 0 },
};

/** What changes within ten seconds; the second processor, disk and nginx begin anew. */
const TEN_SECONDS_LATER: Readonly<Record<string, string>> = {
  'proc/stat': 'cpu  400 0 150 1200 140 6 4 0 0 0\ncpu1 1 0 1 1 0 0 0 0 0 0\nintr 1 2\n',
  'proc/vmstat': 'pgpgin 1500\npgpgout 2100\n',
  'proc/diskstats': ' 254 0 vda 150 0 1200 0 220 0 4100 0\n 254 16 vdb 1 0 8 0 9 0 10 0\n',
  'proc/net/dev': PROC_FILES['proc/net/dev']!.replace('1000 10', '3000 10').replace(
    '2000 20',
    '2500 20',
  ),
  'proc/10/stat': processStat({ pid: 10, name: 'nginx', user: 300, system: 60 }),
  'proc/11/stat': processStat({ pid: 11, name: 'nginx', user: 999, system: 999, startTicks: 6 }),
};

interface Stage {
  readonly clock: ManualClock;
  readonly machine: Awaited<ReturnType<typeof procMachine>>;
  sampler(...specifiers: string[]): CounterSampler;
}

async function stage(): Promise<Stage> {
  const clock = new ManualClock();
  const machine = await procMachine();
  const spaces = new FileSystemSpaces(async (path) => STATS[path]!);
  const sampler = (...specifiers: string[]): CounterSampler =>
    createCounterSampler(specifiers, { clock, folders: machine.folders, spaces });
  return { clock, machine, sampler };
}

/** The second sample, ten seconds after the first; `object\counter (instance)` and value. */
async function secondSample(...specifiers: string[]): Promise<Record<string, number>> {
  const { clock, machine, sampler } = await stage();
  const counters = sampler(...specifiers);
  await counters.sample();
  await clock.advance(10_000);
  machine.write(TEN_SECONDS_LATER);
  const samples = await counters.sample();
  assert.equal(counters.leftOut.size, 0);
  for (const { atMs } of samples) assert.equal(atMs, clock.now());
  return valuesOf(samples);
}

function valuesOf(samples: readonly CounterSample[]): Record<string, number> {
  return Object.fromEntries(
    samples.map(({ object, counter, instance, value }) => [
      `${object}\\${counter} (${instance})`,
      Number(value.toFixed(6)),
    ]),
  );
}

test('processors: shares of the time between two samples', async () => {
  assert.deepEqual(
    await secondSample(
      ...['% Processor Time', '% User Time', '% Nice Time', '% Privileged Time'].map(
        (counter) => `Processor(*)\\${counter}`,
      ),
      ...['% IO Wait Time', '% Interrupt Time', '% DPC Time', '% Idle Time'].map(
        (counter) => `Processor(_Total)\\${counter}`,
      ),
    ),
    {
      'Processor\\% Processor Time (total)': 50,
      'Processor\\% User Time (total)': 25,
      'Processor\\% Nice Time (total)': 0,
      'Processor\\% Privileged Time (total)': 12.5,
      'Processor\\% IO Wait Time (total)': 10,
      'Processor\\% Interrupt Time (total)': 1.5,
      'Processor\\% DPC Time (total)': 1,
      'Processor\\% Idle Time (total)': 50,
    },
  );
});

test('memory: what is available, what is used, and paging', async () => {
  const names = [
    ...['Available MBytes Memory', '% Available Memory', 'Used Memory MBytes', '% Used Memory'],
    ...['Available MBytes Swap', '% Available Swap Space', 'Used MBytes Swap Space'],
    ...['% Used Swap Space', 'Page Reads/sec', 'Page Writes/sec', 'Pages/sec'],
  ];
  assert.deepEqual(await secondSample(...names.map((name) => `Memory(*)\\${name}`)), {
    'Memory\\Available MBytes Memory (total)': 3000,
    'Memory\\% Available Memory (total)': 75,
    'Memory\\Used Memory MBytes (total)': 1000,
    'Memory\\% Used Memory (total)': 25,
    'Memory\\Available MBytes Swap (total)': 1500,
    'Memory\\% Available Swap Space (total)': 75,
    'Memory\\Used MBytes Swap Space (total)': 500,
    'Memory\\% Used Swap Space (total)': 25,
    'Memory\\Page Reads/sec (total)': 50,
    'Memory\\Page Writes/sec (total)': 10,
    'Memory\\Pages/sec (total)': 60,
  });
});

test('without swap space there are no percentages of it; old kernels say what is free', async () => {
  const { machine, sampler } = await stage();
  machine.write({
    'proc/meminfo': 'MemTotal: 4096 kB\nMemFree: 1024 kB\nBuffers: 512 kB\nCached: 512 kB\n',
  });
  const names = ['% Used Swap Space', 'Used MBytes Swap Space', 'Available MBytes Memory'];
  const samples = await sampler(...names.map((name) => `Memory\\${name}`)).sample();
  assert.deepEqual(valuesOf(samples), {
    'Memory\\Used MBytes Swap Space (total)': 0,
    'Memory\\Available MBytes Memory (total)': 2,
  });
});

test('network: counts of each card that is up, and of the real ones', async () => {
  assert.deepEqual(
    await secondSample(
      'Network(*)\\Total Bytes',
      'Network(eth0)\\Total Bytes Received',
      'Network(eth0)\\Total Bytes Transmitted',
      'Network(eth0)\\Total Packets Received',
      'Network(eth0)\\Total Packets Transmitted',
      'Network(eth0)\\Total Rx Errors',
      'Network(eth0)\\Total Tx Errors',
      'Network(eth0)\\Total Collisions',
    ),
    {
      'Network\\Total Bytes (eth0)': 5500,
      'Network\\Total Bytes (docker0)': 1100,
      'Network\\Total Bytes (total)': 5500,
      'Network\\Total Bytes Received (eth0)': 3000,
      'Network\\Total Bytes Transmitted (eth0)': 2500,
      'Network\\Total Packets Received (eth0)': 10,
      'Network\\Total Packets Transmitted (eth0)': 20,
      'Network\\Total Rx Errors (eth0)': 1,
      'Network\\Total Tx Errors (eth0)': 3,
      'Network\\Total Collisions (eth0)': 6,
    },
  );
});

test('disks: how full file systems are, and what their devices do', async () => {
  assert.deepEqual(
    await secondSample(
      'Logical Disk(*)\\% Used Space',
      'Logical Disk(/)\\% Free Space',
      'Logical Disk(*)\\Free Megabytes',
      'Logical Disk(*)\\% Used Inodes',
      'Logical Disk(/)\\% Free Inodes',
      'Logical Disk(*)\\Disk Transfers/sec',
      'Logical Disk(/)\\Disk Reads/sec',
      'Logical Disk(/)\\Disk Writes/sec',
      'Logical Disk(/)\\Logical Disk Bytes/sec',
      'Logical Disk(/)\\Disk Read Bytes/sec',
      'Logical Disk(/)\\Disk Write Bytes/sec',
    ),
    {
      'Logical Disk\\% Used Space (/)': 66.666667,
      'Logical Disk\\% Used Space (/srv/my data)': 0,
      'Logical Disk\\% Used Space (total)': 15.384615,
      'Logical Disk\\% Free Space (/)': 33.333333,
      'Logical Disk\\Free Megabytes (/)': 300,
      'Logical Disk\\Free Megabytes (/srv/my data)': 3000,
      'Logical Disk\\Free Megabytes (total)': 3300,
      'Logical Disk\\% Used Inodes (/)': 75,
      'Logical Disk\\% Used Inodes (total)': 75,
      'Logical Disk\\% Free Inodes (/)': 25,
      'Logical Disk\\Disk Transfers/sec (/)': 7,
      'Logical Disk\\Disk Transfers/sec (total)': 7,
      'Logical Disk\\Disk Reads/sec (/)': 5,
      'Logical Disk\\Disk Writes/sec (/)': 2,
      'Logical Disk\\Logical Disk Bytes/sec (/)': 15_360,
      'Logical Disk\\Disk Read Bytes/sec (/)': 10_240,
      'Logical Disk\\Disk Write Bytes/sec (/)': 5_120,
    },
  );
});

test('processes: those of one name together, and what began meanwhile with no past', async () => {
  assert.deepEqual(
    await secondSample(
      'Process(*)\\Pct User Time',
      'Process(nginx)\\Pct Privileged Time',
      'Process(*)\\Used Memory',
      'Process(_Total)\\Virtual Shared Memory',
    ),
    {
      'Process\\Pct User Time (nginx)': 20,
      'Process\\Pct User Time (a) R (b)': 0,
      'Process\\Pct User Time (total)': 20,
      'Process\\Pct Privileged Time (nginx)': 1,
      'Process\\Used Memory (nginx)': 81_920,
      'Process\\Used Memory (a) R (b)': 40_960,
      'Process\\Used Memory (total)': 122_880,
      'Process\\Virtual Shared Memory (total)': 3 * MB,
    },
  );
});

test('the system: uptime, load, processors, and nobody where no logins are kept', async () => {
  const names = ['Uptime', 'Load1', 'Load5', 'Load15', 'Users', 'Unique Users', 'CPUs'];
  assert.deepEqual(await secondSample(...names.map((name) => `System(*)\\${name}`)), {
    'System\\Uptime (total)': 71_821.39,
    'System\\Load1 (total)': 0.5,
    'System\\Load5 (total)': 1.25,
    'System\\Load15 (total)': 2,
    'System\\Users (total)': 0,
    'System\\Unique Users (total)': 0,
    'System\\CPUs (total)': 1,
  });
});

test('idle time that goes back a little is none; times that begin anew have no shares', async () => {
  const { clock, machine, sampler } = await stage();
  const counters = sampler('Processor(*)\\% Idle Time', 'Processor(*)\\% IO Wait Time');
  await counters.sample();
  await clock.advance(10_000);
  machine.write({
    'proc/stat':
      'cpu 400 0 100 1300 99 0 0 0\ncpu0 200 0 50 599 50 0 0 1\ncpu1 9 0 99 999 50 0 0 0\n',
  });
  assert.deepEqual(valuesOf(await counters.sample()), {
    'Processor\\% Idle Time (total)': 75,
    'Processor\\% Idle Time (0)': 99,
    'Processor\\% IO Wait Time (total)': 0,
    'Processor\\% IO Wait Time (0)': 0,
  });
});

test('what is no number is not told', async () => {
  const { clock, machine } = await stage();
  const endless = async (): Promise<StatFs> => ({
    ...STATS['/']!,
    blocks: Infinity,
    bavail: Infinity,
  });
  const parts = { clock, folders: machine.folders, spaces: new FileSystemSpaces(endless) };
  assert.deepEqual(
    await createCounterSampler(['Logical Disk(*)\\% Used Space'], parts).sample(),
    [],
  );
});

test('VM insights: its names, and its tags', async () => {
  const { clock, machine, sampler } = await stage();
  const insights = sampler('\\VmInsights\\DetailedMetrics');
  await insights.sample();
  await clock.advance(10_000);
  machine.write(TEN_SECONDS_LATER);
  const found = (await insights.sample()).map(({ object, counter, value, tags }) => {
    const name = `${object}\\${counter}`;
    return `${name} ${Number(value.toFixed(4))} ${JSON.stringify(tags)}`;
  });
  const root = '{"mountId":"/"}';
  const data = '{"mountId":"/srv/my data"}';
  const card = (bytes: number): string => `{"networkDeviceId":"eth0","bytes":${bytes}}`;
  assert.deepEqual(found, [
    'Computer\\Heartbeat 1 {}',
    'Processor\\UtilizationPercentage 40 {"totalCpus":1}',
    'Memory\\AvailableMB 3000 {"memorySizeMB":4000}',
    'Memory\\AvailablePercentage 75 {}',
    `LogicalDisk\\Status 1 ${root}`,
    `LogicalDisk\\Status 1 ${data}`,
    `LogicalDisk\\FreeSpacePercentage 30 ${root}`,
    `LogicalDisk\\FreeSpacePercentage 100 ${data}`,
    `LogicalDisk\\FreeSpaceMB 300 ${root.replace('}', ',"diskSizeMB":1000}')}`,
    `LogicalDisk\\FreeSpaceMB 3000 ${data.replace('}', ',"diskSizeMB":3000}')}`,
    `LogicalDisk\\ReadsPerSecond 5 ${root}`,
    `LogicalDisk\\WritesPerSecond 2 ${root}`,
    `LogicalDisk\\WritesPerSecond 0 ${data}`,
    `LogicalDisk\\TransfersPerSecond 7 ${root}`,
    `LogicalDisk\\ReadBytesPerSecond 10240 ${root}`,
    `LogicalDisk\\ReadBytesPerSecond 0 ${data}`,
    `LogicalDisk\\WriteBytesPerSecond 5120 ${root}`,
    `LogicalDisk\\WriteBytesPerSecond 0 ${data}`,
    `LogicalDisk\\BytesPerSecond 15360 ${root}`,
    `LogicalDisk\\BytesPerSecond 0 ${data}`,
    `Network\\ReadBytesPerSecond 200 ${card(2000)}`,
    `Network\\WriteBytesPerSecond 50 ${card(500)}`,
  ]);
});

test('the first sample has no rates, and neither has one after time stood still', async () => {
  const { sampler } = await stage();
  const counters = sampler(
    'Memory(*)\\Pages/sec',
    'Logical Disk(*)\\Disk Reads/sec',
    'System\\Load1',
  );
  for (const _ of [1, 2]) {
    assert.deepEqual(valuesOf(await counters.sample()), { 'System\\Load1 (total)': 0.5 });
  }
});

test('what cannot be read is left out and told, and the rest is sampled', async () => {
  const { machine, sampler } = await stage();
  const counters = sampler('Memory(*)\\% Used Memory', 'System\\Load1', 'Processor\\% User Time');
  machine.write({ 'proc/meminfo': undefined, 'proc/stat': undefined });
  assert.deepEqual(valuesOf(await counters.sample()), { 'System\\Load1 (total)': 0.5 });
  const { proc } = machine.folders;
  assert.deepEqual([...counters.leftOut.keys()].toSorted(), [`${proc}/meminfo`, `${proc}/stat`]);
  assert.match(counters.leftOut.get(`${proc}/meminfo`)!, /ENOENT/);
  machine.write({ 'proc/meminfo': PROC_FILES['proc/meminfo'] });
  assert.equal(Object.keys(valuesOf(await counters.sample())).length, 2);
  assert.deepEqual([...counters.leftOut.keys()], [`${proc}/stat`]);
});

test('devices that come are sampled, and those that go are not', async () => {
  const { machine, sampler } = await stage();
  const counters = sampler('Network(*)\\Total Bytes', 'Process(nginx)\\Used Memory');
  machine.write({
    'proc/net/dev': '  eth7: 1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0\n',
    'proc/10/stat': undefined,
    'proc/11/stat': 'gone while it was read',
  });
  assert.deepEqual(valuesOf(await counters.sample()), {
    'Network\\Total Bytes (eth7)': 2,
    'Network\\Total Bytes (total)': 2,
  });
});

test('sessions are those of utmp', async () => {
  const { machine, sampler } = await stage();
  const entry = Buffer.alloc(process.arch === 'arm64' ? 400 : 384);
  entry.writeInt16LE(7);
  entry.write('ann', 44);
  machine.write({ utmp: Buffer.concat([entry, entry]) });
  assert.deepEqual(valuesOf(await sampler('System\\Users', 'System\\Unique Users').sample()), {
    'System\\Users (total)': 2,
    'System\\Unique Users (total)': 1,
  });
});

test('a file that is larger than any before it is read whole', async () => {
  const { machine, sampler } = await stage();
  const many = Array.from(
    { length: 5_000 },
    (_, i) => `  eth${i}: 1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0`,
  );
  machine.write({ 'proc/net/dev': many.join('\n') });
  const [total] = await sampler('Network(_Total)\\Total Bytes').sample();
  assert.equal(total?.value, 9_998, 'all but eth1, which is down');
});
