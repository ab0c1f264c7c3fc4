/** The network as the configuration wants it. */
import type { AgentConfig } from './config/agent-config.ts';
import { readAuthorities } from './host/authorities.ts';
import type { NetworkOptions } from './host/network.ts';

/** Throws `AGENT_CONFIG_INVALID` when `tls.caFile` cannot be used. */
export function networkOptionsOf(
  config: Pick<AgentConfig, 'proxy' | 'proxyBypass' | 'tls'>,
): NetworkOptions {
  const { proxy, proxyBypass, tls } = config;
  return {
    proxyBypass,
    ...(proxy !== undefined && { proxy }),
    ...(tls.caFile !== undefined && { authorities: readAuthorities(tls.caFile) }),
  };
}
