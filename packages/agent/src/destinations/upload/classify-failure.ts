/** What it means that no answer came: in an operator's words, by the code of what was thrown. */
import { type AgentError, isAgentError, reasonOf } from '../../errors.ts';
import { isWayClosed } from '../../host/closed-way.ts';
import type { DeliveryOutcome } from '../destination.ts';

/** Codes of Node (libuv, OpenSSL) and of undici. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name could not be looked up',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EADDRNOTAVAIL: 'no local port or address left',
  EMFILE: 'too many open files',
  ETIMEDOUT: 'connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'answer stopped midway',
  UND_ERR_SOCKET: 'connection closed before the answer was complete',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'connection closed before the answer was complete',
  UND_ERR_ABORTED: 'stopped before the answer came',
  UND_ERR_DESTROYED: 'stopped before the answer came',
  UND_ERR_CLOSED: 'stopped before the answer came',
  ERR_SSL_WRONG_VERSION_NUMBER: 'TLS: the port does not speak TLS',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'TLS: the server does not speak TLS 1.2 or newer',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'TLS: the server does not speak TLS 1.2 or newer',
};

/** Of these, none of the request can have been read. */
const NOT_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EMFILE',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** There is someone, who is slow at this. */
const SLOW: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/**
 * A request that got no complete answer. Rethrows what only a mistake in this program throws,
 * such as an argument the client refuses.
 */
export function classifyNetworkFailure(error: unknown, address: string): DeliveryOutcome {
  if (isAgentError(error)) {
    const reason = error.message;
    return isWayClosed(error) ? { kind: 'retry', reason, isHeld: true } : { kind: 'retry', reason };
  }
  const code = codeOf(error);
  if (code === undefined || code === 'UND_ERR_INVALID_ARG') throw error;
  const words = REASONS[code] ?? (isTls(code) ? `TLS failed (${code})` : `network: ${code}`);
  const reason = `${words}: ${address}`;
  return { kind: 'retry', reason, ...(SLOW.has(code) && { concerns: 'flow' }) };
}

/** Whether the request may have been carried out all the same. */
export function mayHaveArrived(error: unknown): boolean {
  const code = codeOf(error);
  return !isAgentError(error) && code !== undefined && !NOT_SENT.has(code) && !isTls(code);
}

/** No token, so nothing was sent. A control plane that refuses will not change its mind soon. */
export function classifyCredentialFailure(error: AgentError): DeliveryOutcome {
  const reason = `no token: ${reasonOf(error)}`;
  return error.code === 'CONTROL_PLANE_REFUSED' || isWayClosed(error)
    ? { kind: 'retry', reason, isHeld: true }
    : { kind: 'retry', reason };
}

/** undici wraps what the socket threw in a `cause`, which says more. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const inner = codeOf(error.cause);
  if (inner !== undefined) return inner;
  if (error.name === 'AbortError') return 'UND_ERR_ABORTED';
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function isTls(code: string): boolean {
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO';
}
