/** The agent's network through proxies that work, refuse, hang, break off and look inside. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import type { Dispatcher } from 'undici';
import { isAgentError } from '../../packages/agent/src/errors.ts';
import { createNetwork, type NetworkOptions } from '../../packages/agent/src/host/network.ts';
import { parseProxy } from '../../packages/agent/src/host/proxy/parse-proxy.ts';
import { type Authority, createAuthority, selfSigned } from '../support/certificates.ts';
import { type SecureServer, startSecureServer } from '../support/secure-server.ts';
import {
  startTestProxy,
  type TestProxy,
  type TestProxyOptions,
  wantsUser,
} from '../support/test-proxy.ts';
import { until } from '../support/until.ts';

/** A name that only the proxy can look up. */
const HOST = 'workspace.example';
const URL_ORIGIN = `https://${HOST}`;
const TARGET = `${HOST}:443`;
const PASSWORD = 'p@ss/w:ör#d%';

interface Scene {
  readonly authority: Authority;
  readonly server: SecureServer;
  readonly proxy: TestProxy;
  open(proxyUrl?: string, more?: NetworkOptions): Dispatcher;
}

async function scene(t: TestContext, options: Partial<TestProxyOptions> = {}): Promise<Scene> {
  const authority = createAuthority('Test Authority');
  const server = await startSecureServer(t, authority.issue({ names: [HOST] }));
  const proxy = await startTestProxy(t, { hosts: { [TARGET]: server.port }, ...options });
  return {
    authority,
    server,
    proxy,
    open: (proxyUrl = proxy.url, more = {}) => {
      const reading = parseProxy(proxyUrl);
      assert.ok('proxy' in reading, JSON.stringify(reading));
      const routes = { https: reading.proxy, http: reading.proxy };
      const network = createNetwork({ proxy: routes, authorities: [authority.cert], ...more });
      t.after(() => network.destroy());
      return network;
    },
  };
}

async function get(network: Dispatcher, origin = URL_ORIGIN, path = '/'): Promise<number> {
  const { statusCode, body } = await network.request({ origin, path, method: 'GET' });
  await body.dump();
  return statusCode;
}

async function failureOf(network: Dispatcher, origin?: string) {
  const error = await get(network, origin).then(
    () => assert.fail('it was answered'),
    (reason: unknown) => reason,
  );
  assert.ok(isAgentError(error), inspect(error));
  return error;
}

/** All that inspection shows, hidden and nested parts included. */
function everything(value: unknown): string {
  return inspect(value, { depth: 20, showHidden: true });
}

function withUser(url: string, user: string, password: string): string {
  return url.replace('//', `//${user}:${encodeURIComponent(password)}@`);
}

