/** The `Retry-After` header. Source: RFC 9110 §10.2.3. */

/** No service is believed that asks for more. */
const RETRY_AFTER_MS_MAX = 3_600_000;
const SECONDS = /^[+-]?\d+(\.\d+)?$/;
/** The three forms of an HTTP date, roughly; `Date.parse` alone makes one of almost any words. */
const HTTP_DATE = /^[A-Z][a-z]{2,8},? [\w :-]+( GMT)?$/;

/**
 * Milliseconds to wait, from seconds or an HTTP date, at most an hour. `undefined` when the
 * header is absent, unreadable, zero, negative or past: the caller's own back-off serves better
 * than asking again at once.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const ms = SECONDS.test(text)
    ? Number(text) * 1000
    : HTTP_DATE.test(text)
      ? Date.parse(text) - nowMs
      : Number.NaN;
  return ms > 0 ? Math.min(Math.ceil(ms), RETRY_AFTER_MS_MAX) : undefined;
}
