import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalOf } from '../../../../../packages/agent/src/host/proxy/refusal.ts';

const PROXY = { address: 'http://proxy.example:3128' };

type Offer = string | string[] | undefined;

function told(status: number, offer?: Offer, user?: string): [string, string | undefined] {
  const proxy = user === undefined ? PROXY : { ...PROXY, user };
  const headers = offer === undefined ? {} : { 'proxy-authenticate': offer };
  const { code, message } = refusalOf(proxy, 'a.example:443', { status, headers });
  const story = `the proxy http://proxy.example:3128 answered ${status} to CONNECT a.example:443`;
  assert.ok(message.startsWith(story), message);
  return [code, message.slice(story.length) || undefined];
}

test('what a proxy wants is read from what it offers', () => {
  const wantsUser = /^: it wants a user name and a password/;
  const offers: [Offer, RegExp][] = [
    [undefined, wantsUser],
    ['Basic realm="a, Negotiate b"', wantsUser],
    ['basic', wantsUser],
    [['Negotiate', 'NTLM', 'Basic realm="x"'], wantsUser],
    ['Negotiate, Basic realm=x, charset="UTF-8"', wantsUser],
    ['Negotiate, NTLM', /^: it offers Negotiate, NTLM authentication, and the agent knows Basic/],
    ['Digest realm="Basic \\"x", nonce="1", qop="auth"', /^: it offers Digest authentication/],
    [['Negotiate oYG2MIGzoAMKAQ=='], /^: it offers Negotiate authentication/],
  ];
  for (const [offer, words] of offers) {
    const [code, advice] = told(407, offer);
    assert.equal(code, 'PROXY_REFUSED');
    assert.match(String(advice), words, String(offer));
  }
  assert.match(String(told(407, 'Basic realm="x"', 'u')[1]), /^: it did not accept the user name/);
});

test('whether it may pass by itself is told by the status', () => {
  assert.deepEqual(told(403), ['PROXY_REFUSED', ': it does not allow that host; allow it there']);
  assert.deepEqual(told(400), ['PROXY_REFUSED', undefined]);
  assert.deepEqual(told(302), ['PROXY_REFUSED', undefined]);
  assert.match(String(told(405)[1]), /is it a forward proxy/);
  for (const status of [502, 503, 504]) {
    assert.deepEqual(told(status), ['PROXY_FAILED', ': it could not reach that host']);
  }
  assert.deepEqual(told(500), ['PROXY_FAILED', undefined]);
});
