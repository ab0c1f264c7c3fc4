/**
 * `Microsoft.Insights/dataCollectionRuleAssociations`: hangs on a machine and points to a rule,
 * or, under one reserved name, to the endpoint the machine fetches its configuration from.
 */
import { randomUUID } from 'node:crypto';
import type { HandlersContext } from '../context.ts';
import { ArmError, notFound } from '../http/arm-error.ts';
import { type JsonObject, objectMember, stringMember } from '../http/json.ts';
import type { ResourceKind } from '../store/store.ts';
import { registerMachine } from './machines.ts';
import { parseResourceId } from './resource-path.ts';
import type { PutRequest, ResourceDraft, ResourceType } from './resource-type.ts';

/** The only name an endpoint is associated under. Source: Azure/arm-template-whatif#282. */
export const ENDPOINT_ASSOCIATION = 'configurationAccessEndpoint';

export const associations: ResourceType = {
  kind: 'association',
  owns: (type) => type.toLowerCase() === 'microsoft.insights/datacollectionruleassociations',
  check: checkAssociation,
  properties: (_resource, body) => objectMember(body, 'properties'),
  afterPut: (resource, context) => registerMachine(resource.scope, context),
};

async function checkAssociation(
  { path, body, existing }: PutRequest,
  context: HandlersContext,
): Promise<ResourceDraft> {
  if (parseResourceId(path.scope) === undefined) {
    throw new ArmError(
      'InvalidRequestUri',
      `An association hangs on a resource; '${path.scope}' is not the id of one.`,
    );
  }
  const { kind, target } = checkTarget(path.name, objectMember(body, 'properties'));
  const found = await context.store.getResource(target);
  if (found?.kind !== kind) {
    throw notFound(`There is no ${kind} '${target}' here; PUT it before associating it.`);
  }
  return { body, immutableId: existing?.immutableId ?? randomUUID(), target };
}

function checkTarget(name: string, properties: JsonObject): { kind: ResourceKind; target: string } {
  const rule = stringMember(properties, 'dataCollectionRuleId');
  const endpoint = stringMember(properties, 'dataCollectionEndpointId');
  const isReserved = name.toLowerCase() === ENDPOINT_ASSOCIATION.toLowerCase();
  if (endpoint !== undefined && !isReserved) {
    throw new ArmError(
      'InvalidEndpointAssociationName',
      `An association of data collection endpoint must be named '${ENDPOINT_ASSOCIATION}'.`,
      { target: 'name' },
    );
  }
  if (rule !== undefined && isReserved) {
    throw invalid(
      `The name '${ENDPOINT_ASSOCIATION}' is for endpoints; name the association of a rule otherwise.`,
    );
  }
  if (rule !== undefined) return { kind: 'rule', target: rule };
  if (endpoint !== undefined) return { kind: 'endpoint', target: endpoint };
  throw invalid(
    'An association needs properties.dataCollectionRuleId or, for an endpoint, properties.dataCollectionEndpointId.',
  );
}

function invalid(message: string): ArmError {
  return new ArmError('InvalidPayload', message, { target: 'properties' });
}
