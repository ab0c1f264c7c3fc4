/** Holds a document against the schema with ajv and says in sentences what it finds. */
import type { ErrorObject } from 'ajv';
import { PROPERTIES_POINTER } from '../read-parts.ts';
import { isObject } from '../read-values.ts';
import type { RuleDocument } from '../rule-document.ts';
import { validatorOf } from './document-validators.ts';
import { AGENT_SETTINGS_DOCUMENT, RULE_DOCUMENT } from './rule-document.ts';
import type { Schema } from './schema.ts';
import { describeError, describeMembers } from './schema-sentences.ts';

export function checkSchema(document: RuleDocument): void {
  const validate = validatorOf('rule');
  validate(document.value);
  const byMember = new Map<string, ErrorObject[]>();
  for (const error of [...(validate.errors ?? []), ...missingParts(document)]) {
    if (document.isUnknown(error.instancePath)) continue;
    if (error.keyword === 'required' || error.keyword === 'additionalProperties') {
      const list = byMember.get(error.instancePath) ?? [];
      byMember.set(error.instancePath, list);
      list.push(error);
    } else {
      describeError(error, document);
    }
  }
  for (const [pointer, errors] of byMember) describeMembers(pointer, errors, document);
}

/** A rule of kind `AgentSettings` sends nothing anywhere. */
function missingParts({ value }: RuleDocument): ErrorObject[] {
  const { kind, properties } = value;
  if (!isObject(properties)) return [];
  const isSettings = typeof kind === 'string' && kind.trim().toLowerCase() === 'agentsettings';
  const { required = [] } = propertiesOf(isSettings ? AGENT_SETTINGS_DOCUMENT : RULE_DOCUMENT);
  return required
    .filter((name) => !Object.hasOwn(properties, name))
    .map((missingProperty) => ({
      keyword: 'required',
      instancePath: PROPERTIES_POINTER,
      schemaPath: '#/properties/properties/required',
      params: { missingProperty },
    }));
}

function propertiesOf(document: Schema): Schema {
  return document.properties?.properties ?? {};
}
