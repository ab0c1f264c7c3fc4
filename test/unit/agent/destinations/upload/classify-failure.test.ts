import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  classifyCredentialFailure,
  classifyNetworkFailure,
} from '../../../../../packages/agent/src/destinations/upload/classify-failure.ts';
import { AgentError } from '../../../../../packages/agent/src/errors.ts';

const ADDRESS = 'https://dce.example/x';

function coded(code: string, message = 'low level words'): Error {
  return Object.assign(new Error(message), { code });
}

test('network failures are tried again, with a reason in plain words', () => {
  const cases: [Error, string][] = [
    [coded('ECONNREFUSED'), 'connection refused'],
    [coded('ECONNRESET'), 'connection reset'],
    [coded('ENOTFOUND'), 'host name not found'],
    [coded('EAI_AGAIN'), 'host name could not be looked up'],
    [coded('ERR_SSL_WRONG_VERSION_NUMBER'), 'TLS: the port does not speak TLS'],
    [
      coded('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'),
      'TLS: the server does not speak TLS 1.2 or newer',
    ],
    [coded('ERR_SSL_DECRYPTION_FAILED'), 'TLS failed (ERR_SSL_DECRYPTION_FAILED)'],
    [coded('EWHATEVER'), 'network: EWHATEVER'],
    [coded('UND_ERR_CONNECT_TIMEOUT'), 'connection timed out'],
    [coded('UND_ERR_SOCKET'), 'connection closed before the answer was complete'],
    [coded('UND_ERR_ABORTED'), 'stopped before the answer came'],
  ];
  for (const [error, words] of cases) {
    assert.deepEqual(classifyNetworkFailure(error, ADDRESS), {
      kind: 'retry',
      reason: `${words}: ${ADDRESS}`,
    });
  }
});

test('what the way to the service lacks is told as it is; what needs someone to act holds', () => {
  for (const code of ['PROXY_REFUSED', 'CERTIFICATE_REFUSED'] as const) {
    const error = new AgentError(code, 'the proxy said no');
    const outcome = { kind: 'retry', reason: 'the proxy said no', isHeld: true };
    assert.deepEqual(classifyNetworkFailure(error, ADDRESS), outcome);
  }
  const error = new AgentError('PROXY_FAILED', 'no proxy', { cause: coded('ECONNREFUSED') });
  const outcome = { kind: 'retry', reason: 'no proxy' };
  assert.deepEqual(classifyNetworkFailure(error, ADDRESS), outcome);
});

test('who is slow may be so for one flow only', () => {
  for (const [code, words] of [
    ['UND_ERR_HEADERS_TIMEOUT', 'no answer in time'],
    ['UND_ERR_BODY_TIMEOUT', 'answer stopped midway'],
  ] as const) {
    const outcome = classifyNetworkFailure(coded(code), ADDRESS);
    const reason = `${words}: ${ADDRESS}`;
    assert.deepEqual(outcome, { kind: 'retry', reason, concerns: 'flow' });
  }
});

test('of a wrapped failure the inner code is told', () => {
  const wrapped = coded('UND_ERR_SOCKET');
  wrapped.cause = coded('ECONNRESET');
  const outcome = classifyNetworkFailure(wrapped, ADDRESS);
  assert.equal('reason' in outcome && outcome.reason, `connection reset: ${ADDRESS}`);
});

test('an abort is one, whoever threw it', () => {
  const outcome = classifyNetworkFailure(new DOMException('stop', 'AbortError'), ADDRESS);
  assert.equal('reason' in outcome && outcome.reason, `stopped before the answer came: ${ADDRESS}`);
});

test('every address of a host refusing is one refused connection', () => {
  const error = Object.assign(new AggregateError([coded('ECONNREFUSED')]), {
    code: 'ECONNREFUSED',
  });
  const outcome = classifyNetworkFailure(error, ADDRESS);
  assert.equal('reason' in outcome && outcome.reason, `connection refused: ${ADDRESS}`);
});

test('a mistake in the program is not taken for the network', () => {
  assert.throws(() => classifyNetworkFailure(new TypeError('x is undefined'), ADDRESS), TypeError);
  const invalid = coded('UND_ERR_INVALID_ARG', 'invalid header');
  assert.throws(() => classifyNetworkFailure(invalid, ADDRESS), /invalid header/);
});

test('without a token nothing is lost; a refusing control plane or proxy holds the lane', () => {
  const cause = new Error('x', { cause: new AgentError('PROXY_REFUSED', 'x') });
  const unreachable = new AgentError('CONTROL_PLANE_UNREACHABLE', 'x', { cause });
  assert.deepEqual(classifyCredentialFailure(unreachable), {
    kind: 'retry',
    reason: 'no token: x',
    isHeld: true,
  });
  assert.deepEqual(
    classifyCredentialFailure(new AgentError('CREDENTIAL_UNAVAILABLE', 'no identity')),
    { kind: 'retry', reason: 'no token: no identity' },
  );
  assert.deepEqual(classifyCredentialFailure(new AgentError('CONTROL_PLANE_REFUSED', 'HTTP 403')), {
    kind: 'retry',
    reason: 'no token: HTTP 403',
    isHeld: true,
  });
});
