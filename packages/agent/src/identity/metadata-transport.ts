/**
 * The HTTP client that `@azure/identity` is given. It exists because of four habits of the SDK,
 * read in the source of `@azure/identity` 4.14.1 and `@azure/msal-node` 7.2.1:
 *
 * - its own client obeys proxy variables, also for the metadata service;
 * - it does not hand the caller's abort signal to a managed identity request;
 * - it lower-cases the path of AZURE_POD_IDENTITY_AUTHORITY_HOST and adds a slash to the request;
 * - it keeps tokens in a cache for the whole process, which nobody can tell it to skip, so a
 *   token that a service refuses would be handed out again until it expires.
 *
 * The SDK also keeps the first client it was given for the whole process. So there is one client
 * here, and what belongs to a single call reaches it through the async context.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { TokenCredentialOptions } from '@azure/identity';
import type { Dispatcher } from 'undici';
import type { Clock } from '../host/clock.ts';
import { httpGet } from '../host/http-get.ts';

type HttpClient = NonNullable<TokenCredentialOptions['httpClient']>;
type Request = Parameters<HttpClient['sendRequest']>[0];
type Response = Awaited<ReturnType<HttpClient['sendRequest']>>;

const TOKEN_PATH = '/metadata/identity/oauth2/token';
const TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 1_048_576;

/** One call of the SDK: what it needs, and what is learnt on the way. */
export interface TokenExchange {
  readonly clock: Clock;
  readonly network: Dispatcher;
  readonly signal: AbortSignal;
  /** Base URL asked instead of the one the SDK has chosen. */
  readonly metadataEndpoint?: string;
  /** URL of the last request, without its query. */
  address?: string;
  /** Status of the last answer. */
  status?: number;
  /** The last answer's `error: error_description`. */
  errorText?: string;
  /** Why the last request had no answer. */
  networkFailure?: string;
  retryAfter?: string;
  /** When the token that was issued expires, epoch milliseconds. */
  expiresAtMs?: number;
}

const exchanges = new AsyncLocalStorage<TokenExchange>();

export function runExchange<T>(exchange: TokenExchange, call: () => Promise<T>): Promise<T> {
  return exchanges.run(exchange, call);
}

export const metadataTransport: HttpClient = {
  async sendRequest(request) {
    const exchange = exchanges.getStore();
    if (exchange === undefined) throw new Error('a token was asked for outside runExchange');
    if (request.method !== 'GET') throw new Error(`unexpected ${request.method} ${request.url}`);
    const url = redirected(new URL(request.url), exchange.metadataEndpoint);
    exchange.address = `${url.origin}${url.pathname}`;
    delete exchange.status;
    try {
      const answer = await httpGet({
        url: url.href,
        headers: requestHeaders(request),
        network: exchange.network,
        clock: exchange.clock,
        timeoutMs: TIMEOUT_MS,
        bytesMax: ANSWER_BYTES_MAX,
        signal: exchange.signal,
      });
      exchange.status = answer.status;
      exchange.retryAfter = answer.headers['retry-after'] ?? '';
      const bodyAsText = learn(answer.text, exchange);
      return { request, status: answer.status, headers: headersOf(answer.headers), bodyAsText };
    } catch (error) {
      exchange.networkFailure = error instanceof Error ? error.message : String(error);
      throw error;
    }
  },
};

function redirected(url: URL, metadataEndpoint: string | undefined): URL {
  const isTokenRequest = url.pathname.replace(/\/$/, '').endsWith(TOKEN_PATH);
  if (metadataEndpoint === undefined || !isTokenRequest) return url;
  return new URL(`${metadataEndpoint.replace(/\/+$/, '')}${TOKEN_PATH}${url.search}`);
}

/** The answer is wanted uncompressed, and a GET has no body to describe. */
function requestHeaders(request: Request): Record<string, string> {
  const { 'accept-encoding': _, 'content-type': __, ...headers } = request.headers.toJSON();
  return headers;
}

/**
 * Notes expiry or error, and returns the body as the SDK shall see it: a token that has expired
 * long ago, which its cache keeps from nobody. The true expiry stays in the exchange.
 */
function learn(text: string, exchange: TokenExchange): string {
  let body: Record<string, unknown>;
  try {
    body = { ...JSON.parse(text) };
  } catch {
    exchange.errorText = text.slice(0, 200).replace(/\s+/g, ' ').trim();
    return text;
  }
  if (typeof body.access_token !== 'string') {
    const error = typeof body.error === 'object' ? { ...body.error } : body;
    const { code, message } = error as Record<string, unknown>;
    exchange.errorText = [code ?? body.error, message ?? body.error_description]
      .filter((part) => typeof part === 'string')
      .join(': ');
    return text;
  }
  const expiresAtMs = expiryOf(body, exchange.clock.now());
  if (expiresAtMs === undefined) return text;
  exchange.expiresAtMs = expiresAtMs;
  return JSON.stringify({ ...body, expires_on: '1' });
}

/** `expires_on` in epoch seconds or as a date, else `expires_in` in seconds; text or number. */
function expiryOf(body: Record<string, unknown>, nowMs: number): number | undefined {
  const seconds = Number(body.expires_on ?? Number.NaN);
  if (seconds > 0) return seconds * 1000;
  const date = Date.parse(String(body.expires_on));
  if (!Number.isNaN(date)) return date;
  const life = Number(body.expires_in ?? Number.NaN);
  return life > 0 ? nowMs + life * 1000 : undefined;
}

function headersOf(values: Readonly<Record<string, string>>): Response['headers'] {
  const map = new Map(Object.entries(values));
  return {
    get: (name) => map.get(name.toLowerCase()),
    has: (name) => map.has(name.toLowerCase()),
    set: (name, value) => void map.set(name.toLowerCase(), String(value)),
    delete: (name) => void map.delete(name.toLowerCase()),
    toJSON: () => Object.fromEntries(map),
    [Symbol.iterator]: () => map.entries(),
  };
}
