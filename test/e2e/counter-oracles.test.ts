/**
 * Counters of this machine against others who count: /proc, read here in another way, and df,
 * free and vmstat where they are installed. The machine goes on meanwhile, so values that move are
 * compared with those before and after, or may differ a little.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem, uptime } from 'node:os';
import { test } from 'node:test';
import { systemClock } from '../../packages/agent/src/host/clock.ts';
import type { CounterSample } from '../../packages/agent/src/record.ts';
import { createCounterSampler } from '../../packages/agent/src/sources/performance-counters/counter-sampler.ts';

const isLinux = process.platform === 'linux';
const noProc = !isLinux && 'performance counters are read from /proc';

const MB = 1_048_576;
const MEASURED_MS = 3_000;

/** Why a test over a program cannot run here. */
function without(program: string): string | false {
  if (noProc) return noProc;
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return `${program} is not installed`;
  }
}

type Values = (object: string, counter: string, instance?: string) => number;

function valuesOf(samples: readonly CounterSample[]): Values {
  return (object, counter, instance = 'total') => {
    const found = samples.find(
      (sample) =>
        sample.object === object && sample.counter === counter && sample.instance === instance,
    );
    assert.ok(found, `${object}(${instance})\\${counter} is missing`);
    return found.value;
  };
}

async function sampleNow(...specifiers: string[]): Promise<Values> {
  return valuesOf(await createCounterSampler(specifiers, { clock: systemClock }).sample());
}

/** Samples before and after something; what it returns is returned with the values of the second. */
async function sampleAround<T>(
  work: () => Promise<T>,
  ...specifiers: string[]
): Promise<{ values: Values; result: T }> {
  const sampler = createCounterSampler(specifiers, { clock: systemClock });
  await sampler.sample();
  const result = await work();
  return { values: valuesOf(await sampler.sample()), result };
}

function assertNear(actual: number, expected: number, allowed: number, what: string): void {
  const difference = Math.abs(actual - expected);
  assert.ok(difference <= allowed, `${what}: ${actual}, expected ${expected} within ${allowed}`);
}

test('the system is as Node knows it', { skip: noProc }, async () => {
  const before = { uptime: uptime(), load: loadavg()[0]! };
  const value = await sampleNow('System\\Uptime', 'System\\Load1', 'System\\CPUs');
  assert.ok(value('System', 'Uptime') >= before.uptime - 0.02);
  assert.ok(value('System', 'Uptime') <= uptime() + 0.02);
  const loads = [before.load, loadavg()[0]!];
  assertNear(value('System', 'Load1'), before.load, 0.01 + Math.abs(loads[0]! - loads[1]!), 'load');
  assert.equal(value('System', 'CPUs'), cpus().length);
});

test('memory is what the kernel says', { skip: noProc }, async () => {
  const kib = (name: string): number =>
    Number(
      new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(readFileSync('/proc/meminfo', 'utf8'))![1],
    );
  const before = kib('MemAvailable') / 1024;
  const value = await sampleNow('Memory\\Available MBytes Memory', 'Memory\\Used Memory MBytes');
  const available = value('Memory', 'Available MBytes Memory');
  assertNear(available, before, 64 + Math.abs(kib('MemAvailable') / 1024 - before), 'available');
  const sum = available + value('Memory', 'Used Memory MBytes');
  assertNear(sum, totalmem() / MB, 0.01, 'available and used');
});

test('memory is what free says', { skip: without('free') }, async () => {
  const row = (name: string): number[] =>
    new RegExp(`^${name}:(.+)$`, 'm')
      .exec(
        execFileSync('free', ['--mebi', '--wide'], { encoding: 'utf8', env: { LC_ALL: 'C' } }),
      )![1]!
      .trim()
      .split(/ +/)
      .map(Number);
  const value = await sampleNow(
    'Memory\\Available MBytes Memory',
    'Memory\\Available MBytes Swap',
    'Memory\\Used MBytes Swap Space',
  );
  // Columns: total, used, free, shared, buffers, cache, available.
  assertNear(value('Memory', 'Available MBytes Memory'), row('Mem')[6]!, 128, 'available');
  assertNear(value('Memory', 'Available MBytes Swap'), row('Swap')[2]!, 16, 'free swap');
  assertNear(value('Memory', 'Used MBytes Swap Space'), row('Swap')[1]!, 16, 'used swap');
});

test('file systems are those of df, and as full', { skip: without('df') }, async () => {
  const specifiers = ['% Used Space', '% Used Inodes', 'Free Megabytes'].map(
    (counter) => `Logical Disk(*)\\${counter}`,
  );
  const samples = await createCounterSampler(specifiers, { clock: systemClock }).sample();
  const value = valuesOf(samples);
  const ignored = 'tmpfs devtmpfs devfs iso9660 overlay aufs squashfs efivarfs fuse.lxcfs'.split(
    ' ',
  );
  const exclude = ignored.flatMap((type) => ['-x', type]);
  const output = ['--output=pcent,ipcent,avail,target', '--block-size=1M'];
  // It ends with 1 where it may not look into a mount, having told of the others.
  const rows = readOutput('df', [...exclude, ...output])
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/ +/));
  const mountPoints = rows.map((words) => words.slice(3).join(' '));
  const own = new Set(samples.map(({ instance }) => instance).filter((name) => name !== 'total'));
  assert.deepEqual([...own].toSorted(), mountPoints.toSorted());
  for (const [index, [used, inodes, free]] of rows.entries()) {
    const place = mountPoints[index]!;
    // It rounds up.
    assertNear(value('Logical Disk', '% Used Space', place), parseInt(used!, 10) - 0.5, 1, place);
    assertNear(value('Logical Disk', 'Free Megabytes', place), Number(free), 256, place);
    if (inodes === '-') continue;
    assertNear(
      value('Logical Disk', '% Used Inodes', place),
      parseInt(inodes!, 10) - 0.5,
      1,
      place,
    );
  }
});