suite('a proxy', { concurrency: 4 }, () => {
  test('is given the name of the host, and passes on what only the host can read', async (t) => {
    const { proxy, server, open } = await scene(t);
    assert.equal(await get(open(), URL_ORIGIN, '/a'), 200);
    assert.deepEqual(proxy.questions, [{ target: TARGET, authorization: undefined }]);
    assert.deepEqual(server.requests, ['/a']);
  });

  test('is asked once for each connection, not for each request', async (t) => {
    const { proxy, server, open } = await scene(t);
    const network = open();
    for (let n = 0; n < 50; n++) await get(network);
    assert.equal(server.requests.length, 50);
    // The next request may come before the last connection has noticed that it is free.
    assert.ok(proxy.questions.length <= 2, `${proxy.questions.length} tunnels`);
    for (let n = 0; n < 25; n++) await Promise.all(Array.from({ length: 4 }, () => get(network)));
    assert.equal(server.requests.length, 150);
    assert.ok(proxy.questions.length <= 8, `${proxy.questions.length} tunnels`);
    assert.equal(proxy.questions.length, server.connectionCount);
  });

  test('is told user and password, whatever signs are in them', async (t) => {
    const { proxy, open } = await scene(t);
    proxy.behave = wantsUser('agent', PASSWORD);
    assert.equal(await get(open(withUser(proxy.url, 'agent', PASSWORD))), 200);
    // As it is, without any encoding.
    const raw = proxy.url.replace('//', `//agent:${PASSWORD}@`);
    assert.equal(await get(open(raw)), 200);
  });

  test('that wants a user and a password is named, and so is what it wants', async (t) => {
    const { proxy, open } = await scene(t);
    proxy.behave = wantsUser('agent', PASSWORD);
    const anonymous = await failureOf(open());
    assert.equal(anonymous.code, 'PROXY_REFUSED');
    assert.equal(
      anonymous.message,
      `the proxy ${proxy.url} answered 407 to CONNECT ${TARGET}: it wants a user name and a password; write them into the proxy option`,
    );
    const wrong = await failureOf(open(withUser(proxy.url, 'agent', 'Wrong0!x')));
    assert.match(wrong.message, /407 .*: it did not accept the user name and password/);
    assert.doesNotMatch(everything(wrong), /Wrong0|V3Jvbmcw/);
    proxy.behave = () => ({ status: 407, headers: { 'proxy-authenticate': 'Negotiate' } });
    const foreign = await failureOf(open());
    assert.match(foreign.message, /it offers Negotiate authentication, and the agent knows Basic/);
  });

  test('that does not allow a host holds; one that cannot reach it may soon', async (t) => {
    const { proxy, open } = await scene(t);
    proxy.behave = () => ({ status: 403 });
    const forbidden = await failureOf(open());
    assert.equal(forbidden.code, 'PROXY_REFUSED');
    assert.match(forbidden.message, /answered 403 to CONNECT .*: it does not allow that host/);
    for (const status of [502, 503, 504]) {
      proxy.behave = () => ({ status });
      const { code, message } = await failureOf(open());
      assert.equal(code, 'PROXY_FAILED');
      assert.match(message, new RegExp(`answered ${status} .*: it could not reach that host`));
    }
  });

  test('that hangs is given up, one that breaks off or babbles is told', {
    timeout: 30_000,
  }, async (t) => {
    const { proxy, open } = await scene(t);
    const stories = [
      ['hang', /^the proxy \S+ did not answer in time \(asked for workspace\.example:443\)$/],
      ['close', /^the proxy \S+ closed the connection without an answer/],
      ['babble', /^the proxy \S+ answered with something that is not HTTP/],
    ] as const;
    for (const [behaviour, story] of stories) {
      proxy.behave = () => behaviour;
      const error = await failureOf(open(proxy.url, { headersTimeoutMs: 100 }));
      assert.equal(error.code, 'PROXY_FAILED', behaviour);
      assert.match(error.message, story);
    }
  });

  test('that is not there is told as what is missing, not the host', async (t) => {
    const { open } = await scene(t);
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    const error = await failureOf(open(`http://127.0.0.1:${port}`));
    assert.equal(error.code, 'PROXY_FAILED');
    assert.match(
      error.message,
      /^the proxy http:\/\/127\.0\.0\.1:\d+ cannot be reached: .*REFUSED/,
    );
  });

  test('is not waited for when the network ends', async (t) => {
    const { proxy, open } = await scene(t);
    const asked = Promise.withResolvers<void>();
    proxy.behave = () => {
      asked.resolve();
      return 'hang';
    };
    const network = open();
    const request = get(network);
    await asked.promise;
    await Promise.all([assert.rejects(request), network.destroy()]);
    await until('the proxy is left alone', () => proxy.connectionCount === 0);
  });

  test('with a certificate of its own is spoken to over TLS, and has to prove itself', async (t) => {
    const proxies = createAuthority('Proxy Authority');
    const certificate = proxies.issue({ names: ['127.0.0.1'] });
    const { proxy, open, authority } = await scene(t, { certificate });
    const error = await failureOf(open());
    assert.equal(error.code, 'CERTIFICATE_REFUSED');
    assert.match(
      error.message,
      /^TLS: the certificate of the proxy https:\/\/127\.0\.0\.1:\d+ was issued by 'Proxy Authority'/,
    );
    assert.equal(proxy.questions.length, 0);
    const authorities = [authority.cert, proxies.cert];
    assert.equal(await get(open(proxy.url, { authorities })), 200);
  });

  test('that signs anew what it passes on is named, with its authority and what to do', async (t) => {
    const inspector = createAuthority('Corp Inspection CA');
    const { proxy, open, authority, server } = await scene(t);
    proxy.behave = () => ({ resignAs: inspector.issue({ names: [HOST] }) });
    const { code, message } = await failureOf(open());
    assert.equal(code, 'CERTIFICATE_REFUSED');
    assert.equal(
      message,
      `TLS: the certificate of ${TARGET} was issued by 'Corp Inspection CA', which is not trusted here; ` +
        `the proxy ${proxy.url} probably inspects TLS and signs anew what it passes on: exempt ${TARGET} from that, ` +
        'or to trust its authority, name its certificate with tls.caFile or NODE_EXTRA_CA_CERTS',
    );
    assert.deepEqual(server.requests, []);
    const authorities = [authority.cert, inspector.cert];
    assert.equal(await get(open(proxy.url, { authorities })), 200);
  });

  test('never sees this machine, metadata and what is exempt, not even plain HTTP', async (t) => {
    const { proxy, open, server, authority } = await scene(t);
    proxy.behave = () => ({ status: 403 });
    const local = authority.issue({ names: ['127.0.0.1', 'localhost'] });
    const own = await startSecureServer(t, local);
    assert.equal(await get(open(), `https://127.0.0.1:${own.port}`), 200);
    assert.equal(await get(open(), `https://localhost:${own.port}`), 200);
    // Without a proxy the name cannot be found.
    const exempt = open(proxy.url, { proxyBypass: ['.example'] });
    await assert.rejects(get(exempt), { code: /ENOTFOUND|EAI_AGAIN/ });
    assert.deepEqual(proxy.questions, []);
    assert.deepEqual(server.requests, []);
    const plain = await failureOf(open(), 'http://lab.example:7700');
    assert.match(plain.message, /answered 403 to CONNECT lab\.example:7700/);
    const six = await failureOf(open(), 'https://[2001:db8::1]');
    assert.match(six.message, /answered 403 to CONNECT \[2001:db8::1\]:443/);
  });
});

