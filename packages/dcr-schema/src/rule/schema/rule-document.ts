/**
 * The resource and its `properties`: every member of the API versions 2019-11-01-preview to
 * 2024-03-11, and the preview members of 2025-05-11. Members that only the service writes and
 * members nothing here reads are accepted whatever they hold.
 */
import { AGENT_SETTING_NAMES } from '../known-values.ts';
import { DATA_FLOWS } from './data-flows.ts';
import { DATA_SOURCES, DIRECT_DATA_SOURCES } from './data-sources.ts';
import { DESTINATIONS } from './destinations.ts';
import { REFERENCES } from './references.ts';
import { ANY, listOf, members, oneOf, type Schema, since, text } from './schema.ts';
import { STREAM_DECLARATIONS } from './stream-declarations.ts';
import { TRANSFORMATIONS } from './transformations.ts';

const AGENT_SETTINGS: Schema = members('an object of agent settings', {
  logs: listOf(
    'a list of agent settings',
    members(
      'an agent setting',
      {
        name: oneOf('the name of an agent setting', AGENT_SETTING_NAMES, { Tags: '2024-03-11' }),
        value: text('a text'),
      },
      ['name', 'value'],
    ),
  ),
});

const PROPERTY_MEMBERS: { readonly [name: string]: Schema } = {
  description: text('a text'),
  immutableId: text('the immutable id of the rule'),
  dataSources: DATA_SOURCES,
  destinations: DESTINATIONS,
  dataFlows: DATA_FLOWS,
  ...since('2021-09-01-preview', {
    dataCollectionEndpointId: text('the resource id of a data collection endpoint'),
    streamDeclarations: STREAM_DECLARATIONS,
  }),
  ...since('2023-03-11', { agentSettings: AGENT_SETTINGS, references: REFERENCES }),
  ...since('2024-03-11', { directDataSources: DIRECT_DATA_SOURCES }),
  ...since('2025-05-11', { transformations: TRANSFORMATIONS }),
  endpoints: ANY,
  metadata: ANY,
  ingestionQuotas: ANY,
  provisioningState: ANY,
};

/** Members beside `properties`; the last six are those of a resource in a template. */
const ENVELOPE: { readonly [name: string]: Schema } = {
  id: text('a resource id'),
  name: text('the name of the rule'),
  type: text('the type of the resource'),
  location: text('a region'),
  kind: text('the kind of the rule'),
  tags: ANY,
  etag: ANY,
  systemData: ANY,
  ...since('2022-06-01', { identity: ANY }),
  ...since('2024-03-11', { sku: ANY }),
  resourceGroup: ANY,
  $schema: ANY,
  apiVersion: text('an API version'),
  dependsOn: ANY,
  scope: ANY,
  comments: ANY,
  condition: ANY,
  copy: ANY,
};

/** The form every document is brought into: members of the rule under `properties`. */
export const RULE_DOCUMENT: Schema = document(['destinations', 'dataFlows']);

/** A rule of kind `AgentSettings` sends nothing anywhere. */
export const AGENT_SETTINGS_DOCUMENT: Schema = document(['agentSettings']);

/** Of any kind: which members must be there is checked by the kind. */
export const CHECKED_DOCUMENT: Schema = document([]);

/** A document without the `properties` wrapper: both kinds of members side by side. */
export const FLAT_DOCUMENT: Schema = members('a rule', { ...ENVELOPE, ...PROPERTY_MEMBERS });

function document(requiredProperties: readonly string[]): Schema {
  const properties = members('a rule', PROPERTY_MEMBERS, requiredProperties);
  return members('a rule', { ...ENVELOPE, properties }, ['properties']);
}

export function isPropertyMember(name: string): boolean {
  return Object.hasOwn(PROPERTY_MEMBERS, name);
}

export const PROPERTY_NAMES: readonly string[] = Object.keys(PROPERTY_MEMBERS);

export function isEnvelopeMember(name: string): boolean {
  return Object.hasOwn(ENVELOPE, name);
}
