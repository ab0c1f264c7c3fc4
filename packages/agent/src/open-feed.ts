/** Where rules come from: a folder when the configuration names one, else the control plane. */
import { platform } from 'node:os';
import type { AgentConfig } from './config/agent-config.ts';
import { createHandlerFeed } from './control/handler-feed.ts';
import type { RuleFeed } from './control/rule-feed.ts';
import { createRuleFolder } from './control/rule-folder.ts';
import type { Host } from './host/host.ts';
import type { AccessTokens } from './identity/access-token.ts';
import { controlAudienceOf, controlEndpointOf } from './identity/cloud.ts';
import type { Machine } from './identity/machine.ts';

export interface FeedContext {
  readonly host: Host;
  readonly tokens: AccessTokens;
  readonly machine: Machine;
  readonly userAgent: string;
}

export function openFeed(config: AgentConfig, context: FeedContext): RuleFeed {
  const { rulesDir, workspaces, ingestionEndpoint, control } = config;
  const { host, machine } = context;
  if (rulesDir !== undefined) {
    return createRuleFolder({
      host,
      folder: rulesDir,
      stateDir: config.stateDir,
      destinations: { workspaces, ...(ingestionEndpoint !== undefined && { ingestionEndpoint }) },
    });
  }
  return createHandlerFeed({
    ...context,
    audience: controlAudienceOf(machine.cloud),
    trust: { allowPlainHttp: config.allowPlainHttp },
    endpoint: control.endpoint ?? controlEndpointOf(machine.cloud),
    platform: platform() === 'win32' ? 'windows' : 'linux',
    stateDir: config.stateDir,
    pollIntervalMs: control.pollIntervalSeconds * 1_000,
  });
}
