import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toFault } from '../../../../packages/handlers/src/admin/fault-request.ts';

test('a fault is taken as it is written', () => {
  const fault = {
    endpoint: 'ods',
    workspaceId: 'w',
    requests: 3,
    probability: 0.5,
    status: 503,
    retryAfter: 1,
    delayMs: 10,
    afterEffect: true,
  };
  assert.deepEqual(toFault(fault), fault);
  assert.deepEqual(toFault({ endpoint: '/ods/w', reset: true }), {
    endpoint: '/ods/w',
    reset: true,
  });
});

test('a member that would not do what it says is refused by name', () => {
  const base = { endpoint: 'ods', status: 503 };
  for (const [fault, message] of [
    [{ ...base, requests: 0 }, /'requests'/],
    [{ ...base, requests: 1.5 }, /'requests'/],
    [{ ...base, probability: '0.5' }, /'probability'/],
    [{ ...base, retryAfter: -1 }, /'retryAfter'/],
    [{ ...base, reset: 'yes' }, /'reset'/],
    [{ ...base, constructor: 1 }, /'constructor' is not a member/],
    [{ endpoint: 'ods', requests: 1 }, /at least one of/],
  ] as const) {
    assert.throws(() => toFault(fault as never), message);
  }
});
