/** Holds a document against the schema with ajv and says in sentences what it finds. */
import type { ErrorObject } from 'ajv';
import type { RuleDocument } from '../rule-document.ts';
import { validatorOf } from './document-validators.ts';
import { describeError, describeMembers } from './schema-sentences.ts';

export function checkSchema(document: RuleDocument): void {
  const { kind } = document.value;
  const isSettings = typeof kind === 'string' && kind.trim().toLowerCase() === 'agentsettings';
  const validate = validatorOf(isSettings ? 'agentSettings' : 'rule');
  if (validate(document.value)) return;
  const byMember = new Map<string, ErrorObject[]>();
  for (const error of validate.errors ?? []) {
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
