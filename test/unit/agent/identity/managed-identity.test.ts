import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { isAgentError } from '../../../../packages/agent/src/errors.ts';
import {
  createManagedIdentity,
  type ManagedIdentityConfig,
} from '../../../../packages/agent/src/identity/managed-identity.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { inTurn, type LocalAnswer, startLocalServer } from '../../../support/local-server.ts';
import { until } from '../../../support/until.ts';

const AUDIENCE = 'https://monitor.azure.com/';
const never = new AbortController().signal;

function issued(token: string, expiry: object = { expires_on: '1900000000' }): LocalAnswer {
  return {
    status: 200,
    body: { access_token: token, token_type: 'Bearer', resource: AUDIENCE, ...expiry },
  };
}

async function setUp(t: TestContext, answers: LocalAnswer[], config: ManagedIdentityConfig = {}) {
  const server = await startLocalServer(t, inTurn(...answers));
  const host = createFakeHost();
  const metadataEndpoint = `${server.url}/machines/VM1`;
  const credential = createManagedIdentity(host, { metadataEndpoint, ...config });
  return { server, host, credential };
}

function queryOf(url: string): URLSearchParams {
  return new URL(url, 'http://x').searchParams;
}

suite('managed identity over the real SDK', () => {
  test('asks the configured endpoint, path and case kept, for exactly the audience', async (t) => {
    const { server, credential } = await setUp(t, [issued('one')]);
    const token = await credential.token(AUDIENCE, never);
    assert.equal(token.authorization(), 'Bearer one');
    const [request] = server.requests;
    assert.match(request!.url, /^\/machines\/VM1\/metadata\/identity\/oauth2\/token\?/);
    assert.equal(queryOf(request!.url).get('resource'), AUDIENCE);
    assert.equal(queryOf(request!.url).get('api-version'), '2018-02-01');
    assert.equal(request!.headers.metadata, 'true');
    assert.equal(request!.headers['accept-encoding'], undefined);
  });

  for (const [name, parameter, value] of [
    ['clientId', 'client_id', '11111111-2222-3333-4444-555555555555'],
    ['objectId', 'object_id', '11111111-2222-3333-4444-555555555555'],
    ['resourceId', 'msi_res_id', '/subscriptions/s/userAssignedIdentities/u'],
  ] as const) {
    test(`names a user-assigned identity by ${name}`, async (t) => {
      const { server, credential } = await setUp(t, [issued('one')], { [name]: value });
      await credential.token(AUDIENCE, never);
      assert.equal(queryOf(server.requests[0]!.url).get(parameter), value);
    });
  }

  test('asks again each time: the cache of the SDK hands nothing out', async (t) => {
    const { server, credential } = await setUp(t, [issued('one'), issued('two')]);
    await credential.token(AUDIENCE, never);
    const second = await credential.token(AUDIENCE, never);
    assert.equal(second.authorization(), 'Bearer two');
    assert.equal(server.requests.length, 2);
  });

  test('two machines in one process are served by their own endpoints', async (t) => {
    const a = await setUp(t, [issued('a')]);
    const b = await setUp(t, [issued('b')]);
    const tokens = await Promise.all([
      a.credential.token(AUDIENCE, never),
      b.credential.token(AUDIENCE, never),
    ]);
    assert.deepEqual(
      tokens.map((token) => token.authorization()),
      ['Bearer a', 'Bearer b'],
    );
  });

  for (const [what, expiry, expected] of [
    ['expires_on as text', { expires_on: '1900000000' }, 1_900_000_000_000],
    ['expires_on as a number', { expires_on: 1_900_000_000 }, 1_900_000_000_000],
    ['expires_on as a date', { expires_on: '2030-03-17T17:46:40Z' }, 1_900_000_000_000],
    ['expires_in alone', { expires_in: '3600' }, Date.UTC(2025, 2, 1, 11, 11, 12)],
  ] as const) {
    test(`knows the true expiry from ${what}`, async (t) => {
      const { credential } = await setUp(t, [issued('one', expiry)]);
      const token = await credential.token(AUDIENCE, never);
      assert.equal(token.expiresAtMs, expected);
    });
  }

  for (const status of [404, 410, 429, 500, 503]) {
    test(`tries again two seconds after a ${status}`, async (t) => {
      const { server, host, credential } = await setUp(t, [{ status }, issued('late')]);
      const token = credential.token(AUDIENCE, never);
      await until('the first answer is in', () => host.clock.nextWakeMs === 2_000);
      await host.clock.advance(2_000);
      assert.equal((await token).authorization(), 'Bearer late');
      assert.equal(server.requests.length, 2);
    });
  }

  test('gives up after five tries in half a minute and says what was asked', async (t) => {
    const { server, host, credential } = await setUp(t, [
      { status: 500, body: { error: 'unknown', error_description: 'Failed to retrieve token' } },
    ]);
    const failure = assert.rejects(credential.token(AUDIENCE, never), (error) => {
      assert.ok(isAgentError(error, 'CREDENTIAL_UNAVAILABLE'));
      assert.match(error.message, /for https:\/\/monitor\.azure\.com\/ from http:\/\/127/);
      assert.match(error.message, /answered 500 unknown: Failed to retrieve token \(tried 5 times/);
      return true;
    });
    for (const delayMs of [2_000, 4_000, 8_000, 16_000]) {
      await until('a pause begins', () => host.clock.nextWakeMs === delayMs);
      await host.clock.advance(delayMs);
    }
    await failure;
    assert.equal(server.requests.length, 5);
  });

  test('does not repeat a refusal, and hints at the identity', async (t) => {
    const body = { error: 'invalid_request', error_description: 'Identity not found' };
    const { server, credential } = await setUp(t, [{ status: 400, body }]);
    await assert.rejects(credential.token(AUDIENCE, never), {
      code: 'CREDENTIAL_UNAVAILABLE',
      message: /answered 400 invalid_request: Identity not found; check that a managed identity/,
    });
    assert.equal(server.requests.length, 1);
  });

  test('where nobody listens the message says how to set another endpoint', async () => {
    const credential = createManagedIdentity(createFakeHost(), {
      metadataEndpoint: 'http://127.0.0.1:1',
    });
    await assert.rejects(credential.token(AUDIENCE, never), {
      code: 'CREDENTIAL_UNAVAILABLE',
      message: /127\.0\.0\.1:1\/metadata.*ECONNREFUSED.*set identity\.metadataEndpoint/,
    });
  });

  test('an answer that is no token is an error, not a token', async (t) => {
    for (const body of ['<html>', '[]', 'null', { access_token: 7 }]) {
      const { credential } = await setUp(t, [{ status: 200, body }]);
      await assert.rejects(credential.token(AUDIENCE, never), {
        code: 'CREDENTIAL_UNAVAILABLE',
        message: /answered 200/,
      });
    }
  });

  test('an abort ends the request under way', async (t) => {
    const { server, credential } = await setUp(t, []);
    server.answer = () => new Promise(() => {});
    const abort = new AbortController();
    const token = credential.token(AUDIENCE, abort.signal);
    await until('the request has arrived', () => server.requests.length === 1);
    abort.abort();
    await assert.rejects(token, { code: 'CREDENTIAL_UNAVAILABLE', message: /called off/ });
  });

  test('an abort ends the wait for the next try', async (t) => {
    const { server, host, credential } = await setUp(t, [{ status: 503 }]);
    const abort = new AbortController();
    const token = credential.token(AUDIENCE, abort.signal);
    await until('the pause begins', () => host.clock.nextWakeMs === 2_000);
    abort.abort();
    await assert.rejects(token, { code: 'CREDENTIAL_UNAVAILABLE' });
    assert.equal(server.requests.length, 1);
  });

  test('a metadata service that never answers is given up after ten seconds', async (t) => {
    const { server, host, credential } = await setUp(t, []);
    server.answer = () => new Promise(() => {});
    const failure = assert.rejects(credential.token(AUDIENCE, never), {
      code: 'CREDENTIAL_UNAVAILABLE',
      message: /no complete answer within 10 s/,
    });
    await until('the request has arrived', () => server.requests.length === 1);
    await host.clock.advance(10_000);
    await failure;
  });

  test('no token shows in any error', async (t) => {
    const { credential } = await setUp(t, [issued('very-secret', {})]);
    await assert.rejects(credential.token(AUDIENCE, never), (error: Error) => {
      assert.ok(!error.message.includes('very-secret'), error.message);
      return true;
    });
  });
});
