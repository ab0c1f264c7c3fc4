/** Holds a document against the schema with ajv and says in sentences what it finds. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { RuleDocument } from '../rule-document.ts';
import { AGENT_SETTINGS_DOCUMENT, RULE_DOCUMENT } from './rule-document.ts';
import { OWN_KEYWORDS, type Schema } from './schema.ts';
import { describeError, describeMembers } from './schema-sentences.ts';

/** Compiling takes tens of milliseconds: done when the first rule of a form is read. */
const validators = new Map<Schema, ValidateFunction>();

function validatorFor(schema: Schema): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  // Without its own schema checked and its code optimised, ajv starts four times faster.
  const quickStart = { meta: false, validateSchema: false, code: { optimize: false } };
  const ajv = new Ajv({ ...quickStart, allErrors: true, verbose: true });
  ajv.addVocabulary([...OWN_KEYWORDS]);
  const made = ajv.compile(schema);
  validators.set(schema, made);
  return made;
}

export function checkSchema(document: RuleDocument): void {
  const { kind } = document.value;
  const isSettings = typeof kind === 'string' && kind.trim().toLowerCase() === 'agentsettings';
  const validate = validatorFor(isSettings ? AGENT_SETTINGS_DOCUMENT : RULE_DOCUMENT);
  if (validate(document.value)) return;
  const byMember = new Map<string, ErrorObject[]>();
  for (const error of validate.errors ?? []) {
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
