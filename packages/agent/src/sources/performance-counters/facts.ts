/** What counters are made from. A fact that could not be read is absent. */
import type { Space } from './file-system-spaces.ts';
import type { CpuTimes } from './proc/cpu-times.ts';
import type { DiskCounters } from './proc/disk-counters.ts';
import type { KernelUnits } from './proc/kernel-units.ts';
import type { LoggedInUsers } from './proc/logged-in-users.ts';
import type { Mount } from './proc/mounts.ts';
import type { NetworkCounters } from './proc/network-counters.ts';
import type { ProcessTimes } from './proc/process-times.ts';
import type { LoadAverages } from './proc/system-load.ts';

export interface Facts {
  readonly cpuTimes?: ReadonlyMap<string, CpuTimes> | undefined;
  /** /proc/meminfo, KiB. */
  readonly memory?: ReadonlyMap<string, number> | undefined;
  /** /proc/vmstat. */
  readonly paging?: ReadonlyMap<string, number> | undefined;
  /** All but loopback. */
  readonly interfaces?: readonly NetworkInterface[] | undefined;
  readonly disks?: ReadonlyMap<string, DiskCounters> | undefined;
  /** Each file system once, pseudo file systems left out. */
  readonly mounts?: readonly Mount[] | undefined;
  /** By mount point; one that does not answer, or is empty by nature, is not there. */
  readonly spaces?: ReadonlyMap<string, Space> | undefined;
  /** By process id. */
  readonly processes?: ReadonlyMap<number, ProcessTimes> | undefined;
  readonly units?: KernelUnits | undefined;
  readonly load?: LoadAverages | undefined;
  readonly uptimeSeconds?: number | undefined;
  readonly users?: LoggedInUsers | undefined;
}

export type Fact = keyof Facts;

export interface NetworkInterface {
  readonly counters: NetworkCounters;
  readonly isUp: boolean;
  /** A bridge, a tunnel, one end of a pair: not a device of the machine. */
  readonly isVirtual: boolean;
}
