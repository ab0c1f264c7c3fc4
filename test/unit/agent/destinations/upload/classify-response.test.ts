import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyResponse } from '../../../../../packages/agent/src/destinations/upload/classify-response.ts';
import type { Answer } from '../../../../../packages/agent/src/destinations/upload/read-answer.ts';

const NOW_MS = Date.UTC(2025, 2, 1, 10, 11, 12);
const ADDRESS = 'https://dce.example/streams/Custom-A';

function classify(answer: Partial<Answer> & { status: number }, recordCount = 10) {
  return classifyResponse(
    { retryAfter: undefined, location: undefined, errorCode: undefined, excerpt: '', ...answer },
    { address: ADDRESS, recordCount },
    NOW_MS,
  );
}

test('any success delivers', () => {
  for (const status of [200, 202, 204, 299]) {
    assert.deepEqual(classify({ status }), { kind: 'delivered', status });
  }
});

test('what may pass is tried again, when the service says so or later', () => {
  for (const status of [408, 429, 500, 502, 503, 504, 599]) {
    const retry = {
      kind: 'retry',
      status,
      reason: `HTTP ${status}`,
      // The limits that 429 speaks of are per rule, whatever its streams.
      ...(status !== 429 && { concerns: 'flow' }),
    };
    assert.deepEqual(classify({ status }), retry);
    assert.deepEqual(classify({ status, retryAfter: '7' }), { ...retry, afterMs: 7_000 });
  }
});

test('a body that is too large or wrong is split, and a single record rejected', () => {
  for (const status of [400, 413, 422]) {
    const reason = `HTTP ${status}`;
    assert.deepEqual(classify({ status }, 2), { kind: 'split', status, reason });
    assert.deepEqual(classify({ status }, 1), { kind: 'rejected', status, reason });
  }
});

test('what is not about the body holds the data: a proxy or a route is wrong', () => {
  for (const status of [402, 405, 407, 409, 410, 415, 421, 428, 431, 451]) {
    const reason = `HTTP ${status}`;
    const held = { kind: 'retry', status, isHeld: true, concerns: 'flow', reason };
    assert.deepEqual(classify({ status }, 1), held);
  }
});

test('a stream the rule does not have is put aside', () => {
  assert.deepEqual(classify({ status: 400, errorCode: 'InvalidStream' }, 1), {
    kind: 'aside',
    status: 400,
    reason: 'HTTP 400 InvalidStream',
  });
});

test('401 and 403 are about the token', () => {
  for (const status of [401, 403]) assert.equal(classify({ status }).kind, 'unauthorized');
});

test('404 holds the data and names the URL', () => {
  assert.deepEqual(classify({ status: 404 }, 1), {
    kind: 'retry',
    status: 404,
    isHeld: true,
    concerns: 'flow',
    reason: `HTTP 404: ${ADDRESS} does not exist`,
  });
});

test('redirects are held, and the reason names only the host they lead to', () => {
  const outcome = classify({ status: 307, location: 'https://login.example/a?sig=secret' });
  assert.deepEqual(outcome, {
    kind: 'retry',
    status: 307,
    isHeld: true,
    reason: `HTTP 307: ${ADDRESS} redirects to login.example, which is not followed`,
  });
  assert.equal(classify({ status: 304, location: '/relative' }).kind, 'retry');
});

test("the service's code is part of the reason, its words are the detail", () => {
  assert.deepEqual(
    classify({ status: 400, errorCode: 'InvalidPayload', excerpt: 'row 3 is no object' }, 1),
    {
      kind: 'rejected',
      status: 400,
      reason: 'HTTP 400 InvalidPayload',
      detail: 'row 3 is no object',
    },
  );
});
