/**
 * Datagrams that the kernel has dropped because a UDP socket of this process had no room left.
 * Linux tells them per socket; other systems do not.
 *
 * Source: Documentation/networking/proc_net_tcp.rst and `udp4_format_sock` in net/ipv4/udp.c:
 * columns 2 (local address and port, hexadecimal), 10 (inode) and 13 (drops, since the socket
 * was opened).
 */
import { readdir, readFile, readlink } from 'node:fs/promises';

export interface UdpSocketDrops {
  readonly inode: string;
  readonly port: number;
  readonly drops: number;
}

/** From the text of `/proc/net/udp` or `udp6`; lines that are not understood are left out. */
export function parseUdpDrops(text: string): UdpSocketDrops[] {
  return text.split('\n').flatMap((line) => {
    const columns = line.trim().split(/\s+/);
    const port = /^[0-9A-F]+:([0-9A-F]{4})$/i.exec(columns[1] ?? '')?.[1];
    const [inode, drops] = [columns[9], Number(columns[12])];
    if (port === undefined || inode === undefined || !Number.isSafeInteger(drops)) return [];
    return [{ inode, port: Number.parseInt(port, 16), drops }];
  });
}

/** Inodes of this process's UDP sockets on a local port; none where the system does not tell. */
export async function findUdpSockets(port: number): Promise<string[]> {
  const onPort = (await readSockets()).filter((socket) => socket.port === port);
  if (onPort.length === 0) return [];
  const own = await ownInodes();
  return onPort.map(({ inode }) => inode).filter((inode) => own.has(inode));
}

/** What the kernel has dropped on these sockets, by inode; those it does not tell are missing. */
export async function readUdpDrops(
  inodes: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const sockets = inodes.size === 0 ? [] : await readSockets();
  const wanted = sockets.filter(({ inode }) => inodes.has(inode));
  return new Map(wanted.map(({ inode, drops }) => [inode, drops]));
}

async function readSockets(): Promise<UdpSocketDrops[]> {
  const texts = await Promise.all(
    // Missing on other systems, `udp6` also where IPv6 is switched off.
    ['udp', 'udp6'].map((name) => readFile(`/proc/self/net/${name}`, 'utf8').catch(() => '')),
  );
  return texts.flatMap(parseUdpDrops);
}

async function ownInodes(): Promise<ReadonlySet<string>> {
  const handles = await readdir('/proc/self/fd').catch(() => []);
  const targets = await Promise.all(
    // A handle may be closed meanwhile.
    handles.map((handle) => readlink(`/proc/self/fd/${handle}`).catch(() => '')),
  );
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}
