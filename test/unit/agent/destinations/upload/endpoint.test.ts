import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addressOf,
  checkEndpoint,
} from '../../../../../packages/agent/src/destinations/upload/endpoint.ts';
import { isAgentError } from '../../../../../packages/agent/src/errors.ts';

function refusal(text: string, allowPlainHttp = false): string {
  try {
    checkEndpoint(text, allowPlainHttp);
  } catch (error) {
    assert.ok(isAgentError(error, 'DESTINATION_UNUSABLE'));
    return error.message;
  }
  return '';
}

test('https is fine anywhere, http on this machine', () => {
  const endpoints = [
    'https://x.ods.opinsights.azure.com',
    'http://127.0.0.1:8080/base',
    'http://127.9.9.9',
    'http://localhost:1',
    'http://dce.localhost',
    'http://[::1]:80',
  ];
  for (const endpoint of endpoints) assert.equal(refusal(endpoint), '', endpoint);
});

test('plain http to another machine is refused, unless it is allowed', () => {
  const endpoints = [
    'http://dce.example',
    'http://10.0.0.1',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://0.0.0.0',
    'http://[::ffff:127.0.0.1]',
  ];
  for (const endpoint of endpoints) {
    assert.match(refusal(endpoint), /is not encrypted/, endpoint);
    assert.equal(refusal(endpoint, true), '', endpoint);
  }
});

test('other schemes, user names and things that are no URL are refused', () => {
  assert.match(refusal('ftp://dce.example', true), /is not an https URL/);
  assert.match(refusal('dce.example'), /is not a URL/);
  assert.match(refusal(''), /is not a URL/);
  assert.match(refusal('https://user:pass@dce.example'), /carries a user name/);
});

test('neither refusals nor addresses tell secrets', () => {
  assert.doesNotMatch(refusal('http://maria:pass@dce.example/?sig=abc'), /maria|pass|abc/);
  assert.equal(addressOf(new URL('https://me:pass@h.example/p?sig=abc#f')), 'https://h.example/p');
});
