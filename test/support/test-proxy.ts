/**
 * A forward proxy on loopback that knows only `CONNECT`, finds hosts by a list of its own, keeps
 * what it was asked, and behaves as a test says.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { connect as connectSecurely, TLSSocket } from 'node:tls';
import type { CertifiedKey } from './certificates.ts';

export interface ProxyQuestion {
  /** `host:port` */
  readonly target: string;
  /** Value of `Proxy-Authorization`. */
  readonly authorization: string | undefined;
}

export type ProxyBehaviour =
  | 'tunnel'
  | 'hang'
  | 'close'
  /** An answer that is no HTTP. */
  | 'babble'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Opens what passes, and shows this certificate instead of the server's. */
  | { readonly resignAs: CertifiedKey };

export interface TestProxy {
  /** `http://127.0.0.1:<port>`, or `https:` with a certificate. */
  readonly url: string;
  readonly port: number;
  /** Every `CONNECT`, in order. */
  readonly questions: readonly ProxyQuestion[];
  behave: (question: ProxyQuestion) => ProxyBehaviour;
  /** Connections that are open, to it and from it. */
  readonly connectionCount: number;
  /** Breaks all tunnels. */
  cut(): void;
}

export interface TestProxyOptions {
  /** `host:port` as it is asked for → port on loopback. */
  readonly hosts: Readonly<Record<string, number>>;
  readonly certificate?: CertifiedKey;
}

/** Ended with the test, tunnels included. */
export async function startTestProxy(
  t: TestContext,
  { hosts, certificate }: TestProxyOptions,
): Promise<TestProxy> {
  const questions: ProxyQuestion[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket.on('error', () => socket.destroy()));
    return socket.once('close', () => sockets.delete(socket));
  };
  const server: Server = certificate ? createSecureServer(certificate) : createServer();
  server.on('connection', keep);
  server.on('connect', (request: IncomingMessage, stream) => {
    const client = keep(stream as Socket);
    const target = request.url ?? '';
    const question = { target, authorization: request.headers['proxy-authorization'] };
    questions.push(question);
    act(proxy.behave(question), client, hosts[target], keep);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  t.after(() => {
    server.close();
    cut();
  });
  const { port } = server.address() as AddressInfo;
  const scheme = certificate === undefined ? 'http' : 'https';
  const proxy: TestProxy = {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    questions,
    behave: () => 'tunnel',
    get connectionCount() {
      return sockets.size;
    },
    cut,
  };
  return proxy;
}

/** What a proxy with this user and password does. */
export function wantsUser(user: string, password: string): TestProxy['behave'] {
  const right = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return ({ authorization }) =>
    authorization === right
      ? 'tunnel'
      : { status: 407, headers: { 'proxy-authenticate': 'Basic realm="test, only"' } };
}

function act(
  behaviour: ProxyBehaviour,
  client: Socket,
  port: number | undefined,
  keep: (socket: Socket) => Socket,
): void {
  if (behaviour === 'hang') {
    // Reading is the only way to learn that the other end has gone.
    client.once('end', () => client.destroy()).resume();
    return;
  }
  if (behaviour === 'close') {
    client.destroy();
  } else if (behaviour === 'babble') {
    client.end('220 mail.example ESMTP\r\n');
  } else if (behaviour === 'tunnel') {
    if (port === undefined) refuse(client, 502, {});
    else join(client, keep(connect(port, '127.0.0.1')));
  } else if ('status' in behaviour) {
    refuse(client, behaviour.status, behaviour.headers ?? {});
  } else {
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    const opened = keep(new TLSSocket(client, { isServer: true, ...behaviour.resignAs }));
    const onward = connectSecurely({
      host: '127.0.0.1',
      port: port ?? 0,
      rejectUnauthorized: false,
    });
    opened.pipe(keep(onward)).pipe(opened);
  }
}

function refuse(client: Socket, status: number, headers: Readonly<Record<string, string>>): void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  client.end(`HTTP/1.1 ${status} No\r\n${lines.join('')}content-length: 4\r\n\r\nno!\n`);
}

function join(client: Socket, server: Socket): void {
  server.once('connect', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    client.pipe(server).pipe(client);
  });
  client.once('close', () => server.destroy());
  server.once('close', () => client.destroy());
}