suite('a certificate', { concurrency: 4 }, () => {
  const YEAR_MS = 31_536_000_000;
  const long = (ago: number): Date => new Date(Date.now() - ago * YEAR_MS);

  const FAULTS: readonly [
    string,
    RegExp,
    (authority: Authority) => { key: string; cert: string },
  ][] = [
    [
      'that has expired is told with its time and issuer',
      / \(or of an authority above it\) has expired; it is valid from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d, issued by 'Test Authority'$/,
      (a) => a.issue({ names: [HOST], validFrom: long(2), validTo: long(1) }),
    ],
    [
      'of the future makes one look at the clock',
      / is not valid yet; it is valid from .* 'Test Authority'; is the clock right\?$/,
      (a) => a.issue({ names: [HOST], validFrom: long(-1), validTo: long(-2) }),
    ],
    [
      'of another host is told with the names it is for',
      / belongs to other\.example, more\.example, not to it; issued by 'Test Authority'$/,
      (a) => a.issue({ names: ['other.example', 'more.example'] }),
    ],
    [
      'that signed itself is told with what to do',
      / is self-signed by 'workspace\.example', valid from .*; to trust it, name its certificate with tls\.caFile/,
      () => selfSigned({ names: [HOST] }),
    ],
  ];

  for (const [name, story, make] of FAULTS) {
    test(name, async (t) => {
      const authority = createAuthority('Test Authority');
      const server = await startSecureServer(t, make(authority));
      const { open } = await scene(t, { hosts: { [TARGET]: server.port } });
      const error = await failureOf(open(undefined, { authorities: [authority.cert] }));
      assert.equal(error.code, 'CERTIFICATE_REFUSED');
      assert.match(error.message, /^TLS: the certificate of workspace\.example:443 /);
      assert.match(error.message, story);
      assert.deepEqual(server.requests, []);
    });
  }

  test('of an unknown authority without a proxy may be one’s own or an inspector’s', async (t) => {
    const server = await startSecureServer(
      t,
      createAuthority('Somebody').issue({ names: ['127.0.0.1'] }),
    );
    const network = createNetwork();
    t.after(() => network.destroy());
    const error = await failureOf(network, `https://127.0.0.1:${server.port}`);
    assert.match(
      error.message,
      /issued by 'Somebody', which is not trusted here; to trust that authority, name its certificate with tls\.caFile or NODE_EXTRA_CA_CERTS; if a device on the way inspects TLS, exempt 127\.0\.0\.1:\d+ there$/,
    );
  });

  test('is not even looked at where only older TLS is spoken, directly or behind a proxy', async (t) => {
    const authority = createAuthority('Test Authority');
    const old = {
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    } as const;
    const certificate = authority.issue({ names: [HOST, '127.0.0.1'] });
    const server = await startSecureServer(t, { ...certificate, ...old });
    const { open } = await scene(t, { hosts: { [TARGET]: server.port } });
    const network = open(undefined, { authorities: [authority.cert] });
    const code = 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION';
    await assert.rejects(get(network), { code });
    await assert.rejects(get(network, `https://127.0.0.1:${server.port}`), { code });
    assert.deepEqual(server.requests, []);
  });

  test('is checked whatever the environment says', async (t) => {
    const server = await startSecureServer(t, selfSigned({ names: ['127.0.0.1'] }));
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    t.after(() => delete process.env.NODE_TLS_REJECT_UNAUTHORIZED);
    const network = createNetwork();
    t.after(() => network.destroy());
    await failureOf(network, `https://127.0.0.1:${server.port}`);
  });
});
