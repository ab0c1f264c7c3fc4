/** How long a token serves, and when the next one is asked for. Pure. */

const MINUTE_MS = 60_000;
/** What the reference agent assumes where no `max-age` was sent. Source: Docker-Provider. */
const INGESTION_MAX_AGE_SECONDS = 3_600;
const MAX_AGE_SECONDS_MIN = 60;

/**
 * The last tenth of the life is for asking again, but at least five minutes, so that an issuer
 * may be away for a while; and at most half of the life, so that short tokens serve at all.
 */
export function refreshAtMs(issuedAtMs: number, expiresAtMs: number): number {
  const lifeMs = Math.max(0, expiresAtMs - issuedAtMs);
  const marginMs = Math.min(lifeMs / 2, Math.max(lifeMs / 10, 5 * MINUTE_MS));
  return expiresAtMs - marginMs;
}

/** Seconds an ingestion token should be used, from its answer's `Cache-Control`. */
export function maxAgeSeconds(cacheControl: string | undefined): number {
  const seconds = /(?:^|[\s,])max-age="?(\d{1,9})/i.exec(cacheControl ?? '')?.[1];
  if (seconds === undefined) return INGESTION_MAX_AGE_SECONDS;
  return Math.max(Number(seconds), MAX_AGE_SECONDS_MIN);
}

/** Epoch milliseconds of a JWT's `exp`; `undefined` for anything else. Source: RFC 7519 §4.1.4. */
export function jwtExpiresAtMs(token: string): number | undefined {
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const { exp } = { ...(claims as { exp?: unknown }) };
    return typeof exp === 'number' && exp > 0 ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
