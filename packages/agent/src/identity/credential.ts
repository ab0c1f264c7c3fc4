/** Who the machine is towards the services, before any caching. */
import type { AccessToken } from './access-token.ts';

export interface Credential {
  /**
   * A token as the issuer hands it out now, for an audience such as
   * `https://monitor.azure.com/`. Throws `CREDENTIAL_UNAVAILABLE` with what was asked, what came
   * back and what to do about it.
   */
  token(audience: string, signal: AbortSignal): Promise<AccessToken>;
}
