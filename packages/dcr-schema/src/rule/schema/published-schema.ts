/**
 * The schema of rules as JSON Schema (draft-07) for editors and other programs: one for each API
 * version. Lists of values the service may add to are suggestions there, not the only ones.
 */
import type { Json } from '../rule.ts';
import { type ApiVersion, hasSince } from './api-versions.ts';
import { AGENT_SETTINGS_DOCUMENT, FLAT_DOCUMENT, RULE_DOCUMENT } from './rule-document.ts';
import type { Schema } from './schema.ts';

type JsonSchema = { readonly [keyword: string]: Json };

/** A resource, one of kind `AgentSettings`, or the members of `properties` by themselves. */
export function publishedSchema(version: ApiVersion): JsonSchema {
  const inside = RULE_DOCUMENT.properties?.properties?.properties ?? {};
  const definitions = publishedMembers(inside, version);
  const document = (schema: Schema): JsonSchema =>
    withReferences(published(schema, version), definitions);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Data Collection Rule',
    description: `A resource of type Microsoft.Insights/dataCollectionRules, API version ${version}, or its properties alone.`,
    if: { required: ['properties'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: {
      if: { properties: { kind: { const: 'AgentSettings' } }, required: ['kind'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: document(AGENT_SETTINGS_DOCUMENT),
      else: document(RULE_DOCUMENT),
    },
    else: document(FLAT_DOCUMENT),
    definitions,
  };
}

/** The three forms have the same members: these are written once. */
function withReferences(schema: JsonSchema, definitions: JsonSchema): JsonSchema {
  const members = Object.entries((schema.properties ?? {}) as JsonSchema);
  const properties = members.map(([name, member]): [string, Json] => {
    if (name === 'properties') return [name, withReferences(member as JsonSchema, definitions)];
    const isDefined = Object.hasOwn(definitions, name) && Object.keys(member ?? {}).length > 0;
    return [name, isDefined ? { $ref: `#/definitions/${name}` } : member];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}

function published(schema: Schema, version: ApiVersion): JsonSchema {
  const { type, meaning, properties, required, additionalProperties: map, items } = schema;
  const { minItems, minLength } = schema;
  return {
    ...(type !== undefined && { type: [type, 'null'] }),
    ...(meaning !== undefined && { description: meaning }),
    ...(properties !== undefined && { properties: publishedMembers(properties, version) }),
    ...(required !== undefined && required.length > 0 && { required }),
    ...(map !== undefined && {
      additionalProperties: map === false ? false : published(map, version),
    }),
    ...(items !== undefined && { items: published(items, version) }),
    ...(minItems !== undefined && { minItems }),
    ...(minLength !== undefined && { minLength }),
    ...publishedValues(schema, version),
  };
}

function publishedMembers(
  properties: { readonly [name: string]: Schema },
  version: ApiVersion,
): JsonSchema {
  const known = Object.entries(properties).filter(([, schema]) => hasSince(version, schema.since));
  return Object.fromEntries(known.map(([name, schema]) => [name, published(schema, version)]));
}

function publishedValues(
  { enum: all, isClosedEnum, valuesSince = {} }: Schema,
  version: ApiVersion,
): JsonSchema {
  if (all === undefined) return {};
  const values = all.filter((value) => hasSince(version, valuesSince[value]));
  return isClosedEnum === true ? { enum: values } : { anyOf: [{ enum: values }, {}] };
}
