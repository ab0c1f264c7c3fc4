/** `HEALTH_ASSESSMENT_BLOB` → Heartbeat, with what the service knows about the sender. */
import type { Json } from '@dcr-agent/schema';
import { resourceParts } from '../../control-plane/resource-path.ts';
import type { ItemOrigin, Shape } from './shape.ts';

/** Inferred: agents send `AMA`, queries on the table look for the long form. */
const CATEGORIES: ReadonlyMap<Json | undefined, string> = new Map([['AMA', 'Azure Monitor Agent']]);

export const shapeHeartbeat: Shape = (item, origin) => {
  const { Timestamp, ComputerPrivateIps, Category, InstalledDate: _, ...columns } = item;
  const parts = resourceParts(origin.resourceId);
  return {
    ...(Timestamp !== undefined && { TimeGenerated: Timestamp }),
    ...(ComputerPrivateIps !== undefined && { ComputerPrivateIPs: listOf(ComputerPrivateIps) }),
    ...(Category !== undefined && { Category: CATEGORIES.get(Category) ?? Category }),
    ...columns,
    ComputerEnvironment: environmentOf(origin, parts.provider),
    ComputerIP: origin.clientAddress,
    Resource: parts.name,
    ResourceGroup: parts.resourceGroup,
    ResourceId: origin.resourceId,
    ResourceProvider: parts.provider,
    ResourceType: parts.type,
    SubscriptionId: parts.subscriptionId,
    ...(origin.sourceComputerId !== undefined && { SourceComputerId: origin.sourceComputerId }),
    ...(origin.vmUuid !== undefined && { VMUUID: origin.vmUuid }),
  };
};

/** Inferred: from which of the two the service tells that a machine is in Azure. */
function environmentOf({ cloudId }: ItemOrigin, provider: string): string {
  const isAzure = cloudId?.startsWith('77') || provider.toLowerCase() === 'microsoft.compute';
  return isAzure ? 'Azure' : 'Non-Azure';
}

/** On the wire the list is JSON inside a string. */
function listOf(value: Json): Json {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}
