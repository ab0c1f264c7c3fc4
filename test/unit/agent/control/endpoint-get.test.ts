import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { Agent } from 'undici';
import { askEndpoint } from '../../../../packages/agent/src/control/endpoint-get.ts';
import { AgentError } from '../../../../packages/agent/src/errors.ts';
import { isWayClosed } from '../../../../packages/agent/src/host/closed-way.ts';
import { AccessToken } from '../../../../packages/agent/src/identity/access-token.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { inTurn, type LocalAnswer, startLocalServer } from '../../../support/local-server.ts';
import { until } from '../../../support/until.ts';

const PATH = '/subscriptions/s/agentConfigurations?platform=linux&a=%2f';
const OK: LocalAnswer = { status: 200, body: { ok: true } };

async function setUp(t: TestContext, ...answers: LocalAnswer[]) {
  const server = await startLocalServer(t, inTurn(...answers));
  const network = new Agent();
  t.after(() => network.destroy());
  const host = createFakeHost({ network });
  const tokens: boolean[] = [];
  const abort = new AbortController();
  const ask = (endpoint = server.url) =>
    askEndpoint(
      host,
      {
        endpoint,
        path: PATH,
        headers: { 'if-none-match': '"1"' },
        bytesMax: 10_000,
        userAgent: 'dcr-agent/1',
        trust: { allowPlainHttp: false },
        async token(refresh) {
          tokens.push(refresh);
          return new AccessToken(`secret-${tokens.length}`, 2e12);
        },
      },
      abort.signal,
    );
  return { server, host, tokens, ask, abort };
}

function redirect(to: string): LocalAnswer {
  return { status: 421, headers: { 'x-ms-agent-config-endpoint': to } };
}

