/** The body of `PUT /admin/faults`, checked member by member: a fault that never hits misleads. */
import type { Json } from '@dcr-agent/schema';
import { FAULT_ENDPOINTS, type Fault } from '../faults.ts';
import { ArmError } from '../http/arm-error.ts';
import type { JsonObject } from '../http/json.ts';

type Check = (value: Json) => boolean;

const isNumber = (from: number, to: number, whole: boolean): Check => {
  return (value) =>
    typeof value === 'number' &&
    value >= from &&
    value <= to &&
    (!whole || Number.isInteger(value));
};

const MEMBERS: Readonly<Record<keyof Fault, { readonly is: Check; readonly what: string }>> = {
  endpoint: {
    is: (value) =>
      typeof value === 'string' &&
      (value.startsWith('/') || FAULT_ENDPOINTS.some((known) => known === value)),
    what: `one of ${FAULT_ENDPOINTS.join(', ')}, or the beginning of a path`,
  },
  workspaceId: { is: (value) => typeof value === 'string', what: 'a customer id' },
  requests: { is: isNumber(1, 1e9, true), what: 'a whole number from 1' },
  probability: { is: isNumber(0, 1, false), what: 'a number from 0 to 1' },
  status: { is: isNumber(400, 599, true), what: 'a status from 400 to 599' },
  retryAfter: { is: isNumber(0, 86_400, true), what: 'whole seconds' },
  delayMs: { is: isNumber(0, 600_000, true), what: 'milliseconds up to 600000' },
  reset: { is: (value) => typeof value === 'boolean', what: 'true or false' },
  afterEffect: { is: (value) => typeof value === 'boolean', what: 'true or false' },
};

/** Throws `InvalidParameter` naming the member. */
export function toFault(body: JsonObject): Fault {
  for (const [name, value] of Object.entries(body)) {
    const member = Object.hasOwn(MEMBERS, name) ? MEMBERS[name as keyof Fault] : undefined;
    if (member === undefined) {
      throw refuse(`'${name}' is not a member of a fault; use ${Object.keys(MEMBERS).join(', ')}`);
    }
    if (!member.is(value)) throw refuse(`'${name}' must be ${member.what}`);
  }
  const fault = body as unknown as Fault;
  if (fault.endpoint === undefined) throw refuse("'endpoint' is missing");
  const acts = [fault.status, fault.delayMs, fault.reset].some((action) => action !== undefined);
  if (!acts) throw refuse("a fault needs at least one of 'status', 'delayMs' and 'reset'");
  if (fault.workspaceId !== undefined && fault.endpoint !== 'ods') {
    throw refuse("'workspaceId' goes with the endpoint 'ods' only");
  }
  return fault;
}

function refuse(reason: string): ArmError {
  return new ArmError('InvalidParameter', `The fault was not set: ${reason}.`);
}
