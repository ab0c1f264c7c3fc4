/** The machine's managed identity, through Azure's own SDK. */
import type { ManagedIdentityCredential } from '@azure/identity';
import type { Dispatcher } from 'undici';
import { AgentError, reasonOf } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { AccessToken } from './access-token.ts';
import type { Credential } from './credential.ts';
import { directNetwork } from './direct-network.ts';
import { metadataTransport, runExchange, type TokenExchange } from './metadata-transport.ts';

/** At most one of the three ids; without any, the identity that was assigned by the system. */
export interface ManagedIdentityConfig {
  readonly clientId?: string;
  readonly objectId?: string;
  readonly resourceId?: string;
  /** Base URL of the metadata service; absent: where the SDK finds one. */
  readonly metadataEndpoint?: string;
}

/**
 * Five tries in half a minute, and which answers deserve another. Source: Microsoft Learn, "How
 * to use managed identities on an Azure VM to acquire an access token", retry guidance.
 */
const RETRY_DELAYS_MS: readonly number[] = [2_000, 4_000, 8_000, 16_000];
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([404, 408, 410, 429]);

export function createManagedIdentity(
  host: Host,
  config: ManagedIdentityConfig,
  network: Dispatcher = directNetwork,
): Credential {
  const sdk = new HeldWhileUsed(() => createSdkCredential(config));
  return {
    async token(audience, signal) {
      for (let tries = 1; ; tries++) {
        const exchange: TokenExchange = {
          clock: host.clock,
          network,
          signal,
          ...(config.metadataEndpoint !== undefined && {
            metadataEndpoint: config.metadataEndpoint,
          }),
        };
        try {
          return await sdk.use((credential) => askOnce(credential, audience, exchange));
        } catch (error) {
          const delayMs = RETRY_DELAYS_MS[tries - 1];
          if (!isTransient(exchange) || delayMs === undefined || signal.aborted) {
            throw unavailable(audience, exchange, tries, error);
          }
          await host.clock.sleep(delayMs, signal);
        }
      }
    },
  };
}

/** Loaded when the first token is needed: an agent with only local rules may never need one. */
async function createSdkCredential(
  config: ManagedIdentityConfig,
): Promise<ManagedIdentityCredential> {
  const sdk = await import('./sdk-credential.ts');
  return sdk.createSdkCredential(config, metadataTransport);
}

/** Made for those who use it at the same time, and let go of with the last of them. */
class HeldWhileUsed<T> {
  readonly #make: () => Promise<T>;
  #held: Promise<T> | undefined;
  #users = 0;

  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  async use<R>(action: (held: T) => Promise<R>): Promise<R> {
    this.#held ??= this.#make();
    this.#users += 1;
    try {
      return await action(await this.#held);
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#held = undefined;
    }
  }
}

/**
 * The SDK takes the scope `<audience>/.default` back to exactly the audience. It hands on whatever
 * it finds under `access_token`, and makes up an expiry where there is none.
 */
async function askOnce(
  sdk: ManagedIdentityCredential,
  audience: string,
  exchange: TokenExchange,
): Promise<AccessToken> {
  const issued = await runExchange(exchange, () => sdk.getToken(`${audience}/.default`));
  // Workload identity does not come by our transport.
  const expiresAtMs =
    exchange.status === undefined ? issued.expiresOnTimestamp : exchange.expiresAtMs;
  if (typeof issued.token !== 'string' || issued.token === '' || !expiresAtMs) {
    throw new Error('the answer has no token with an expiry');
  }
  return new AccessToken(issued.token, expiresAtMs);
}

function isTransient({ status }: TokenExchange): boolean {
  return status !== undefined && (TRANSIENT_STATUSES.has(status) || status >= 500);
}

function unavailable(
  audience: string,
  exchange: TokenExchange,
  tries: number,
  error: unknown,
): AgentError {
  const { address, status, errorText, networkFailure } = exchange;
  const asked = address ?? 'the SDK for managed identities';
  const answer =
    status === undefined
      ? (networkFailure ?? reasonOf(error))
      : `answered ${[status, errorText ?? ''].join(' ').trim()}`;
  const times = tries > 1 ? ` (tried ${tries} times)` : '';
  return new AgentError(
    'CREDENTIAL_UNAVAILABLE',
    `no token for ${audience} from ${asked}: ${answer}${times}; ${hint(exchange)}`,
    { cause: error },
  );
}

function hint(exchange: TokenExchange): string {
  const { status } = exchange;
  if (status === undefined) {
    return 'outside Azure, set identity.metadataEndpoint to the address of a handler';
  }
  if (isTransient(exchange)) return 'the metadata service is busy or being updated; try later';
  if (status === 200) return 'that is not an answer of a metadata service';
  return 'check that a managed identity is assigned to this machine and named right in identity.*';
}
