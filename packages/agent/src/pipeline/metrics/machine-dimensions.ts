/**
 * Dimensions that say which machine metrics are of. Source: azure-linux-extensions, what it makes
 * telegraf add; telegraf's output for Azure Monitor for machines of a scale set.
 */
import { type MachineDimensions, NAME_CHARS_MAX } from './metric-stage.ts';

/** `region`: empty where it is not known. */
export function machineDimensions(resourceId: string, region: string): MachineDimensions {
  const [, subscriptionId, resourceGroup] = RESOURCE_ID.exec(resourceId) ?? [];
  const [, instanceId] = INSTANCE.exec(resourceId) ?? [];
  const all = {
    'microsoft.subscriptionId': subscriptionId,
    'microsoft.resourceGroupName': resourceGroup,
    'microsoft.regionName': region,
    'microsoft.resourceId': resourceId,
    VMInstanceId: instanceId,
  };
  const known = Object.entries(all).filter((entry): entry is [string, string] => !!entry[1]);
  return Object.fromEntries(known.map(([name, value]) => [name, value.slice(0, NAME_CHARS_MAX)]));
}

const RESOURCE_ID = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?/i;
const INSTANCE = /\/virtualMachineScaleSets\/[^/]+\/virtualMachines\/([^/]+)$/i;
