/** Which identity a token is asked for, and on which machine. */
import type { FastifyRequest } from 'fastify';
import type { HandlersContext } from '../context.ts';
import { machinesNamed } from '../control-plane/machines.ts';
import { parseResourceId } from '../control-plane/resource-path.ts';
import { queryParameter } from '../http/query.ts';
import type { StoredResource } from '../store/store.ts';
import { IdentityError } from './identity-error.ts';
import { guidOf } from './key-files.ts';
import type { MachineIdentity } from './machine-tokens.ts';

/** Parameters that select a user-assigned identity: by GUID, or by resource id. */
const GUID_SELECTORS = ['client_id', 'object_id'];
const RESOURCE_SELECTORS = ['msi_res_id', 'mi_res_id'];

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The machine a request speaks for: the one its path names, else the only one there is. Metadata
 * carries no credential, so a path is all there is to tell machines apart.
 */
export async function callingMachine(
  name: string | undefined,
  context: HandlersContext,
): Promise<StoredResource> {
  const all = await context.store.listResources({ kind: 'machine' });
  const found = name === undefined ? all : machinesNamed(all, name);
  const [machine] = found;
  if (machine !== undefined && found.length === 1) return machine;
  const registered =
    all.length === 0
      ? 'no machine is registered; register one with: dcr-handler attach RULE.json --machine ID'
      : `registered: ${all.map(({ id }) => id).join(', ')}`;
  throw new IdentityError(400, 'invalid_request', `${doubt(name, found.length)}; ${registered}`);
}

function doubt(name: string | undefined, count: number): string {
  if (name === undefined) {
    return `Identity not found: the path does not say which machine calls (use /machines/<name>/metadata/…)`;
  }
  const several = `${count} machines are named '${name}', use the percent-encoded resource id`;
  return `Identity not found: ${count > 1 ? several : `there is no machine '${name}'`}`;
}

/** The machine's own identity, or the user-assigned one the query selects. */
export function selectIdentity(request: FastifyRequest, machine: StoredResource): MachineIdentity {
  const selectors = [...GUID_SELECTORS, ...RESOURCE_SELECTORS].flatMap((name) => {
    const value = queryParameter(request, name);
    return value === undefined ? [] : [{ name, value }];
  });
  const [selector] = selectors;
  if (selector === undefined) return identity(machine.id, machine);
  if (selectors.length > 1) {
    const names = selectors.map(({ name }) => name).join(', ');
    throw new IdentityError(400, 'invalid_request', `Send only one of ${names}.`);
  }
  return userAssigned(selector, machine);
}

function userAssigned(
  selector: { readonly name: string; readonly value: string },
  machine: StoredResource,
): MachineIdentity {
  const { name, value } = selector;
  if (GUID_SELECTORS.includes(name)) {
    if (!GUID.test(value)) throw refuse(selector, 'it is not a GUID');
    const made = identity(`${UNNAMED_IDENTITIES}/${value.toLowerCase()}`, machine);
    const guid = value.toLowerCase();
    return name === 'client_id' ? { ...made, clientId: guid } : { ...made, objectId: guid };
  }
  const type = parseResourceId(value)?.type.toLowerCase();
  if (type !== 'microsoft.managedidentity/userassignedidentities') {
    throw refuse(selector, 'it is not the resource id of a user-assigned identity');
  }
  return identity(value, machine);
}

/** Where identities lie of which only a GUID is known. */
const UNNAMED_IDENTITIES =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities';

function identity(identityId: string, machine: StoredResource): MachineIdentity {
  const key = identityId.toLowerCase();
  return {
    identityId,
    machineId: machine.id,
    clientId: guidOf(`client ${key}`),
    objectId: guidOf(`object ${key}`),
  };
}

function refuse(selector: { name: string; value: string }, reason: string): IdentityError {
  const value = selector.value.slice(0, 200);
  return new IdentityError(
    400,
    'invalid_request',
    `Identity not found: ${selector.name} '${value}' cannot be used, ${reason}.`,
  );
}
