/**
 * Connections through a proxy: `CONNECT host:port`, after which the proxy only passes bytes on.
 * Everything goes that way, plain HTTP too, so that no answer of a proxy can be taken for one of
 * the service. Names are left to the proxy to look up. Source: RFC 9110 §9.3.6.
 */
import type { Socket } from 'node:net';
import { type buildConnector, Client } from 'undici';
import { AgentError, isAgentError, reasonOf } from '../../errors.ts';
import type { ForwardProxy } from './forward-proxy.ts';
import { refusalOf } from './refusal.ts';

export interface TunnelOptions {
  /** Connects to the proxy itself. */
  readonly connect: buildConnector.connector;
  /** From the question to the proxy's answer, which comes when it has reached the host. */
  readonly answerTimeoutMs: number;
}

export class Tunnels {
  readonly #options: TunnelOptions;
  readonly #opening = new Set<Client>();

  constructor(options: TunnelOptions) {
    this.#options = options;
  }

  /**
   * `target`: `host:port`, an IPv6 address in brackets. Rejects with `PROXY_REFUSED` where
   * someone has to act, with `PROXY_FAILED` where it may work again by itself, and with what
   * `connect` says of a proxy's certificate.
   */
  async open(proxy: ForwardProxy, target: string): Promise<Socket> {
    const { connect, answerTimeoutMs } = this.#options;
    const client = new Client(proxy.address, { connect, headersTimeout: answerTimeoutMs });
    this.#opening.add(client);
    try {
      const { authorization } = proxy;
      const { statusCode, headers, socket } = await client.connect({
        path: target,
        headers: {
          host: target,
          ...(authorization !== undefined && { 'proxy-authorization': authorization.reveal() }),
        },
      });
      if (statusCode >= 200 && statusCode < 300) return socket as Socket;
      socket.on('error', () => {}).destroy();
      throw refusalOf(proxy, target, { status: statusCode, headers });
    } catch (error) {
      throw isAgentError(error) ? error : failure(proxy, target, error);
    } finally {
      this.#opening.delete(client);
    }
  }

  /** Gives up what is being opened. */
  async destroy(): Promise<void> {
    await Promise.all([...this.#opening].map((client) => client.destroy()));
  }
}

/** Its code must not be one that makes undici ask again and again, as `UND_ERR_SOCKET` does. */
function failure(proxy: ForwardProxy, target: string, cause: unknown): AgentError {
  const story = `the proxy ${proxy.address} ${failureText(cause)} (asked for ${target})`;
  return new AgentError('PROXY_FAILED', story, { cause });
}

function failureText(cause: unknown): string {
  const { code, name } = cause as { code?: unknown; name?: unknown };
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return 'did not answer in time';
  if (code === 'UND_ERR_SOCKET') return 'closed the connection without an answer';
  if (name === 'HTTPParserError') return 'answered with something that is not HTTP';
  // A name with several addresses fails with one error per address and no message of its own.
  const first = cause instanceof AggregateError && cause.message === '' ? cause.errors[0] : cause;
  return `cannot be reached: ${reasonOf(first)}`;
}
