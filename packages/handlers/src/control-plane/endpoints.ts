/**
 * `Microsoft.Insights/dataCollectionEndpoints`. Their addresses are this server's own, unless
 * the PUT names others: then the endpoint stands for one of another server.
 */
import { randomBytes } from 'node:crypto';
import type { HandlersContext } from '../context.ts';
import { ArmError } from '../http/arm-error.ts';
import { type JsonObject, objectMember, stringMember } from '../http/json.ts';
import type { StoredResource } from '../store/store.ts';
import { checkUrl } from './check-url.ts';
import type { ResourceType } from './resource-type.ts';

const ROLES = ['configurationAccess', 'logsIngestion'] as const;
type EndpointRole = (typeof ROLES)[number];

export const endpoints: ResourceType = {
  kind: 'endpoint',
  owns: (type) => type.toLowerCase() === 'microsoft.insights/datacollectionendpoints',
  check: async ({ body, existing }, context) => {
    for (const role of ROLES) checkUrl(givenAddress(body, role), `properties.${role}.endpoint`);
    return {
      body: withoutOwnAddresses(body, context),
      immutableId: existing?.immutableId ?? `dce-${randomBytes(16).toString('hex')}`,
    };
  },
  properties: (resource, body, context) => ({
    ...objectMember(body, 'properties'),
    immutableId: resource.immutableId,
    ...Object.fromEntries(
      ROLES.map((role) => [role, { endpoint: endpointAddress(resource, role, context) }]),
    ),
    provisioningState: 'Succeeded',
  }),
  beforeDelete: refuseWhileReferred,
};

/** Base URL of one of the endpoint's roles. */
export function endpointAddress(
  resource: StoredResource,
  role: EndpointRole,
  context: HandlersContext,
): string {
  const address = givenAddress(JSON.parse(resource.body) as JsonObject, role);
  return address?.replace(/\/+$/, '') ?? context.url();
}

/** This server's address may change; what was read and put back must not pin it. */
function withoutOwnAddresses(body: JsonObject, context: HandlersContext): JsonObject {
  const own = ROLES.filter((role) => givenAddress(body, role) === context.url());
  const properties = Object.entries(objectMember(body, 'properties')).filter(
    ([name]) => !own.some((role) => role === name),
  );
  return { ...body, properties: Object.fromEntries(properties) };
}

function givenAddress(body: JsonObject, role: EndpointRole): string | undefined {
  return stringMember(objectMember(objectMember(body, 'properties'), role), 'endpoint');
}

async function refuseWhileReferred(
  resource: StoredResource,
  context: HandlersContext,
): Promise<void> {
  const associations = await context.store.listResources({
    kind: 'association',
    target: resource.id,
  });
  if (associations.length === 0) return;
  throw new ArmError(
    'ResourceInUse',
    `Endpoint '${resource.name}' is associated with ${associations.length} resource(s), first '${associations[0]?.scope}'; delete the associations first.`,
  );
}
