/**
 * TLS on connections that are already counted: each has a limited time to agree on it. Those that
 * do not are closed, counted and told now and then.
 */
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { reasonOf } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import type { Agree } from './connections.ts';
import { PacedWarning } from './paced-warning.ts';
import type { TlsCredentials } from './tls-credentials.ts';

const HANDSHAKE_MS_MAX = 10_000;
const TIMED_OUT = 'not done within ten seconds';
const FAILED =
  'TLS handshakes of syslog senders fail; let senders use TLS 1.2 or later, trust the certificate ' +
  'in sources.syslog.tlsCertFile, and where sources.syslog.tlsClientCaFile is set, have their own.';

interface Handshake {
  readonly agreed: (stream: Socket) => void;
  /** Ends the wait for its end. */
  readonly over: AbortController;
  isTimedOut: boolean;
}

export class TlsHandshakes {
  failedCount = 0;

  readonly #host: Pick<Host, 'clock' | 'log'>;
  readonly #warning: PacedWarning;
  /** Listens nowhere: it is given connections that were accepted elsewhere. */
  readonly #server: Server;
  /** By the address and port of the sender. */
  readonly #pending = new Map<string, Handshake>();
  /** The server tells why by a socket that no longer knows whose it was. */
  #lastReason = '';
  #isClosed = false;

  constructor(host: Pick<Host, 'clock' | 'log'>, checksClients: boolean) {
    this.#host = host;
    this.#warning = new PacedWarning(host, FAILED);
    this.#server = createServer({ requestCert: checksClients, rejectUnauthorized: checksClients });
    this.#server.on('secureConnection', (stream) => this.#agree(stream));
    this.#server.on('tlsClientError', (error, stream) => {
      this.#lastReason = stream.authorizationError?.toString() ?? handshakeReason(error);
    });
  }

  /** For connections from now on. */
  use({ context }: TlsCredentials): void {
    this.#server.setSecureContext(context);
  }

  readonly begin: Agree = (socket, agreed) => {
    const peer = peerOf(socket);
    const handshake: Handshake = { agreed, over: new AbortController(), isTimedOut: false };
    this.#pending.set(peer, handshake);
    socket.on('close', () => {
      if (this.#pending.get(peer) === handshake) this.#fail(peer, socket, handshake);
    });
    this.#server.emit('connection', socket);
    void this.#limit(socket, handshake);
    return () => this.#forget(peer);
  };

  /** Tells what has not been told yet. */
  close(): void {
    this.#isClosed = true;
    this.#warning.flush();
  }

  #agree(stream: TLSSocket): void {
    const peer = peerOf(stream);
    const handshake = this.#pending.get(peer);
    this.#forget(peer);
    if (handshake === undefined) stream.destroy();
    else handshake.agreed(stream);
  }

  async #limit(socket: Socket, handshake: Handshake): Promise<void> {
    await this.#host.clock.sleep(HANDSHAKE_MS_MAX, handshake.over.signal);
    if (handshake.over.signal.aborted) return;
    handshake.isTimedOut = true;
    socket.destroy();
  }

  #fail(peer: string, { remoteAddress }: Socket, { isTimedOut }: Handshake): void {
    this.#forget(peer);
    this.failedCount += 1;
    const sender = remoteAddress ?? peer;
    // Why is told a moment before the connection is closed, or a moment after.
    setImmediate(() => {
      const reason = isTimedOut ? TIMED_OUT : this.#lastReason;
      this.#warning.add({ failed: 1 }, { sender, reason });
      if (this.#isClosed) this.#warning.flush();
    });
  }

  #forget(peer: string): void {
    this.#pending.get(peer)?.over.abort();
    this.#pending.delete(peer);
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** The library's own text has addresses and lines of its code around a name that says the same. */
function handshakeReason(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  if (!code.startsWith('ERR_SSL_')) return reasonOf(error);
  return code.slice('ERR_SSL_'.length).replaceAll('_', ' ').toLowerCase();
}
