/**
 * The way to the metadata service: never through a proxy, whatever the environment says. It is a
 * link-local address, and refuses what has passed a proxy. Source: Microsoft Learn, "How to use
 * managed identities on an Azure VM to acquire an access token".
 */
import { Agent } from 'undici';

export const directNetwork: Agent = new Agent({
  // Off Azure nobody answers on the link-local address; that should be known soon.
  connectTimeout: 2_000,
  headersTimeout: 10_000,
  bodyTimeout: 10_000,
});
