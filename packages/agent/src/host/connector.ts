/**
 * How every connection of the agent is made: straight, or through the proxy; with TLS 1.2 or
 * newer, to the proxy as to the host behind it; and with certificates that are always checked.
 */
import { X509Certificate } from 'node:crypto';
import type { SecureContext, TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { certificateFault } from './certificate-fault.ts';
import { compileBypass } from './proxy/bypass.ts';
import type { ForwardProxy, ProxyRoutes } from './proxy/forward-proxy.ts';
import { Tunnels } from './proxy/tunnels.ts';

export interface ConnectorOptions {
  readonly routes: ProxyRoutes;
  /** Entries of `bypass.ts`. */
  readonly bypass: readonly string[];
  /** PEM certificates of authorities that are trusted besides Node's. */
  readonly authorities: readonly string[];
  /** To a TCP connection, and again to a TLS connection. */
  readonly connectTimeoutMs: number;
  /** For a proxy to answer. */
  readonly tunnelTimeoutMs: number;
}

export interface Connector {
  readonly connect: buildConnector.connector;
  /** Gives up what is being connected through a proxy. */
  destroy(): Promise<void>;
}

type Target = buildConnector.Options;
type Callback = buildConnector.Callback;

const OLDEST_TLS = 'TLSv1.2';

export function createConnector(options: ConnectorOptions): Connector {
  const { routes, connectTimeoutMs, tunnelTimeoutMs } = options;
  const isExempt = compileBypass(options.bypass);
  const secureContext = contextWith(options.authorities);
  const dial = buildConnector({
    timeout: connectTimeoutMs,
    // Over HTTP/2 all uploads to a host would share one connection, and break together.
    allowH2: false,
    // The ingestion services refuse older versions; so does the agent, whatever Node is told.
    minVersion: OLDEST_TLS,
    rejectUnauthorized: true,
    ...(secureContext !== undefined && { secureContext }),
  });
  // undici takes the name for TLS from the question, which has that of the host behind the proxy.
  const dialProxy: buildConnector.connector = ({ servername: _, ...target }, callback) =>
    dialExplained(
      dial,
      target,
      { name: `the proxy ${target.protocol}//${nameOf(target)}` },
      callback,
    );
  const tunnels = new Tunnels({ connect: dialProxy, answerTimeoutMs: tunnelTimeoutMs });

  const throughProxy = async (
    proxy: ForwardProxy,
    target: Target,
    callback: Callback,
  ): Promise<void> => {
    const name = nameOf(target);
    try {
      const httpSocket = await tunnels.open(proxy, name);
      if (target.protocol !== 'https:') callback(null, httpSocket);
      else dialExplained(dial, { ...target, httpSocket }, { name, proxy: proxy.address }, callback);
    } catch (error) {
      callback(error as Error, null);
    }
  };

  return {
    connect: (target, callback) => {
      const proxy = target.protocol === 'https:' ? routes.https : routes.http;
      if (proxy === undefined || isExempt(target.hostname, portOf(target))) {
        dialExplained(dial, target, { name: nameOf(target) }, callback);
      } else {
        void throughProxy(proxy, target, callback);
      }
    },
    destroy: () => tunnels.destroy(),
  };
}

/**
 * Node's own authorities go without saying where none are added: they are read once for all. TLS
 * is loaded when it is needed: it takes six megabytes.
 */
function contextWith(authorities: readonly string[]): SecureContext | undefined {
  if (authorities.length === 0) return undefined;
  const { createSecureContext, getCACertificates } = process.getBuiltinModule('node:tls');
  const ca = [...getCACertificates('default'), ...authorities];
  return createSecureContext({ ca, minVersion: OLDEST_TLS });
}

/**
 * Node tells nothing of a certificate it has refused but a code, and undici hands the socket to
 * nobody. The event before the check is where both can be had; it is not documented, and without
 * it only the names would be missing from what is said.
 */
function dialExplained(
  dial: buildConnector.connector,
  target: Target,
  holder: { readonly name: string; readonly proxy?: string },
  callback: Callback,
): void {
  let certificate: Buffer | undefined;
  const socket: unknown = dial(target, (...[error, connected]) => {
    if (error === null) callback(null, connected);
    else if (certificate === undefined) callback(error, null);
    else callback(certificateFault(codeOf(error), new X509Certificate(certificate), holder), null);
  });
  if (!isSecure(socket)) return;
  socket.prependOnceListener('secure', () => {
    // Not getPeerX509Certificate(), after which Node's own check finds none (24.21).
    certificate = socket.getPeerCertificate().raw;
  });
}

function isSecure(socket: unknown): socket is TLSSocket {
  return typeof socket === 'object' && socket !== null && 'getPeerCertificate' in socket;
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.message;
}

/** `host:port`, an IPv6 address in brackets. */
function nameOf(target: Target): string {
  const { hostname } = target;
  return `${hostname.includes(':') ? `[${hostname}]` : hostname}:${portOf(target)}`;
}

function portOf({ port, protocol }: Target): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}
