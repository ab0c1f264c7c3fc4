/**
 * Tokens as destinations and the control client use them. The value refuses to be printed:
 * whatever logs or serialises a token shows `[token]`, and inspection cannot see a private field.
 */

export class AccessToken {
  readonly #value: string;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;

  constructor(value: string, expiresAtMs: number) {
    this.#value = value;
    this.expiresAtMs = expiresAtMs;
  }

  /** `Bearer …`, the only way out of the value. */
  authorization(): string {
    return `Bearer ${this.#value}`;
  }

  toString(): string {
    return '[token]';
  }

  toJSON(): string {
    return '[token]';
  }
}

export interface AccessTokens {
  /**
   * The machine's own token for the audience (a resource such as `https://monitor.azure.com/`).
   * `refresh` skips the cache. Throws `CREDENTIAL_UNAVAILABLE`.
   */
  machineToken(audience: string, signal: AbortSignal, refresh?: boolean): Promise<AccessToken>;
  /**
   * The ingestion token a channel's `tokenEndpointUri` issues. Throws
   * `CREDENTIAL_UNAVAILABLE`, `CONTROL_PLANE_REFUSED` or `CONTROL_PLANE_UNREACHABLE`.
   */
  ingestionToken(
    tokenEndpointUri: string,
    signal: AbortSignal,
    refresh?: boolean,
  ): Promise<AccessToken>;
}
