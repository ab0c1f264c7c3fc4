/**
 * The network: one pool of connections for everything the agent asks for over HTTP, and one
 * policy for all of it: proxy, TLS, waits.
 *
 * Node's own defaults wait up to five minutes for an answer; an agent with a backlog is better
 * off trying again, so every wait here is bounded and named.
 */
import { Agent, type Dispatcher } from 'undici';
import { type Connector, createConnector } from './connector.ts';
import type { ProxyRoutes } from './proxy/forward-proxy.ts';

export interface NetworkOptions {
  /** To a TCP and TLS connection. */
  readonly connectTimeoutMs?: number;
  /** From the request to the end of the answer's headers; for a proxy's answer too. */
  readonly headersTimeoutMs?: number;
  /** Between two pieces of the answer's body. */
  readonly bodyTimeoutMs?: number;
  /** How long an idle connection is kept, unless the server says less. */
  readonly keepAliveMs?: number;
  readonly proxy?: ProxyRoutes;
  /** Hosts that are asked without the proxy; see `proxy/bypass.ts`. */
  readonly proxyBypass?: readonly string[];
  /** PEM certificates of authorities that are trusted besides Node's. */
  readonly authorities?: readonly string[];
}

const DEFAULTS: Required<NetworkOptions> = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 15_000,
  keepAliveMs: 30_000,
  proxy: {},
  proxyBypass: [],
  authorities: [],
};

/**
 * Redirects are never followed. The caller closes it. A request fails with `PROXY_REFUSED`,
 * `PROXY_FAILED` or `CERTIFICATE_REFUSED` where the way to the service fails for that reason.
 */
export function createNetwork(options: NetworkOptions = {}): Dispatcher {
  const { connectTimeoutMs, headersTimeoutMs, bodyTimeoutMs, keepAliveMs, ...way } = {
    ...DEFAULTS,
    ...options,
  };
  const connector = createConnector({
    routes: way.proxy,
    bypass: way.proxyBypass,
    authorities: way.authorities,
    connectTimeoutMs,
    tunnelTimeoutMs: headersTimeoutMs,
  });
  const waits = {
    headersTimeout: headersTimeoutMs,
    bodyTimeout: bodyTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
  };
  return new ConnectedAgent(connector, waits);
}

/** What is still being connected ends with it. Its maker tells nobody else of its end. */
class ConnectedAgent extends Agent {
  readonly #connector: Connector;

  constructor(connector: Connector, options: Agent.Options) {
    super({ ...options, connect: connector.connect });
    this.#connector = connector;
  }

  override destroy(): Promise<void>;
  override destroy(error: Error | null): Promise<void>;
  override destroy(callback: () => void): void;
  override destroy(error: Error | null, callback: () => void): void;
  // biome-ignore lint/suspicious/noExplicitAny: all the forms above, handed on as they are.
  override destroy(...args: any): any {
    void this.#connector.destroy();
    return Reflect.apply(super.destroy, this, args);
  }
}
