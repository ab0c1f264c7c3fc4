/**
 * What this process listens on, as Linux tells it: TCP and UDP as `tcp 127.0.0.1:514`, Unix
 * sockets as `unix /path`. Source: proc_pid_net(5), columns of `tcp`, `udp` and `unix`.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const TCP_LISTEN = '0A';
/** A UDP socket without a peer. */
const UDP_UNCONNECTED = '07';
/** `__SO_ACCEPTCON` */
const UNIX_ACCEPTS = 0x10000;

export const CAN_TELL_LISTENERS: boolean = process.platform === 'linux';

export function ownListeners(): string[] {
  const own = ownInodes();
  const internet = [
    ...internetSockets('tcp', TCP_LISTEN),
    ...internetSockets('tcp6', TCP_LISTEN),
    ...internetSockets('udp', UDP_UNCONNECTED),
    ...internetSockets('udp6', UDP_UNCONNECTED),
  ];
  return [...internet, ...unixSockets()]
    .filter(({ inode }) => own.has(inode))
    .map(({ name }) => name)
    .sort();
}

interface SystemSocket {
  readonly name: string;
  readonly inode: string;
}

function ownInodes(): ReadonlySet<string> {
  const inodes = new Set<string>();
  for (const fd of readdirSync('/proc/self/fd')) {
    let target: string;
    try {
      target = readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      // The handle that read the folder itself is gone by now.
      continue;
    }
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  return inodes;
}

function rowsOf(file: string): string[][] {
  let text: string;
  try {
    text = readFileSync(`/proc/self/net/${file}`, 'utf8');
  } catch {
    // A system without IPv6 has no such file.
    return [];
  }
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
}

function internetSockets(file: string, state: string): SystemSocket[] {
  const protocol = file.slice(0, 3);
  return rowsOf(file)
    .filter((row) => row[3] === state)
    .map((row) => ({ name: `${protocol} ${addressOf(row[1]!)}`, inode: row[9]! }));
}

/** `0100007F:0202`: words of the address in the machine's byte order, then the port. */
function addressOf(hex: string): string {
  const [address = '', port = ''] = hex.split(':');
  const bytes = address.match(/.{8}/g)!.flatMap((word) => word.match(/../g)!.reverse());
  const text =
    bytes.length === 4
      ? bytes.map((byte) => Number.parseInt(byte, 16)).join('.')
      : `[${bytes.join('')}]`;
  return `${text}:${Number.parseInt(port, 16)}`;
}

function unixSockets(): SystemSocket[] {
  return rowsOf('unix')
    .filter((row) => (Number.parseInt(row[3]!, 16) & UNIX_ACCEPTS) !== 0)
    .map((row) => ({ name: `unix ${row[7] ?? '(unnamed)'}`, inode: row[6]! }));
}
