/** A small machine made of files, as the kernel shows one in /proc and /sys. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MachineFolders } from '../../packages/agent/src/sources/performance-counters/fact-reader.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface ProcMachine {
  readonly folders: MachineFolders;
  /** Replaces files, by their path below the folder: `proc/stat`. `undefined` removes one. */
  write(files: Readonly<Record<string, string | Buffer | undefined>>): void;
}

export const PROC_FILES: Readonly<Record<string, string>> = {
  'proc/stat':
    'cpu  300 0 100 1000 100 0 0 0 0 0\ncpu0 200 0 50 500 50 0 0 0 0 0\ncpu1 100 0 50 500 50 0 0 0 0 0\nintr 1 2\n',
  'proc/meminfo':
    'MemTotal:        4096000 kB\nMemFree:         1024000 kB\nMemAvailable:    3072000 kB\nSwapTotal:       2048000 kB\nSwapFree:        1536000 kB\n',
  'proc/vmstat': 'nr_free_pages 1\npgpgin 1000\npgpgout 2000\n',
  'proc/diskstats':
    ' 254       0 vda 100 0 1000 0 200 0 4000 0 0 0 0\n 254      16 vdb 7 0 8 0 9 0 10 0 0 0 0\n',
  'proc/loadavg': '0.50 1.25 2.00 1/135 10076\n',
  'proc/uptime': '71821.39 77251.46\n',
  'proc/net/dev': [
    'Inter-|   Receive                                                |  Transmit',
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
    '    lo: 9 9 0 0 0 0 0 0 9 9 0 0 0 0 0 0',
    '  eth0: 1000 10 1 2 0 0 0 0 2000 20 3 4 0 0 0 0',
    'docker0:500 5 0 0 0 0 0 0 600 6 0 0 0 0 0 0',
    '  eth1: 77 1 0 0 0 0 0 0 88 1 0 0 0 0 0 0',
    '',
  ].join('\n'),
  'proc/self/mountinfo': [
    '22 27 0:21 / /proc rw,relatime - proc proc rw',
    '25 24 0:23 / /dev/shm rw,relatime - tmpfs tmpfs rw',
    '27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
    '28 27 254:16 / /srv/my\\040data rw,relatime - xfs /dev/vdb rw',
    '',
  ].join('\n'),
  'proc/10/stat': processStat({ pid: 10, name: 'nginx', user: 100, system: 50 }),
  'proc/11/stat': processStat({ pid: 11, name: 'nginx', user: 10, system: 5 }),
  'proc/12/stat': processStat({ pid: 12, name: 'a) R (b', user: 1, system: 1 }),
  'sys/class/net/eth0/flags': '0x1003\n',
  'sys/class/net/eth1/flags': '0x1002\n',
  'sys/class/net/docker0/flags': '0x1003\n',
  'sys/devices/virtual/net/docker0/x': '',
};

export interface ProcessShape {
  readonly pid: number;
  readonly name: string;
  readonly user: number;
  readonly system: number;
  readonly startTicks?: number;
}

/** 1 MB of virtual memory, of which ten pages are resident. */
export function processStat({ pid, name, user, system, startTicks = 5 }: ProcessShape): string {
  const before = `${pid} (${name}) S 0 0 0 0 -1 0 0 0 0 0`;
  return `${before} ${user} ${system} 0 0 20 0 1 0 ${startTicks} 1048576 10 18446744073709551615 1\n`;
}

/** Two processors, two disks, one card that is up; changed by writing its files. */
export async function procMachine(): Promise<ProcMachine> {
  const folder = await temporaryFolder();
  const write: ProcMachine['write'] = (files) => {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      if (content === undefined) rmSync(path);
      else writeFileSync(path, content);
    }
  };
  write(PROC_FILES);
  const folders = {
    proc: join(folder, 'proc'),
    sys: join(folder, 'sys'),
    utmp: join(folder, 'utmp'),
  };
  return { folders, write };
}
