/** Opens the addresses the source listens on; what cannot be opened is `LISTEN_FAILED`. */
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { lstat, stat, unlink } from 'node:fs/promises';
import { connect, isIPv6, Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { AgentError, codeOf, reasonOf } from '../../errors.ts';
import { pathAdvice, portAdvice } from './listen-advice.ts';
import { besidePath, moveToPath, type UnixListening } from './unix-socket.ts';

export interface PortAddress {
  readonly address: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/**
 * Where the reference agent's rsyslog and syslog-ng drop-ins send to. Since 1.32.6 that agent
 * takes another port when this one is taken, and publishes it.
 */
export const DEFAULT_PORT = 28330;
const DEFAULT_PORT_LAST = 28429;

/** `/dev/log` is one; what writes there can be told to write elsewhere only by its reader. */
const DATAGRAMS =
  'the socket that is there is for datagrams, which the agent does not read (Node.js has no Unix ' +
  'datagram sockets); leave it to the syslog daemon or journal that reads it, let that forward ' +
  'to an address in sources.syslog.tcp, and configure another path or none';

const KEEP_ALIVE_DELAY_MS = 60_000;
/** Owner and group: a daemon that is to write here joins the agent's group. */
const SOCKET_MODE = 0o660;
/**
 * More room survives longer bursts. The system grants what it likes, Linux at most
 * `net.core.rmem_max`, by default 212,992. Source: socket(7), `SO_RCVBUF`.
 */
const DATAGRAM_BUFFER_BYTES = 4 * 1024 * 1024;

/** If the default port is taken, the next free one is used instead. */
export function listenTcp(
  { address, port }: PortAddress,
  accept: (socket: Socket) => void,
): Promise<Server> {
  return onFreePort(address, port, async (candidate) => {
    const server = createServer(accept);
    server.listen({ host: address, port: candidate });
    await once(server, 'listening');
    return server;
  });
}

/** If the default port is taken, the next free one is used instead. */
export function bindUdp({ address, port }: PortAddress): Promise<DatagramSocket> {
  return onFreePort(address, port, async (candidate) => {
    const socket = createSocket({
      type: isIPv6(address) ? 'udp6' : 'udp4',
      recvBufferSize: DATAGRAM_BUFFER_BYTES,
    });
    socket.bind({ address, port: candidate });
    await once(socket, 'listening').catch((error: unknown) => {
      socket.close();
      throw error;
    });
    return socket;
  });
}

/** A socket file nobody listens on is replaced; anything else at the path is left alone. */
export async function listenUnix(
  path: string,
  accept: (socket: Socket) => void,
): Promise<UnixListening> {
  try {
    // Listening would say of a folder that is missing that access to it is denied.
    await stat(dirname(path));
    await removeStaleSocket(path);
    await removeStaleSocket(besidePath(path));
    const server = createServer(accept);
    server.listen({ path: besidePath(path) });
    await once(server, 'listening');
    return await moveToPath(server, path, SOCKET_MODE);
  } catch (error) {
    throw listenFailed(path, error, pathAdvice(codeOf(error), path));
  }
}

function createServer(accept: (socket: Socket) => void): Server {
  return new Server({ keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS }, accept);
}

async function onFreePort<T>(
  address: string,
  port: number,
  open: (port: number) => Promise<T>,
): Promise<T> {
  const last = port === DEFAULT_PORT ? DEFAULT_PORT_LAST : port;
  for (let candidate = port; ; candidate++) {
    try {
      return await open(candidate);
    } catch (error) {
      if (codeOf(error) === 'EADDRINUSE' && candidate < last) continue;
      const advice = portAdvice(codeOf(error), port);
      throw listenFailed(`${address} port ${port}`, error, advice);
    }
  }
}

async function removeStaleSocket(path: string): Promise<void> {
  const entry = await lstat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (entry === undefined) return;
  const use = await useOf(path);
  if (use === 'datagrams') throw new Error(DATAGRAMS);
  if (!entry.isSocket())
    throw new Error('the file that is there is not a socket; remove it or configure another path');
  if (use === 'stream')
    throw new Error('another process listens there; stop it or configure another path');
  await unlink(path);
}

/** Who listens at a path; as what, the system says to one who connects. Source: unix(7). */
function useOf(path: string): Promise<'stream' | 'datagrams' | 'none'> {
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.on('connect', () => {
      probe.destroy();
      resolve('stream');
    });
    probe.on('error', (error) => {
      const code = codeOf(error);
      if (code === 'EPROTOTYPE') resolve('datagrams');
      // Anything but a plain refusal, such as a full backlog, means somebody may be there.
      else resolve(code === 'ECONNREFUSED' ? 'none' : 'stream');
    });
  });
}

/** `advice`: what to do, where the reason does not say. */
export function listenFailed(where: string, cause: unknown, advice?: string): AgentError {
  const reason = `Cannot listen on ${where}: ${reasonOf(cause)}`;
  const message = advice === undefined ? reason : `${reason}; ${advice}`;
  return new AgentError('LISTEN_FAILED', message, { cause });
}
