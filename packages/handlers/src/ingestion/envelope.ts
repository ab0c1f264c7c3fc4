/** The envelope of an ODS post: one data type, one solution, the items. */
import type { Json } from '@dcr-agent/schema';
import { ArmError } from '../http/arm-error.ts';
import { isJsonObject, type JsonObject, stringMember } from '../http/json.ts';

export interface Envelope {
  /** The blob type, such as `LINUX_SYSLOGS_BLOB`. */
  readonly dataType: string;
  readonly ipName: string;
  readonly items: readonly JsonObject[];
  readonly sourceComputerId?: string;
}

/** Throws `InvalidRequestContent` naming the member that is wrong. */
export function toEnvelope(body: Json): Envelope {
  if (!isJsonObject(body)) {
    const hint = Array.isArray(body) ? ', not an array: one DataType and IPName per post' : '';
    throw refuse(`The body must be one object with DataType, IPName and DataItems${hint}.`);
  }
  const sourceComputerId = stringMember(body, 'sourceHealthServiceId');
  return {
    dataType: requireText(body, 'DataType'),
    ipName: requireText(body, 'IPName'),
    items: requireItems(Object.hasOwn(body, 'DataItems') ? body.DataItems : undefined),
    ...(sourceComputerId !== undefined && { sourceComputerId }),
  };
}

function requireText(body: JsonObject, name: string): string {
  const value = stringMember(body, name);
  if (value !== undefined && value !== '') return value;
  throw refuse(`'${name}' must be a string that is not empty.`);
}

function requireItems(items: Json | undefined): readonly JsonObject[] {
  if (!Array.isArray(items)) throw refuse("'DataItems' must be an array.");
  const wrong = items.findIndex((item) => !isJsonObject(item));
  if (wrong >= 0) throw refuse(`'DataItems[${wrong}]' must be an object.`);
  return items;
}

function refuse(message: string): ArmError {
  return new ArmError('InvalidRequestContent', `${message} Nothing was stored.`);
}
