/**
 * A door in front of a handler through which everything of an agent passes: in what the handler
 * says, the handler's address is the gateway's. It remembers every token it sees, may answer in
 * the handler's place, and stays where it is while the handler is away.
 */
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { CertifiedKey } from './certificates.ts';
import type { LocalAnswer } from './local-server.ts';

export interface GatewayRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Gateway {
  readonly url: string;
  readonly port: number;
  /** Values of all tokens that were issued or sent, machine and ingestion tokens alike. */
  readonly tokens: ReadonlySet<string>;
  readonly requests: readonly GatewayRequest[];
  /** Base URL of the handler; while there is none, connections break. */
  target: string | undefined;
  /** Changes what the handler says once more, after its address. */
  rewrite: (body: string) => string;
  /** Answers in the handler's place when it returns something. */
  intercept: (request: GatewayRequest) => LocalAnswer | undefined;
  close(): Promise<void>;
}

export interface GatewayOptions {
  /** Spoken to over TLS. */
  readonly certificate?: CertifiedKey;
  /** Where it listens. */
  readonly address?: string;
  /** What it is called, where that is not its address. */
  readonly name?: string;
}

export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const { certificate, address = '127.0.0.1', name = address } = options;
  const tokens = new Set<string>();
  const requests: GatewayRequest[] = [];
  const server = certificate ? createSecureServer(certificate) : createServer();
  server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = incoming;
    const request = { method, url, headers };
    requests.push(request);
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    if (bearer !== undefined) tokens.add(bearer);
    const answer = gateway.intercept(request);
    if (answer !== undefined) send(response, answer);
    else if (gateway.target === undefined) response.destroy();
    else {
      const { target } = gateway;
      forward(incoming, response, target, (body) => {
        rememberIssued(body, tokens);
        return gateway.rewrite(body.replaceAll(target, gateway.url));
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  const gateway: Gateway = {
    url: `${certificate ? 'https' : 'http'}://${name}:${port}`,
    port,
    tokens,
    requests,
    target: undefined,
    rewrite: (body) => body,
    intercept: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return gateway;
}

function send(response: ServerResponse, { status, headers, body }: LocalAnswer): void {
  response.writeHead(status, { ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
}

function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  target: string,
  rewrite: (body: string) => string,
): void {
  const { method, url, headers } = incoming;
  const onward = httpRequest(`${target}${url}`, { method, headers }, async (answer) => {
    try {
      const body = rewrite(Buffer.concat(await answer.toArray()).toString('utf8'));
      const { 'content-length': _, 'transfer-encoding': __, ...rest } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, rest);
      response.end(body);
    } catch {
      response.destroy();
    }
  });
  // A handler that breaks the connection is to be seen as that.
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  incoming.pipe(onward);
}

function rememberIssued(body: string, tokens: Set<string>): void {
  for (const [, value] of body.matchAll(/"(?:access_token|ingestionAuthToken)":"([^"]+)"/g)) {
    tokens.add(value!);
  }
}
