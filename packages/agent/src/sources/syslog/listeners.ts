/** The addresses the source listens on, from opening to closing. */
import type { Socket as DatagramSocket } from 'node:dgram';
import type { Server } from 'node:net';
import { reasonOf } from '../../errors.ts';
import type { Log } from '../../host/log.ts';
import type { Connections } from './connections.ts';
import type { Datagrams } from './datagrams.ts';
import { bindUdp, listenTcp, listenUnix, type PortAddress } from './listen.ts';
import type { SyslogSettings } from './settings.ts';

export class Listeners {
  /** What is bound, in the order of the settings. */
  readonly tcp: PortAddress[] = [];
  readonly udp: PortAddress[] = [];
  readonly unixStream: string[] = [];

  readonly #log: Log;
  readonly #servers: Server[] = [];
  readonly #sockets: DatagramSocket[] = [];
  readonly #closing: Promise<void>[] = [];

  constructor(log: Log) {
    this.#log = log;
  }

  /** Opens all of them, or rejects with `LISTEN_FAILED`; `close` is due in either case. */
  async open(
    settings: Required<SyslogSettings>,
    connections: Connections,
    datagrams: Datagrams,
  ): Promise<void> {
    const accept = connections.accept.bind(connections);
    for (const wanted of settings.tcp) {
      const server = await listenTcp(wanted, accept);
      this.#servers.push(server);
      this.tcp.push(this.#bound(wanted, server.address()));
    }
    for (const path of settings.unixStream) {
      this.#servers.push(await listenUnix(path, accept));
      this.unixStream.push(path);
    }
    for (const wanted of settings.udp) {
      const socket = await bindUdp(wanted);
      this.#sockets.push(socket);
      datagrams.read(socket);
      this.udp.push(this.#bound(wanted, socket.address()));
    }
    for (const listener of [...this.#servers, ...this.#sockets]) {
      listener.on('error', (error: Error) => {
        this.#log.warn({ reason: reasonOf(error) }, 'A syslog listener reports an error.');
      });
    }
  }

  /** Takes no more connections. Those that are open go on, and so do UDP sockets. */
  stopAccepting(): void {
    for (const server of this.#servers.splice(0)) this.#closing.push(whenClosed(server));
  }

  /** Resolves when every handle is closed; connections are to be closed by whoever has them. */
  async close(): Promise<void> {
    this.stopAccepting();
    for (const socket of this.#sockets.splice(0)) this.#closing.push(whenClosed(socket));
    await Promise.all(this.#closing);
  }

  #bound(wanted: PortAddress, address: ReturnType<Server['address']>): PortAddress {
    const port = typeof address === 'object' && address !== null ? address.port : wanted.port;
    if (wanted.port !== 0 && wanted.port !== port) {
      this.#log.warn(
        { address: wanted.address, wantedPort: wanted.port, port },
        'The syslog port is taken; senders must use another one.',
      );
    }
    return { address: wanted.address, port };
  }
}

function whenClosed(listener: Server | DatagramSocket): Promise<void> {
  return new Promise((resolve) => {
    listener.close(() => resolve());
  });
}