function readOutput(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

test('network counts are those of the interface’s own files', { skip: noProc }, async (t) => {
  const [name] = (
    await createCounterSampler(['Network(*)\\Total Bytes'], { clock: systemClock }).sample()
  ).map(({ instance }) => instance);
  if (name === undefined) return t.skip('no interface is up');
  const count = (file: string): number =>
    Number(readFileSync(`/sys/class/net/${name}/statistics/${file}`, 'utf8'));
  const before = count('rx_bytes') + count('tx_bytes');
  const value = await sampleNow('Network(*)\\Total Bytes');
  const bytes = value('Network', 'Total Bytes', name);
  assert.ok(bytes >= before && bytes <= count('rx_bytes') + count('tx_bytes'), String(bytes));
});

test('processor shares are those of Node’s own count', { skip: noProc }, async () => {
  type Times = ReturnType<typeof cpus>[number]['times'];
  const sum = (part: (times: Times) => number): number =>
    cpus().reduce((total, { times }) => total + part(times), 0);
  const idleBefore = sum(({ idle }) => idle);
  const startedAt = performance.now();
  const { values } = await sampleAround(
    () => systemClock.sleep(MEASURED_MS),
    'Processor(*)\\% Idle Time',
    'Processor(*)\\% Processor Time',
  );
  const idleMs = sum(({ idle }) => idle) - idleBefore;
  const allMs = (performance.now() - startedAt) * cpus().length;
  const idle = values('Processor', '% Idle Time');
  assertNear(idle, (100 * idleMs) / allMs, 5, 'idle');
  assertNear(values('Processor', '% Processor Time'), 100 - idle, 1e-6, 'busy');
});

test('processor and paging are as vmstat has them', { skip: without('vmstat') }, async () => {
  const seconds = MEASURED_MS / 1_000;
  const vmstat = async (): Promise<readonly number[]> => {
    const child = spawn('vmstat', ['-n', String(seconds), '2'], {
      env: { ...process.env, LC_ALL: 'C' },
    });
    let text = '';
    for await (const part of child.stdout.setEncoding('utf8')) text += part;
    return text.trimEnd().split('\n').at(-1)!.trim().split(/ +/).map(Number);
  };
  const { values, result } = await sampleAround(
    vmstat,
    'Processor\\% Idle Time',
    'Processor\\% IO Wait Time',
    'Memory\\Page Writes/sec',
  );
  // r b swpd free buff cache si so bi bo in cs us sy id wa st
  const [blocksOut, idle, waiting] = [result[9]!, result[14]!, result[15]!];
  assertNear(values('Processor', '% Idle Time'), idle, 15, 'idle');
  assertNear(values('Processor', '% IO Wait Time'), waiting, 15, 'waiting');
  const written = values('Memory', 'Page Writes/sec');
  assertNear(written, blocksOut, 100 + 0.5 * Math.max(written, blocksOut), 'written');
});

test('a process is as busy as it says itself', { skip: noProc }, async () => {
  // What this process does may be shared with others of its name, who only add to it.
  const name = readFileSync('/proc/self/comm', 'utf8').trimEnd();
  const spin = async (): Promise<number> => {
    const { user, system } = process.cpuUsage();
    const endsAt = performance.now() + 1_000;
    while (performance.now() < endsAt);
    const spent = process.cpuUsage({ user, system });
    return (spent.user + spent.system) / 10_000;
  };
  const { values, result } = await sampleAround(
    spin,
    `Process(${name})\\Pct User Time`,
    `Process(${name})\\Pct Privileged Time`,
    `Process(${name})\\Used Memory`,
  );
  const spent =
    values('Process', 'Pct User Time', name) + values('Process', 'Pct Privileged Time', name);
  assert.ok(spent > 0.7 * result, `${spent} % of ${result} %`);
  assert.ok(values('Process', 'Used Memory', name) > 0.8 * process.memoryUsage.rss());
});

test('disks wrote no more than the kernel counted meanwhile', { skip: noProc }, async (t) => {
  const specifiers = ['Logical Disk(*)\\Disk Write Bytes/sec'];
  const sampler = createCounterSampler(specifiers, { clock: systemClock });
  const before = sectorsWritten();
  await sampler.sample();
  await systemClock.sleep(1_000);
  const total = (await sampler.sample()).find(({ instance }) => instance === 'total')?.value;
  if (total === undefined) return t.skip('no file system is on a device of this machine');
  // Over a second and a little more, of all devices, those below a device included.
  const wrote = (sectorsWritten() - before) * 512;
  assert.ok(total >= 0 && total <= 1.01 * wrote, `${total} of ${wrote}`);
});

/** By all block devices. */
function sectorsWritten(): number {
  const lines = readFileSync('/proc/diskstats', 'utf8').trimEnd().split('\n');
  return lines.reduce((sum, line) => sum + Number(line.trim().split(/ +/)[9]), 0);
}
