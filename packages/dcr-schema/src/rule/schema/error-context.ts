/**
 * What an error of ajv is about. Errors that carry it themselves make the compiled validators twice
 * as large.
 */
import type { ErrorObject } from 'ajv';
import type { Json } from '../rule.ts';
import { pointerSteps } from '../text/json-tree.ts';
import { CHECKED_DOCUMENT } from './rule-document.ts';
import type { Schema } from './schema.ts';

/** The schema that has the keyword which was not fulfilled. */
export function schemaOf({ schemaPath }: ErrorObject): Schema {
  const steps = schemaPath.replace(/^#/, '').split('/').slice(1, -1).map(decodeURIComponent);
  return at(CHECKED_DOCUMENT, steps) as Schema;
}

/** The value that does not fulfil it. */
export function dataOf({ instancePath }: ErrorObject, document: Json): Json {
  return at(document, pointerSteps(instancePath)) as Json;
}

function at(root: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return undefined;
    return (value as Readonly<Record<string, unknown>>)[step];
  }, root);
}
