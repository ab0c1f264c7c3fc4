/**
 * Machines: what rules are associated with. One is registered by its first association, or by a
 * PUT of its own, and stays registered until it is deleted.
 */
import { randomUUID } from 'node:crypto';
import type { HandlersContext } from '../context.ts';
import { objectMember } from '../http/json.ts';
import type { StoredResource } from '../store/store.ts';
import { isSameId, parseResourceId } from './resource-path.ts';
import type { ResourceType } from './resource-type.ts';

/** Whatever the service lets rules be associated with. */
const MACHINE_TYPES = [
  'microsoft.compute/virtualmachines',
  'microsoft.compute/virtualmachinescalesets/virtualmachines',
  'microsoft.hybridcompute/machines',
  'microsoft.containerservice/managedclusters',
  'microsoft.kubernetes/connectedclusters',
  'microsoft.insights/monitoredobjects',
];

export const machines: ResourceType = {
  kind: 'machine',
  owns: (type) => MACHINE_TYPES.includes(type.toLowerCase()),
  check: async ({ body, existing }) => ({
    body,
    immutableId: existing?.immutableId ?? randomUUID(),
  }),
  properties: (resource, body) => ({
    ...objectMember(body, 'properties'),
    vmId: resource.immutableId,
    provisioningState: 'Succeeded',
  }),
  beforeDelete: async (resource, { store }) => {
    const own = await store.listResources({ kind: 'association', scope: resource.id });
    for (const association of own) await store.deleteResource(association.id);
  },
};

/** Registers whatever a rule is associated with, unless it is known. */
export async function registerMachine(id: string, context: HandlersContext): Promise<void> {
  const path = parseResourceId(id);
  if (path === undefined || (await context.store.getResource(id)) !== undefined) return;
  const now = context.now();
  await context.store.putResource({
    kind: 'machine',
    id: path.id,
    name: path.name,
    scope: path.scope,
    immutableId: randomUUID(),
    etag: randomUUID(),
    createdAtMs: now,
    updatedAtMs: now,
    body: JSON.stringify({ location: context.region, properties: {} }),
  });
  context.log.info({ machine: path.id }, 'machine registered');
}

/** The registered machines that go by a resource id or a short name. */
export function machinesNamed(
  all: readonly StoredResource[],
  name: string,
): readonly StoredResource[] {
  const byId = all.filter((machine) => isSameId(machine.id, name));
  if (byId.length > 0) return byId;
  return all.filter((machine) => machine.name.toLowerCase() === name.toLowerCase());
}
