/** The SDK's credential, in a module of its own, which the bundle lets go of after each use. */
import { ManagedIdentityCredential, type TokenCredentialOptions } from '@azure/identity';
import type { ManagedIdentityConfig } from './managed-identity.ts';

export function createSdkCredential(
  config: ManagedIdentityConfig,
  httpClient: NonNullable<TokenCredentialOptions['httpClient']>,
): ManagedIdentityCredential {
  const { clientId, objectId, resourceId } = config;
  // The SDK waits on its own timers and ignores the caller's signal, so the tries are ours.
  const options = { httpClient, retryOptions: { maxRetries: 0 } };
  if (clientId !== undefined) return new ManagedIdentityCredential({ clientId, ...options });
  if (objectId !== undefined) return new ManagedIdentityCredential({ objectId, ...options });
  if (resourceId !== undefined) return new ManagedIdentityCredential({ resourceId, ...options });
  return new ManagedIdentityCredential(options);
}