suite('a question to the control plane', () => {
  test('carries token, agent, request id and the headers of the caller', async (t) => {
    const { server, ask } = await setUp(t, OK);
    const answer = await ask();
    assert.equal(answer.kind, 'answered');
    const { url, headers } = server.requests[0]!;
    assert.equal(url, PATH);
    assert.equal(headers.authorization, 'Bearer secret-1');
    assert.equal(headers['user-agent'], 'dcr-agent/1');
    assert.match(
      String(headers['x-ms-client-request-id']),
      /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
    );
    assert.equal(headers['if-none-match'], '"1"');
  });

  test('keeps the path of the base URL', async (t) => {
    const { server, ask } = await setUp(t, OK);
    await ask(`${server.url}/control/`);
    assert.equal(server.requests[0]!.url, `/control${PATH}`);
  });

  for (const status of [408, 429, 500, 502, 503, 504]) {
    test(`is tried again 100 ms after a ${status}`, async (t) => {
      const { host, server, ask } = await setUp(t, { status }, OK);
      const answer = ask();
      await until('the first answer is in', () => host.clock.nextWakeMs === 100);
      await host.clock.advance(100);
      assert.equal((await answer).kind, 'answered');
      assert.equal(server.requests.length, 2);
    });
  }

  test('is given up after three tries, 100 and 200 ms apart', async (t) => {
    const { host, server, ask } = await setUp(t, { status: 503, body: 'down for now' });
    const answer = ask();
    for (const waitMs of [100, 200]) {
      await until('a pause begins', () => host.clock.nextWakeMs === waitMs);
      await host.clock.advance(waitMs);
    }
    assert.deepEqual(await answer, {
      kind: 'unreachable',
      reason: `${server.url} answered 503 down for now`,
    });
    assert.equal(server.requests.length, 3);
  });

  test('waits as long as a 429 asks for, if that is short', async (t) => {
    const { host, ask } = await setUp(t, { status: 429, headers: { 'retry-after': '7' } }, OK);
    const answer = ask();
    await until('a pause begins', () => host.clock.nextWakeMs === 7_000);
    await host.clock.advance(7_000);
    assert.equal((await answer).kind, 'answered');
  });

  test('leaves a long wait to the caller', async (t) => {
    const { server, ask } = await setUp(t, { status: 429, headers: { 'retry-after': '120' } });
    assert.deepEqual(await ask(), {
      kind: 'unreachable',
      reason: `${server.url} answered 429 {}`,
      retryAfterMs: 120_000,
    });
    assert.equal(server.requests.length, 1);
  });

  test('a connection that is refused is tried again, then reported', async (t) => {
    const { host, ask } = await setUp(t);
    const answer = ask('http://127.0.0.1:1');
    for (const waitMs of [100, 200]) {
      await until('a pause begins', () => host.clock.nextWakeMs === waitMs);
      await host.clock.advance(waitMs);
    }
    const { kind, reason } = (await answer) as { kind: string; reason: string };
    assert.equal(kind, 'unreachable');
    assert.match(reason, /^http:\/\/127\.0\.0\.1:1 does not answer: connect ECONNREFUSED/);
  });

  test('a proxy that refuses is asked once: a wrong password may lock an account', async (t) => {
    const { host, ask } = await setUp(t);
    let asked = 0;
    const cause = new AgentError('PROXY_REFUSED', 'the proxy answered 407');
    Object.assign(host.network, {
      dispatch: () => {
        asked += 1;
        throw cause;
      },
    });
    const answer = await ask();
    assert.ok(answer.kind === 'unreachable');
    assert.match(answer.reason, /does not answer: the proxy answered 407$/);
    assert.ok(isWayClosed(answer.cause));
    assert.equal(asked, 1);
  });

  test('a 401 is answered with a fresh token, once', async (t) => {
    const { server, tokens, ask } = await setUp(t, { status: 401 });
    const answer = await ask();
    assert.equal(answer.kind, 'refused');
    assert.deepEqual(tokens, [false, true]);
    assert.deepEqual(
      server.requests.map(({ headers }) => headers.authorization),
      ['Bearer secret-1', 'Bearer secret-2'],
    );
  });

  test('a refusal tells code and message of the service, and no token', async (t) => {
    const { server, ask } = await setUp(t, {
      status: 403,
      body: { error: { code: 'InvalidResourceId', message: 'token secret-1\n names\tanother id' } },
    });
    assert.deepEqual(await ask(), {
      kind: 'refused',
      endpoint: server.url,
      status: 403,
      reason: `${server.url} answered 403 InvalidResourceId: token [token] names another id`,
    });
  });

  test('a 421 leads to the endpoint it names, and that is the one that answered', async (t) => {
    const other = await startLocalServer(t, () => OK);
    const { ask } = await setUp(t, redirect(`${other.url}/`));
    const answer = await ask();
    assert.equal(answer.kind === 'answered' && answer.endpoint, other.url);
    assert.equal(other.requests[0]!.url, PATH);
  });

  test('three 421 in a row are followed, a fourth is not', async (t) => {
    const last = await startLocalServer(t, () => OK);
    const third = await startLocalServer(t, () => redirect(last.url));
    const second = await startLocalServer(t, () => redirect(third.url));
    const { ask } = await setUp(t, redirect(second.url));
    assert.equal((await ask()).kind, 'answered');

    const first = await startLocalServer(t, () => redirect(second.url));
    last.answer = () => redirect('http://127.0.0.1:1');
    const { kind, reason } = (await ask(first.url)) as { kind: string; reason: string };
    assert.equal(kind, 'refused');
    assert.match(reason, /after 3 others/);
  });

  for (const [what, header, reason] of [
    ['names nothing', undefined, /does not name it \(no x-ms-agent-config-endpoint\)/],
    ['names no URL', 'somewhere', /that is not a URL/],
  ] as const) {
    test(`a 421 that ${what} is a refusal`, async (t) => {
      const headers: Record<string, string> = header
        ? { 'x-ms-agent-config-endpoint': header }
        : {};
      const { ask } = await setUp(t, { status: 421, headers });
      const answer = (await ask()) as { kind: string; reason: string };
      assert.equal(answer.kind, 'refused');
      assert.match(answer.reason, reason);
    });
  }

  test('endpoints that send a machine in a circle are found out', async (t) => {
    const { server, ask } = await setUp(t);
    const other = await startLocalServer(t, () => redirect(server.url));
    server.answer = () => redirect(other.url);
    const answer = (await ask()) as { kind: string; reason: string };
    assert.match(answer.reason, /that was asked already/);
  });

  for (const [endpoint, reason] of [
    ['http://192.0.2.1', /is not encrypted/],
    ['http://localhost.example.com', /is not encrypted/],
    ['ftp://127.0.0.1', /is not an https URL/],
    ['https://user:pw@127.0.0.1', /carries a user name/],
  ] as const) {
    test(`the token is not sent to ${endpoint}, neither by configuration nor by a 421`, async (t) => {
      const { ask } = await setUp(t, redirect(endpoint));
      await assert.rejects(ask(), { code: 'CONTROL_PLANE_REFUSED', message: reason });
      await assert.rejects(ask(endpoint), { code: 'CONTROL_PLANE_REFUSED', message: reason });
    });
  }

  test('an answer that is too long or too slow counts as none', async (t) => {
    const { host, server, ask, abort } = await setUp(t, { status: 200, body: 'x'.repeat(20_000) });
    const long = ask();
    await until('the answer was cut', () => host.clock.nextWakeMs === 100);
    server.answer = () => new Promise(() => {});
    await host.clock.advance(100);
    await until('it was asked again', () => server.requests.length === 2);
    await host.clock.advance(20_000);
    await until('it was too slow', () => host.clock.nextWakeMs === 200);
    abort.abort();
    await host.clock.advance(200);
    assert.equal((await long).kind, 'unreachable');
  });

  test('an abort ends it at once', async (t) => {
    const { server, ask, abort } = await setUp(t);
    server.answer = () => new Promise(() => {});
    const answer = ask();
    await until('the request has arrived', () => server.requests.length === 1);
    abort.abort();
    assert.equal((await answer).kind, 'unreachable');
  });
});
