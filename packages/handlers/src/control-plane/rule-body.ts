/**
 * The body of a rule in the form ARM shows it. People also write a rule's members at the top,
 * and `Properties` with a capital, as commands and policies let them.
 */
import { isJsonObject, type JsonObject } from '../http/json.ts';

/** Members of an ARM resource beside `properties`, as far as a PUT may hold them. */
const ENVELOPE = ['location', 'tags', 'kind', 'identity', 'sku'];

/** Properties the server gives; what a PUT says of them is not kept. */
const READ_ONLY = ['immutableid', 'provisioningstate', 'endpoints', 'metadata', 'ingestionquotas'];

export function toRuleBody(written: JsonObject): JsonObject {
  const outside: [string, JsonObject[string]][] = [];
  const inside: [string, JsonObject[string]][] = [];
  let properties: JsonObject | undefined;
  for (const [name, value] of Object.entries(written)) {
    const envelope = ENVELOPE.find((known) => known === name.toLowerCase());
    if (name.toLowerCase() === 'properties' && isJsonObject(value)) properties = value;
    else if (envelope !== undefined) outside.push([envelope, value]);
    else inside.push([name, value]);
  }
  const kept = properties === undefined ? inside : Object.entries(properties);
  return {
    ...Object.fromEntries(outside),
    properties: Object.fromEntries(
      kept.filter(([name]) => !READ_ONLY.includes(name.toLowerCase())),
    ),
  };
}
