/**
 * One question to the control plane, with the rules that hold for all of them: what is tried
 * again, when the token is renewed, and how a machine is sent to another endpoint.
 *
 *   421              the same path and query on the endpoint the answer names, at most 3 times
 *   401              once more with a fresh token
 *   408 429 5xx      up to 3 tries, 100 ms × try apart, or what `Retry-After` asks for
 *   no answer        likewise, unless a proxy refuses or a certificate is not accepted
 *
 * Source: Docker-Provider `ingestion_token_utils.go`, whose rules the container agent follows.
 */
import { reasonOf } from '../errors.ts';
import { isWayClosed } from '../host/closed-way.ts';
import type { Host } from '../host/host.ts';
import { type HttpAnswer, httpGet } from '../host/http-get.ts';
import { retryAfterMs } from '../host/retry-after.ts';
import type { AccessToken } from '../identity/access-token.ts';
import { checkEndpoint, type EndpointTrust, urlAt } from './endpoint.ts';
import { errorSentence } from './endpoint-error.ts';

/** Names the base URL to use instead, on a 421. */
const ENDPOINT_HEADER = 'x-ms-agent-config-endpoint';
const HOPS_MAX = 3;
const TRIES_MAX = 3;
const TRY_DELAY_MS = 100;
/** A longer wait than this is left to the caller's schedule. */
const RETRY_AFTER_MS_MAX = 10_000;
const TIMEOUT_MS = 20_000;

export interface EndpointQuestion {
  /** Base URL. */
  readonly endpoint: string;
  /** From the first slash on, query included. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly bytesMax: number;
  readonly userAgent: string;
  readonly trust: EndpointTrust;
  /** The machine's token; `refresh` when the last one was refused. */
  token(refresh: boolean): Promise<AccessToken>;
}

export type EndpointAnswer =
  /** 2xx or 304. */
  | { readonly kind: 'answered'; readonly endpoint: string; readonly http: HttpAnswer }
  /** Trying again at once would change nothing. */
  | {
      readonly kind: 'refused';
      readonly endpoint: string;
      readonly status: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'unreachable';
      readonly reason: string;
      /** What was thrown where there was no answer. */
      readonly cause?: unknown;
      /** What the service asked for. */
      readonly retryAfterMs?: number;
    };

/** Throws `CREDENTIAL_UNAVAILABLE`, and `CONTROL_PLANE_REFUSED` for an endpoint not trusted. */
export async function askEndpoint(
  host: Host,
  question: EndpointQuestion,
  signal: AbortSignal,
): Promise<EndpointAnswer> {
  const visited = new Set<string>();
  let endpoint = checkEndpoint(question.endpoint, question.trust);
  let token = await question.token(false);
  let isTokenFresh = false;
  for (;;) {
    visited.add(endpoint.href);
    const tried = await askWithTries(host, question, endpoint, token, signal);
    if (!('status' in tried)) return tried;
    if (tried.status === 401 && !isTokenFresh) {
      isTokenFresh = true;
      token = await question.token(true);
    } else if (tried.status === 421) {
      const next = redirection(tried, endpoint, visited);
      if (typeof next === 'string') return refusal(endpoint, 421, next);
      endpoint = checkEndpoint(next.href, question.trust);
    } else {
      return verdict(tried, endpoint, token);
    }
  }
}

async function askWithTries(
  host: Host,
  question: EndpointQuestion,
  endpoint: URL,
  token: AccessToken,
  signal: AbortSignal,
): Promise<HttpAnswer | (EndpointAnswer & { kind: 'unreachable' })> {
  const request = {
    url: urlAt(endpoint, question.path),
    headers: {
      ...question.headers,
      accept: 'application/json',
      authorization: token.authorization(),
      'user-agent': question.userAgent,
      'x-ms-client-request-id': host.guid(),
    },
    network: host.network,
    clock: host.clock,
    timeoutMs: TIMEOUT_MS,
    bytesMax: question.bytesMax,
    signal,
  };
  for (let tries = 1; ; tries++) {
    let reason: string;
    let waitMs: number | undefined;
    let cause: unknown;
    try {
      const answer = await httpGet(request);
      if (!isTransient(answer.status)) return answer;
      waitMs = retryAfterMs(answer.headers['retry-after'], host.clock.now());
      reason = errorSentence(answer, endpoint, token);
    } catch (error) {
      cause = error;
      reason = `${endpoint.origin} does not answer: ${reasonOf(error)}`;
    }
    const isLast = tries === TRIES_MAX || isWayClosed(cause) || signal.aborted;
    if (isLast || (waitMs ?? 0) > RETRY_AFTER_MS_MAX) {
      return {
        kind: 'unreachable',
        reason,
        ...(cause !== undefined && { cause }),
        ...(waitMs !== undefined && { retryAfterMs: waitMs }),
      };
    }
    await host.clock.sleep(waitMs ?? TRY_DELAY_MS * tries, signal);
  }
}

function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** The endpoint a 421 names, or why it cannot be followed. */
function redirection(answer: HttpAnswer, from: URL, visited: ReadonlySet<string>): URL | string {
  const text = answer.headers[ENDPOINT_HEADER];
  const story = `${from.origin} sends this machine to another endpoint`;
  if (text === undefined) return `${story} and does not name it (no ${ENDPOINT_HEADER})`;
  if (!URL.canParse(text)) return `${story} that is not a URL`;
  const next = new URL(text);
  if (visited.has(next.href)) return `${story}, ${next.origin}, that was asked already`;
  if (visited.size > HOPS_MAX) return `${story}, ${next.origin}, after ${HOPS_MAX} others`;
  return next;
}

function verdict(answer: HttpAnswer, endpoint: URL, token: AccessToken): EndpointAnswer {
  const { status } = answer;
  if ((status >= 200 && status < 300) || status === 304) {
    return { kind: 'answered', endpoint: baseOf(endpoint), http: answer };
  }
  return refusal(endpoint, status, errorSentence(answer, endpoint, token));
}

function refusal(endpoint: URL, status: number, reason: string): EndpointAnswer {
  return { kind: 'refused', endpoint: baseOf(endpoint), status, reason };
}

function baseOf(endpoint: URL): string {
  return endpoint.href.replace(/\/+$/, '');
}
