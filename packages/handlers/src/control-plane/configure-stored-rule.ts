/** A stored rule → what an agent on one machine is told, with this server's addresses filled in. */
import { createHash } from 'node:crypto';
import { type ConfiguredRule, configureRule, type ResolvedWorkspace } from '@dcr-agent/schema';
import type { HandlersContext } from '../context.ts';
import type { StoredResource } from '../store/store.ts';
import { metricsEndpoint, tokenEndpointUri } from './addresses.ts';
import { endpointAddress } from './endpoints.ts';
import { workspaceEndpoint } from './workspaces.ts';

export interface ConfiguredFor {
  readonly machineId: string;
  readonly region: string;
  readonly platform: string;
}

/** Without a machine, only the diagnostics of the answer are of use. */
export async function configureStoredRule(
  resource: StoredResource,
  context: HandlersContext,
  target?: ConfiguredFor,
): Promise<ConfiguredRule> {
  const rule = context.rules.rule(resource);
  const workspaces = new Map<string, ResolvedWorkspace>();
  for (const destination of rule.destinations) {
    if (destination.family !== 'logAnalytics') continue;
    const id = destination.workspaceResourceId;
    const workspace = await context.store.getResource(id);
    if (workspace?.kind !== 'workspace') continue;
    workspaces.set(id.toLowerCase(), {
      workspaceId: workspace.immutableId,
      endpoint: workspaceEndpoint(workspace, context),
    });
  }
  const configured = configureRule(rule, {
    configurationId: resource.immutableId,
    eTag: '',
    workspace: (id) => workspaces.get(id.toLowerCase()),
    metricsEndpoint: metricsEndpoint(context.url()),
    ...(await ingestion(rule.dataCollectionEndpointId, context)),
    ...(target && {
      tokenEndpointUri: (channelId) =>
        tokenEndpointUri(context.url(), { ...target, ruleId: resource.immutableId, channelId }),
    }),
  });
  return {
    ...configured,
    configuration: { ...configured.configuration, eTag: eTagOf(resource, configured) },
  };
}

async function ingestion(
  endpointId: string | undefined,
  context: HandlersContext,
): Promise<{ ingestionEndpoint: string; ingestionEndpointId?: string }> {
  const endpoint =
    endpointId === undefined ? undefined : await context.store.getResource(endpointId);
  if (endpoint?.kind !== 'endpoint') return { ingestionEndpoint: context.url() };
  return {
    ingestionEndpoint: endpointAddress(endpoint, 'logsIngestion', context),
    ingestionEndpointId: endpoint.immutableId.replace(/^dce-/, ''),
  };
}

/** The service's form: the rule's id, its own version, and one for what it resolves to. */
function eTagOf(resource: StoredResource, { configuration }: ConfiguredRule): string {
  const content = createHash('sha256').update(JSON.stringify(configuration.content));
  return `${resource.immutableId}/%22${resource.etag}%22/%22${content.digest('hex').slice(0, 16)}%22`;
}
