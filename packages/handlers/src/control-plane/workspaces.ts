/**
 * `Microsoft.OperationalInsights/workspaces`: where rows are kept. Beside what ARM knows, a
 * workspace may carry `ingestionEndpoint`, the base URL of its ODS endpoint on another server.
 */
import { randomUUID } from 'node:crypto';
import type { HandlersContext } from '../context.ts';
import { ArmError } from '../http/arm-error.ts';
import { type JsonObject, objectMember, stringMember } from '../http/json.ts';
import type { StoredResource } from '../store/store.ts';
import { odsEndpoint } from './addresses.ts';
import { checkUrl } from './check-url.ts';
import type { PutRequest, ResourceDraft, ResourceType } from './resource-type.ts';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const workspaces: ResourceType = {
  kind: 'workspace',
  owns: (type) => type.toLowerCase() === 'microsoft.operationalinsights/workspaces',
  check: checkWorkspace,
  properties: (resource, body, context) => ({
    ...objectMember(body, 'properties'),
    customerId: resource.immutableId,
    provisioningState: 'Succeeded',
    ingestionEndpoint: workspaceEndpoint(resource, context),
  }),
  beforeDelete: (resource, context) => context.store.deleteRows(resource.immutableId),
};

/** Base URL of the workspace's ODS endpoint: its own, else this server's. */
export function workspaceEndpoint(resource: StoredResource, context: HandlersContext): string {
  const body = JSON.parse(resource.body) as JsonObject;
  const own = stringMember(objectMember(body, 'properties'), 'ingestionEndpoint');
  return own ?? odsEndpoint(context.url(), resource.immutableId);
}

async function checkWorkspace(
  { body, existing, path }: PutRequest,
  context: HandlersContext,
): Promise<ResourceDraft> {
  const properties = objectMember(body, 'properties');
  checkUrl(stringMember(properties, 'ingestionEndpoint'), 'properties.ingestionEndpoint');
  const wanted = stringMember(properties, 'customerId')?.toLowerCase();
  const customerId = wanted ?? existing?.immutableId ?? randomUUID();
  if (!GUID.test(customerId)) {
    throw new ArmError('InvalidPayload', `customerId '${customerId}' is not a GUID.`, {
      target: 'properties.customerId',
    });
  }
  if (existing !== undefined && customerId !== existing.immutableId) {
    throw new ArmError(
      'InvalidPayload',
      `The customerId of workspace '${path.name}' is ${existing.immutableId} and cannot change; leave it out.`,
      { target: 'properties.customerId' },
    );
  }
  const owner = await context.store.findResource('workspace', customerId);
  if (owner !== undefined && existing === undefined) {
    throw new ArmError(
      'InvalidPayload',
      `customerId ${customerId} belongs to workspace '${owner.id}'; leave it out to have one made.`,
      { target: 'properties.customerId' },
    );
  }
  return { body: withoutOwnEndpoint(body, customerId, context), immutableId: customerId };
}

/** This server's address may change; what was read and put back must not pin it. */
function withoutOwnEndpoint(
  body: JsonObject,
  customerId: string,
  context: HandlersContext,
): JsonObject {
  const { ingestionEndpoint, ...others } = objectMember(body, 'properties');
  const isOwn = ingestionEndpoint === odsEndpoint(context.url(), customerId);
  const kept = isOwn || ingestionEndpoint === undefined ? others : { ...others, ingestionEndpoint };
  return { ...body, properties: kept };
}
