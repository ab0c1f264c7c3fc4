/**
 * The schema of rule documents, compiled by ajv when the first document is read, which takes tens
 * of milliseconds. Where the agent is bundled it is compiled by the build, and this
 * module is exchanged for the result (`build/compiled-validators.ts`).
 */
import { Ajv, type Options, type ValidateFunction } from 'ajv';
import { CHECKED_DOCUMENT } from './rule-document.ts';
import { OWN_KEYWORDS, type Schema } from './schema.ts';

export const SCHEMAS: Readonly<Record<'rule', Schema>> = { rule: CHECKED_DOCUMENT };

export function createAjv(code: Options['code'] = {}): Ajv {
  // Without its own schema checked and its code optimised, ajv starts four times faster.
  const quickStart = { meta: false, validateSchema: false, code: { optimize: false, ...code } };
  const ajv = new Ajv({ ...quickStart, allErrors: true, messages: false });
  ajv.addVocabulary([...OWN_KEYWORDS]);
  return ajv;
}

const validators = new Map<string, ValidateFunction>();

export function validatorOf(name: keyof typeof SCHEMAS): ValidateFunction {
  const made = validators.get(name) ?? createAjv().compile(SCHEMAS[name]);
  validators.set(name, made);
  return made;
}
