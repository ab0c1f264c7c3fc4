/**
 * Keeps tokens by key and gets the next one before it is needed.
 *
 * One request at a time per key, whoever waits for it. The request belongs to the agent, not to
 * a caller: a caller that gives up leaves it running for the others. While a token is valid, a
 * failing issuer is nobody's problem: the token goes on serving and the issuer is asked again.
 */
import { AgentError, reasonOf } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { AccessToken } from './access-token.ts';

/** No issuer is asked more often per key, whatever clocks and callers say. */
const REISSUE_MS_MIN = 10_000;
/** Between two tries to replace a token that is still valid. */
const EARLY_RETRY_MS = 30_000;

export interface IssuedToken {
  readonly token: AccessToken;
  /** When to ask for the next one, epoch milliseconds. */
  readonly refreshAtMs: number;
}

export type Issue = (signal: AbortSignal) => Promise<IssuedToken>;

interface Entry {
  readonly issued: IssuedToken;
  /** On the monotonic clock. */
  readonly issuedAt: number;
  retryAtMs: number;
}

export class TokenCache {
  readonly #host: Host;
  readonly #life: AbortSignal;
  readonly #entries = new Map<string, Entry>();
  readonly #flights = new Map<string, Promise<AccessToken>>();

  /** `life` ends every request under way. */
  constructor(host: Host, life: AbortSignal) {
    this.#host = host;
    this.#life = life;
  }

  /**
   * The kept token, or one from `issue`. `refresh`: the kept one was refused; it is replaced
   * unless it is only seconds old. Rejects with what `issue` rejects with, and with
   * `CREDENTIAL_UNAVAILABLE` when the signal aborts first.
   */
  async get(
    key: string,
    signal: AbortSignal,
    refresh: boolean,
    issue: Issue,
  ): Promise<AccessToken> {
    const { clock } = this.#host;
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      const { token, refreshAtMs } = entry.issued;
      if (clock.monotonic() - entry.issuedAt < REISSUE_MS_MIN) return token;
      const now = clock.now();
      if (!refresh && now < token.expiresAtMs) {
        if (now >= Math.max(refreshAtMs, entry.retryAtMs))
          void this.#replaceEarly(key, entry, issue);
        return token;
      }
    }
    return untilAborted(this.#flight(key, issue), signal);
  }

  async #replaceEarly(key: string, entry: Entry, issue: Issue): Promise<void> {
    entry.retryAtMs = this.#host.clock.now() + EARLY_RETRY_MS;
    try {
      await this.#flight(key, issue);
    } catch (error) {
      if (this.#life.aborted) return;
      const expiresAt = new Date(entry.issued.token.expiresAtMs).toISOString();
      this.#host.log.warn(
        { reason: reasonOf(error), expiresAt },
        'a token could not be renewed yet; the current one is still used',
      );
    }
  }

  #flight(key: string, issue: Issue): Promise<AccessToken> {
    const current = this.#flights.get(key);
    if (current !== undefined) return current;
    const flight = this.#issue(key, issue).finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  async #issue(key: string, issue: Issue): Promise<AccessToken> {
    const { clock } = this.#host;
    const issued = await issue(this.#life);
    this.#forgetExpired();
    this.#entries.set(key, { issued, issuedAt: clock.monotonic(), retryAtMs: 0 });
    return issued.token;
  }

  /** Keys come and go with rules. */
  #forgetExpired(): void {
    const now = this.#host.clock.now();
    for (const [key, { issued }] of this.#entries) {
      if (issued.token.expiresAtMs <= now) this.#entries.delete(key);
    }
  }
}

async function untilAborted<T>(flight: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void =>
    reject(new AgentError('CREDENTIAL_UNAVAILABLE', 'the wait for a token was called off'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([flight, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
