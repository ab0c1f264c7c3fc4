/**
 * File systems that hold somebody's data, from /proc/self/mountinfo, which has what /proc/mounts
 * has and the number of the device. Source: proc_pid_mountinfo(5).
 */

export interface Mount {
  /** `254:0`; of no use for file systems such as btrfs, which have a made-up one. */
  readonly device: string;
  readonly mountPoint: string;
  /** `ext4`, `nfs4`. */
  readonly type: string;
  /** What is mounted: `/dev/vda1`, `server:/export`. */
  readonly source: string;
  /** The folder of the file system that is mounted: `/` unless it is a part of it. */
  readonly root: string;
}

/**
 * Not counted as disks. The first ones are what telegraf leaves out (its `ignore_fs`); the others
 * have no blocks, so that telegraf leaves them out too, having asked.
 */
const IGNORED_TYPES: ReadonlySet<string> = new Set(
  `tmpfs devtmpfs devfs iso9660 overlay aufs squashfs
  autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts efivarfs fusectl fuse.lxcfs
  hugetlbfs mqueue nsfs proc pstore ramfs rpc_pipefs securityfs selinuxfs sysfs tracefs`.split(
    /\s+/,
  ),
);

/** In the order of the file; what is no such line is passed over. */
export function parseMountInfo(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line): Mount[] => {
    // Optional fields end with a dash of their own.
    const [before = '', after = ''] = line.split(' - ', 2);
    const [, , device, root, mountPoint] = before.split(' ');
    const [type, source] = after.split(' ');
    if (!mountPoint?.startsWith('/') || device === undefined || root === undefined) return [];
    if (type === undefined || source === undefined) return [];
    const names = { mountPoint: unescaped(mountPoint), source: unescaped(source) };
    return [{ device, type, root: unescaped(root), ...names }];
  });
}

/** Blanks, tabs, newlines and backslashes are written as octal numbers. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-3][0-7]{2})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/**
 * Each file system once, as df lists them: of several places the one that shows all of it, then
 * the one with the shortest path. A mount point that is covered by a later one is not there.
 */
export function fileSystems(mounts: readonly Mount[]): readonly Mount[] {
  const byPlace = new Map(mounts.map((mount) => [mount.mountPoint, mount]));
  const byDevice = new Map<string, Mount>();
  for (const mount of byPlace.values()) {
    if (IGNORED_TYPES.has(mount.type)) continue;
    const known = byDevice.get(mount.device);
    if (known === undefined || isBetter(mount, known)) byDevice.set(mount.device, mount);
  }
  return [...byDevice.values()];
}

function isBetter(mount: Mount, known: Mount): boolean {
  const isWhole = mount.root === '/';
  if (isWhole !== (known.root === '/')) return isWhole;
  return mount.mountPoint.length < known.mountPoint.length;
}
