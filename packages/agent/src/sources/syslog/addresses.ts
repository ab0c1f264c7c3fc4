/** The addresses the settings name, and how each is opened. */
import type { Socket as DatagramSocket } from 'node:dgram';
import type { Server } from 'node:net';
import type { Connections } from './connections.ts';
import { bindUdp, listenFailed, listenTcp, listenUnix, type PortAddress } from './listen.ts';
import type { CompleteSettings } from './settings.ts';
import type { TlsListening } from './tls-listening.ts';
import type { UnixListening } from './unix-socket.ts';

/** Its `bound` is where it listens: for a port, not always the one that was asked for. */
export type Opened =
  | { readonly transport: 'tcp' | 'tls'; readonly bound: PortAddress; readonly server: Server }
  | ({ readonly transport: 'unixStream'; readonly bound: string } & UnixListening)
  | { readonly transport: 'udp'; readonly bound: PortAddress; readonly socket: DatagramSocket };

export interface WantedAddress {
  /** For the operator, such as `tcp 127.0.0.1:514`. */
  readonly name: string;
  /** Where a port was asked for, unless the system may choose it. */
  readonly port?: number;
  /** Whether it is a file, which can be removed. */
  readonly isFile?: boolean;
  /** Rejects with `LISTEN_FAILED`. */
  open(): Promise<Opened>;
}

/** TCP, TLS, Unix sockets and UDP, each in the order of the settings. */
export function wantedAddresses(
  settings: CompleteSettings,
  connections: Connections,
  tls: TlsListening | undefined,
): WantedAddress[] {
  const tlsAddresses = settings.tls?.addresses ?? [];
  return [
    ...settings.tcp.map((address) => wantedTcp(address, connections)),
    ...tlsAddresses.map((address) => wantedTls(address, connections, tls!)),
    ...settings.unixStream.map((path) => wantedUnix(path, connections)),
    ...settings.udp.map(wantedUdp),
  ];
}

function wantedTcp(wanted: PortAddress, connections: Connections): WantedAddress {
  const name = `tcp ${textOf(wanted)}`;
  const accept = connections.acceptFor(name);
  return {
    name,
    port: wanted.port,
    async open() {
      const server = await listenTcp(wanted, accept);
      return { transport: 'tcp', bound: boundOf(server, wanted), server };
    },
  };
}

function wantedTls(
  wanted: PortAddress,
  connections: Connections,
  tls: TlsListening,
): WantedAddress {
  const name = `tls ${textOf(wanted)}`;
  const accept = connections.acceptFor(name, tls.agree);
  return {
    name,
    port: wanted.port,
    async open() {
      await tls.open().catch((error: unknown) => {
        throw listenFailed(`${wanted.address} port ${wanted.port} (TLS)`, error);
      });
      const server = await listenTcp(wanted, accept);
      return { transport: 'tls', bound: boundOf(server, wanted), server };
    },
  };
}

function boundOf(server: Server, { address, port }: PortAddress): PortAddress {
  const bound = server.address();
  return { address, port: typeof bound === 'object' && bound !== null ? bound.port : port };
}

function wantedUnix(path: string, connections: Connections): WantedAddress {
  const name = `unix ${path}`;
  const accept = connections.acceptFor(name);
  return {
    name,
    isFile: true,
    open: async () => ({
      transport: 'unixStream',
      bound: path,
      ...(await listenUnix(path, accept)),
    }),
  };
}

function wantedUdp(wanted: PortAddress): WantedAddress {
  return {
    name: `udp ${textOf(wanted)}`,
    port: wanted.port,
    async open() {
      const socket = await bindUdp(wanted);
      const bound = { address: wanted.address, port: socket.address().port };
      return { transport: 'udp', bound, socket };
    },
  };
}

function textOf({ address, port }: PortAddress): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
