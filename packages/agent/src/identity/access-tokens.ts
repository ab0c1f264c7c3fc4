/** The agent's tokens: the machine's own, and those the control plane issues for channels. */
import type { EndpointTrust } from '../control/endpoint.ts';
import type { Host } from '../host/host.ts';
import type { AccessTokens } from './access-token.ts';
import type { Credential } from './credential.ts';
import { issueIngestionToken } from './ingestion-token.ts';
import { TokenCache } from './token-cache.ts';
import { refreshAtMs } from './token-lifetime.ts';

export interface AccessTokensOptions {
  readonly host: Host;
  readonly credential: Credential;
  /** Of the machine's token towards the control plane; see `controlAudienceOf`. */
  readonly controlAudience: string;
  /** `dcr-agent/<version> (linux; x64)` */
  readonly userAgent: string;
  readonly trust: EndpointTrust;
  /** The agent's life: its end calls off every request under way. */
  readonly signal: AbortSignal;
}

export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { host, credential, controlAudience, userAgent, trust } = options;
  const machine = new TokenCache(host, options.signal);
  const ingestion = new TokenCache(host, options.signal);

  const machineToken: AccessTokens['machineToken'] = (audience, signal, refresh = false) =>
    machine.get(audience, signal, refresh, async (life) => {
      const token = await credential.token(audience, life);
      return { token, refreshAtMs: refreshAtMs(host.clock.now(), token.expiresAtMs) };
    });

  const issuer = {
    host,
    userAgent,
    trust,
    machineToken: (signal: AbortSignal, refresh: boolean) =>
      machineToken(controlAudience, signal, refresh),
  };

  return {
    machineToken,
    ingestionToken: (tokenEndpointUri, signal, refresh = false) =>
      ingestion.get(tokenEndpointUri, signal, refresh, (life) =>
        issueIngestionToken(issuer, tokenEndpointUri, life),
      ),
  };
}
