/**
 * The network: one pool of connections for everything the agent asks for over HTTP.
 *
 * Node's own defaults wait up to five minutes for an answer; an agent with a backlog is better
 * off trying again, so every wait here is bounded and named.
 */
import { Agent, type Dispatcher } from 'undici';

export interface NetworkOptions {
  /** To a TCP and TLS connection. */
  readonly connectTimeoutMs?: number;
  /** From the request to the end of the answer's headers. */
  readonly headersTimeoutMs?: number;
  /** Between two pieces of the answer's body. */
  readonly bodyTimeoutMs?: number;
  /** How long an idle connection is kept, unless the server says less. */
  readonly keepAliveMs?: number;
}

const DEFAULTS: Required<NetworkOptions> = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 15_000,
  keepAliveMs: 30_000,
};

/** Redirects are never followed. The caller closes it. */
export function createNetwork(options: NetworkOptions = {}): Dispatcher {
  const { connectTimeoutMs, headersTimeoutMs, bodyTimeoutMs, keepAliveMs } = {
    ...DEFAULTS,
    ...options,
  };
  return new Agent({
    connectTimeout: connectTimeoutMs,
    headersTimeout: headersTimeoutMs,
    bodyTimeout: bodyTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    // Over HTTP/2 all uploads to a host would share one connection, and break together.
    allowH2: false,
    // The ingestion services refuse older versions; so does the agent, whatever Node is told.
    connect: { minVersion: 'TLSv1.2' },
  });
}
