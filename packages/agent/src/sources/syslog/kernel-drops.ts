/** Datagrams the kernel drops before this process sees them: counted, and told as they grow. */
import type { Host } from '../../host/host.ts';
import { findUdpSockets, readUdpDrops } from '../../host/udp-drops.ts';
import { PacedWarning } from './paced-warning.ts';

const LOOK_INTERVAL_MS = 10_000;
const MESSAGE =
  'The kernel drops syslog datagrams, because they come faster than they are read; ' +
  'raise net.core.rmem_max, or let senders use TCP.';

export class KernelDrops {
  readonly #host: Pick<Host, 'clock' | 'log'>;
  readonly #warning: PacedWarning;
  /** Datagrams dropped so far, by the inode of the socket. */
  readonly #sockets = new Map<string, number>();
  /** What the kernel granted last, in its own count, which includes what it needs itself. */
  #receiveBufferBytes = 0;

  constructor(host: Pick<Host, 'clock' | 'log'>) {
    this.#host = host;
    this.#warning = new PacedWarning(host, MESSAGE);
  }

  /** Of all sockets; `undefined` where the system does not tell. */
  get count(): number | undefined {
    if (this.#sockets.size === 0) return undefined;
    return [...this.#sockets.values()].reduce((sum, drops) => sum + drops, 0);
  }

  /** Counts from now on what is dropped on this process's sockets on the port. Never rejects. */
  async add(port: number, receiveBufferBytes: number): Promise<void> {
    this.#receiveBufferBytes = receiveBufferBytes;
    const inodes = await findUdpSockets(port);
    for (const inode of inodes) if (!this.#sockets.has(inode)) this.#sockets.set(inode, 0);
  }

  /** Looks now and then until the signal aborts. Never rejects. */
  async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#host.clock.sleep(LOOK_INTERVAL_MS, signal);
      if (!signal.aborted) await this.look();
    }
  }

  /** Looks now. A socket that is closed keeps the count it had. Never rejects. */
  async look(): Promise<void> {
    const drops = await readUdpDrops(new Set(this.#sockets.keys()));
    const before = this.count ?? 0;
    for (const [inode, count] of drops) {
      this.#sockets.set(inode, Math.max(count, this.#sockets.get(inode) ?? 0));
    }
    const total = this.count ?? 0;
    if (total <= before) return;
    const facts = { total, receiveBufferBytes: this.#receiveBufferBytes };
    this.#warning.add({ dropped: total - before }, facts);
  }

  /** Tells what has not been told yet. */
  close(): void {
    this.#warning.flush();
  }
}
