import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { AgentError } from '../../../../packages/agent/src/errors.ts';
import { AccessToken } from '../../../../packages/agent/src/identity/access-token.ts';
import { TokenCache } from '../../../../packages/agent/src/identity/token-cache.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { settle } from '../../../support/until.ts';

const HOUR_MS = 3_600_000;
const never = new AbortController().signal;

/** Hands out tokens `1`, `2`, … that live an hour and want renewal after 50 minutes. */
function setUp() {
  const host = createFakeHost();
  const life = new AbortController();
  const cache = new TokenCache(host, life.signal);
  const issuer = { count: 0, failure: undefined as Error | undefined, gate: Promise.resolve() };
  const issue = async () => {
    issuer.count += 1;
    await issuer.gate;
    if (issuer.failure !== undefined) throw issuer.failure;
    const now = host.clock.now();
    const token = new AccessToken(String(issuer.count), now + HOUR_MS);
    return { token, refreshAtMs: now + (HOUR_MS * 5) / 6 };
  };
  const get = async (refresh = false, signal = never): Promise<string> =>
    (await cache.get('key', signal, refresh, issue)).authorization();
  return { host, life, cache, issuer, issue, get };
}

const unavailable = new AgentError('CREDENTIAL_UNAVAILABLE', 'nobody answers');

suite('the token cache', () => {
  test('keeps a token until it is to be renewed', async () => {
    const { host, issuer, get } = setUp();
    assert.equal(await get(), 'Bearer 1');
    await host.clock.advance((HOUR_MS * 5) / 6 - 1);
    assert.equal(await get(), 'Bearer 1');
    assert.equal(issuer.count, 1);
  });

  test('keeps one token per key', async () => {
    const { cache, issue, issuer } = setUp();
    await cache.get('a', never, false, issue);
    await cache.get('b', never, false, issue);
    await cache.get('a', never, false, issue);
    assert.equal(issuer.count, 2);
  });

  test('asks once for everybody who waits', async () => {
    const { issuer, get } = setUp();
    assert.deepEqual(await Promise.all([get(), get(), get()]), Array(3).fill('Bearer 1'));
    assert.equal(issuer.count, 1);
  });

  test('renews behind the back of the caller, who gets the valid token at once', async () => {
    const { host, issuer, get } = setUp();
    await get();
    await host.clock.advance((HOUR_MS * 5) / 6);
    issuer.gate = new Promise(() => {});
    assert.equal(await get(), 'Bearer 1');
    assert.equal(await get(), 'Bearer 1');
    assert.equal(issuer.count, 2);
  });

  test('hands out the renewed token from then on', async () => {
    const { host, get } = setUp();
    await get();
    await host.clock.advance((HOUR_MS * 5) / 6);
    await get();
    await settle();
    assert.equal(await get(), 'Bearer 2');
  });

  test('a failed early renewal keeps the token serving and is tried again half a minute later', async () => {
    const { host, issuer, get } = setUp();
    await get();
    await host.clock.advance((HOUR_MS * 5) / 6);
    issuer.failure = unavailable;
    for (let i = 0; i < 3; i++) {
      assert.equal(await get(), 'Bearer 1');
      await settle();
    }
    assert.equal(issuer.count, 2);
    assert.deepEqual(
      host.log.entries.map(({ level, message }) => [level, message]),
      [['warn', 'a token could not be renewed yet; the current one is still used']],
    );
    await host.clock.advance(30_000);
    issuer.failure = undefined;
    await get();
    await settle();
    assert.equal(await get(), 'Bearer 3');
  });

  test('an expired token is not handed out: the failure is', async () => {
    const { host, issuer, get } = setUp();
    await get();
    await host.clock.advance(HOUR_MS);
    issuer.failure = unavailable;
    await assert.rejects(get(), unavailable);
    issuer.failure = undefined;
    assert.equal(await get(), 'Bearer 3');
  });

  test('refresh replaces a token that is still valid', async () => {
    const { host, get } = setUp();
    await get();
    await host.clock.advance(10_000);
    assert.equal(await get(true), 'Bearer 2');
    await host.clock.advance(10_000);
    assert.equal(await get(), 'Bearer 2');
  });

  test('refresh leaves a token that is only seconds old', async () => {
    const { host, issuer, get } = setUp();
    await get();
    await host.clock.advance(9_999);
    assert.equal(await get(true), 'Bearer 1');
    assert.equal(issuer.count, 1);
  });

  test('many that refresh at once ask once', async () => {
    const { host, issuer, get } = setUp();
    await get();
    await host.clock.advance(60_000);
    assert.deepEqual(await Promise.all([get(true), get(true)]), ['Bearer 2', 'Bearer 2']);
    assert.equal(issuer.count, 2);
  });

  test('a failed refresh is reported: the old token was refused', async () => {
    const { host, issuer, get } = setUp();
    await get();
    await host.clock.advance(60_000);
    issuer.failure = unavailable;
    await assert.rejects(get(true), unavailable);
    assert.equal(await get(), 'Bearer 1');
  });

  test('a clock that runs ahead does not make it ask for every call', async () => {
    const { host, issuer, get } = setUp();
    await get();
    host.clock.jumpTo(host.clock.now() + 10 * HOUR_MS);
    assert.equal(await get(), 'Bearer 1');
    assert.equal(issuer.count, 1);
    await host.clock.advance(10_000);
    assert.equal(await get(), 'Bearer 2');
  });

  test('a caller that gives up does not take the request from the others', async () => {
    const { issuer, get } = setUp();
    const gate = Promise.withResolvers<void>();
    issuer.gate = gate.promise;
    const abort = new AbortController();
    const impatient = get(false, abort.signal);
    const patient = get();
    abort.abort();
    await assert.rejects(impatient, { code: 'CREDENTIAL_UNAVAILABLE', message: /called off/ });
    gate.resolve();
    assert.equal(await patient, 'Bearer 1');
    assert.equal(issuer.count, 1);
  });

  test("the request has the agent's life, not the caller's", async () => {
    const { cache, life } = setUp();
    const caller = new AbortController();
    let seen: AbortSignal | undefined;
    const token = cache.get('key', caller.signal, false, (signal) => {
      seen = signal;
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(unavailable));
      });
    });
    caller.abort();
    await assert.rejects(token);
    assert.equal(seen?.aborted, false);
    life.abort();
    assert.equal(seen?.aborted, true);
  });
});
