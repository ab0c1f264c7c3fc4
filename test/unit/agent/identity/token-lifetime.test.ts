import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  jwtExpiresAtMs,
  maxAgeSeconds,
  refreshAtMs,
} from '../../../../packages/agent/src/identity/token-lifetime.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function jwt(claims: unknown): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256' })}.${part(claims)}.c2ln`;
}

suite('when the next token is asked for', () => {
  for (const [what, lifeMs, expectedMs] of [
    ['a day: with a tenth left', 24 * HOUR_MS, 21.6 * HOUR_MS],
    ['an hour: with a tenth left', HOUR_MS, 54 * MINUTE_MS],
    ['twenty minutes: five minutes before its end', 20 * MINUTE_MS, 15 * MINUTE_MS],
    ['ten minutes: at half', 10 * MINUTE_MS, 5 * MINUTE_MS],
    ['two minutes: at half', 2 * MINUTE_MS, MINUTE_MS],
    ['none at all: at once', 0, 0],
    ['an expiry in the past: at that expiry', -5 * MINUTE_MS, -5 * MINUTE_MS],
  ] as const) {
    test(`a life of ${what}`, () => {
      const issuedAtMs = 1_700_000_000_000;
      assert.equal(refreshAtMs(issuedAtMs, issuedAtMs + lifeMs) - issuedAtMs, expectedMs);
    });
  }
});

suite('the max-age of an ingestion token', () => {
  for (const [header, expected] of [
    ['max-age=1800', 1_800],
    ['private, Max-Age=7200, must-revalidate', 7_200],
    ['no-store', 3_600],
    [undefined, 3_600],
    ['max-age=soon', 3_600],
    ['s-max-age=5', 3_600],
    ['max-age=0', 60],
  ] as const) {
    test(`${header} means ${expected} s`, () => assert.equal(maxAgeSeconds(header), expected));
  }
});

suite('the expiry of a JWT', () => {
  test('is its exp, in milliseconds', () => {
    assert.equal(jwtExpiresAtMs(jwt({ exp: 1_900_000_000 })), 1_900_000_000_000);
  });
  for (const token of ['opaque', '', 'a.b.c', 'a.%%.c', jwt({}), jwt(null), jwt({ exp: '1' })]) {
    test(`is not known for '${token}'`, () => assert.equal(jwtExpiresAtMs(token), undefined));
  }
});
