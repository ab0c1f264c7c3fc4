/** An HTTPS server on loopback that answers 200 to everything and counts its connections. */
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { SecureContextOptions } from 'node:tls';

export interface SecureServer {
  readonly port: number;
  /** Paths, in order. */
  readonly requests: readonly string[];
  readonly connectionCount: number;
}

/** Closed when the test ends, open connections included. */
export async function startSecureServer(
  t: TestContext,
  options: SecureContextOptions,
): Promise<SecureServer> {
  const requests: string[] = [];
  let connectionCount = 0;
  const server = createServer(options, (request, response) => {
    requests.push(request.url ?? '');
    response.end('{}');
  });
  server.on('secureConnection', () => {
    connectionCount += 1;
  });
  // A client that refuses the certificate.
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    get connectionCount() {
      return connectionCount;
    },
  };
}
