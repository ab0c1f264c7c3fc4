/**
 * Asks the control plane for the token of one channel.
 * Source: Docker-Provider `ingestion_token_utils.go`; the answer is
 * `{ configurationId, ingestionAuthToken }` with a hint for renewal in `Cache-Control`.
 */
import type { EndpointTrust } from '../control/endpoint.ts';
import { askEndpoint } from '../control/endpoint-get.ts';
import { AgentError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { AccessToken } from './access-token.ts';
import type { IssuedToken } from './token-cache.ts';
import { jwtExpiresAtMs, maxAgeSeconds, refreshAtMs } from './token-lifetime.ts';

const ANSWER_BYTES_MAX = 262_144;

export interface IngestionTokenOptions {
  readonly host: Host;
  readonly userAgent: string;
  readonly trust: EndpointTrust;
  machineToken(signal: AbortSignal, refresh: boolean): Promise<AccessToken>;
}

/**
 * Asks exactly the URL that was delivered with the channel. Throws `CREDENTIAL_UNAVAILABLE`,
 * `CONTROL_PLANE_REFUSED` or `CONTROL_PLANE_UNREACHABLE`.
 */
export async function issueIngestionToken(
  options: IngestionTokenOptions,
  tokenEndpointUri: string,
  signal: AbortSignal,
): Promise<IssuedToken> {
  const { host, userAgent, trust, machineToken } = options;
  const { origin: endpoint, path } = splitUrl(tokenEndpointUri);
  const answer = await askEndpoint(
    host,
    {
      endpoint,
      path,
      bytesMax: ANSWER_BYTES_MAX,
      userAgent,
      trust,
      token: (refresh) => machineToken(signal, refresh),
    },
    signal,
  );
  if (answer.kind === 'unreachable') {
    const { reason, cause } = answer;
    throw new AgentError('CONTROL_PLANE_UNREACHABLE', `no ingestion token: ${reason}`, { cause });
  }
  if (answer.kind === 'refused') {
    throw new AgentError('CONTROL_PLANE_REFUSED', `no ingestion token: ${answer.reason}`);
  }
  const value = tokenOf(answer.http.text);
  if (value === undefined) {
    const reason = `${answer.endpoint} answered ${answer.http.status} without ingestionAuthToken`;
    throw new AgentError('CONTROL_PLANE_REFUSED', `no ingestion token: ${reason}`);
  }
  return withLifetime(value, answer.http.headers['cache-control'], host.clock.now());
}

function withLifetime(value: string, cacheControl: string | undefined, nowMs: number): IssuedToken {
  const servesUntilMs = nowMs + maxAgeSeconds(cacheControl) * 1000;
  const expiresAtMs = jwtExpiresAtMs(value) ?? servesUntilMs;
  return {
    token: new AccessToken(value, expiresAtMs),
    refreshAtMs: Math.min(servesUntilMs, refreshAtMs(nowMs, expiresAtMs)),
  };
}

/** Everything after the origin stays as it was written, percent-encoding included. */
function splitUrl(uri: string): { origin: string; path: string } {
  const match = /^([a-z][a-z\d+.-]*:\/\/[^/?#]+)(\/[^#]*)?/i.exec(uri);
  if (match === null) {
    throw new AgentError('CONTROL_PLANE_REFUSED', 'no ingestion token: its endpoint is not a URL');
  }
  return { origin: match[1]!, path: match[2] ?? '/' };
}

function tokenOf(text: string): string | undefined {
  try {
    const { ingestionAuthToken } = { ...(JSON.parse(text) as { ingestionAuthToken?: unknown }) };
    return typeof ingestionAuthToken === 'string' && ingestionAuthToken !== ''
      ? ingestionAuthToken
      : undefined;
  } catch {
    return undefined;
  }
}
