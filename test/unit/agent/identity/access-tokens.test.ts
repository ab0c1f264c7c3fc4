import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { Agent } from 'undici';
import { AccessToken } from '../../../../packages/agent/src/identity/access-token.ts';
import { createAccessTokens } from '../../../../packages/agent/src/identity/access-tokens.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { inTurn, type LocalAnswer, startLocalServer } from '../../../support/local-server.ts';
import { until } from '../../../support/until.ts';

const never = new AbortController().signal;
const PATH =
  '/subscriptions/s/agentConfigurations/dcr-1/channels/ods-1/issueIngestionToken?operatingLocation=westeurope&platform=linux&x=%2f%2F';

function jwt(lifeSeconds: number, nowMs: number): string {
  const claims = { exp: nowMs / 1000 + lifeSeconds };
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
}

async function setUp(t: TestContext, ...answers: LocalAnswer[]) {
  const server = await startLocalServer(t, inTurn(...answers));
  const network = new Agent();
  t.after(() => network.destroy());
  const host = createFakeHost({ network });
  const asked: string[] = [];
  const tokens = createAccessTokens({
    host,
    credential: {
      async token(audience) {
        asked.push(audience);
        return new AccessToken(`machine-${asked.length}`, host.clock.now() + 3_600_000);
      },
    },
    controlAudience: 'https://monitor.azure.us/',
    userAgent: 'dcr-agent/1.2.3 (linux; x64)',
    trust: { allowPlainHttp: false },
    signal: never,
  });
  return { server, host, tokens, asked, uri: server.url + PATH };
}

function issued(token: string, cacheControl?: string): LocalAnswer {
  return {
    status: 200,
    headers: cacheControl === undefined ? {} : { 'Cache-Control': cacheControl },
    body: { configurationId: 'dcr-1', ingestionAuthToken: token },
  };
}

suite('access tokens', () => {
  test('the machine token is kept per audience', async (t) => {
    const { tokens, asked } = await setUp(t);
    await tokens.machineToken('https://a/', never);
    await tokens.machineToken('https://b/', never);
    await tokens.machineToken('https://a/', never);
    assert.deepEqual(asked, ['https://a/', 'https://b/']);
  });

  test('an ingestion token is asked for exactly as delivered, with the machine token', async (t) => {
    const { server, tokens, asked, uri } = await setUp(t, issued('channel'));
    const token = await tokens.ingestionToken(uri, never);
    assert.equal(token.authorization(), 'Bearer channel');
    const [request] = server.requests;
    assert.equal(request!.url, PATH);
    assert.equal(request!.headers.authorization, 'Bearer machine-1');
    assert.equal(request!.headers['user-agent'], 'dcr-agent/1.2.3 (linux; x64)');
    assert.deepEqual(asked, ['https://monitor.azure.us/']);
  });

  test('it lives as long as its JWT says and is renewed after max-age', async (t) => {
    const now = createFakeHost().clock.now();
    const { server, host, tokens, uri } = await setUp(
      t,
      issued(jwt(86_400, now), 'private, max-age=1800'),
    );
    const token = await tokens.ingestionToken(uri, never);
    assert.equal(token.expiresAtMs, now + 86_400_000);
    await host.clock.advance(1_799_000);
    await tokens.ingestionToken(uri, never);
    assert.equal(server.requests.length, 1);
    await host.clock.advance(1_000);
    server.answer = inTurn(issued('next'));
    const current = await tokens.ingestionToken(uri, never);
    assert.equal(current, token);
    await until('it is asked for again', () => server.requests.length === 2);
  });

  test('an opaque token lives an hour where nothing is said', async (t) => {
    const { host, tokens, uri } = await setUp(t, issued('opaque'));
    const token = await tokens.ingestionToken(uri, never);
    assert.equal(token.expiresAtMs, host.clock.now() + 3_600_000);
  });

  test('a 401 is answered with a fresh machine token, once', async (t) => {
    const { server, host, tokens, asked, uri } = await setUp(t, { status: 401 }, issued('channel'));
    await tokens.machineToken('https://monitor.azure.us/', never);
    await host.clock.advance(60_000);
    await tokens.ingestionToken(uri, never);
    assert.equal(asked.length, 2);
    assert.deepEqual(
      server.requests.map(({ headers }) => headers.authorization),
      ['Bearer machine-1', 'Bearer machine-2'],
    );
  });

  test('a 421 leads to the same path on another endpoint', async (t) => {
    const other = await startLocalServer(t, () => issued('elsewhere'));
    const { tokens, uri } = await setUp(t, {
      status: 421,
      headers: { 'x-ms-agent-config-endpoint': other.url },
    });
    const token = await tokens.ingestionToken(uri, never);
    assert.equal(token.authorization(), 'Bearer elsewhere');
    assert.equal(other.requests[0]!.url, PATH);
  });

  for (const [what, answer, code, message] of [
    [
      'a refusal',
      { status: 403, body: { error: { code: 'InvalidResourceId', message: 'not you' } } },
      'CONTROL_PLANE_REFUSED',
      /answered 403 InvalidResourceId: not you/,
    ],
    ['an answer without a token', { status: 200, body: {} }, 'CONTROL_PLANE_REFUSED', /without/],
    ['an answer that is no JSON', { status: 200, body: '<' }, 'CONTROL_PLANE_REFUSED', /without/],
    [
      'an endless answer',
      { status: 200, body: 'x'.repeat(300_000) },
      'CONTROL_PLANE_UNREACHABLE',
      /larger than 262144 bytes/,
    ],
  ] as const) {
    test(`${what} is an error with the reason`, async (t) => {
      const { host, tokens, uri } = await setUp(t, answer);
      const token = assert.rejects(tokens.ingestionToken(uri, never), { code, message });
      const ended = token.then(() => true);
      const tick = async (): Promise<void> => host.clock.advance(100);
      while (!(await Promise.race([ended, tick()])));
    });
  }

  test('a token URL that is not encrypted gets no token sent', async (t) => {
    const { tokens } = await setUp(t);
    await assert.rejects(tokens.ingestionToken('http://192.0.2.1/x', never), {
      code: 'CONTROL_PLANE_REFUSED',
      message: /is not encrypted/,
    });
    await assert.rejects(tokens.ingestionToken('nonsense', never), /not a URL/);
  });

  test('a token shows in nothing that prints it', () => {
    const token = new AccessToken('very-secret', 5);
    for (const text of [String(token), JSON.stringify({ token }), inspect(token, { depth: 5 })]) {
      assert.ok(!text.includes('very-secret'), text);
    }
  });
});
