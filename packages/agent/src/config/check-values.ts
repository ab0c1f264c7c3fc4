/** Checks values against the options' types; every finding is one sentence about one path. */

import { didYouMean } from '@dcr-agent/schema';
import type { ErrorObject } from 'ajv';
import type { Path } from './config-file.ts';
import { validatorOf } from './value-validators.ts';

export interface ValueFinding {
  readonly path: Path;
  readonly message: string;
}

/** Tree of values, as in the configuration file. Empty when nothing is wrong. */
export function checkValues(values: unknown): ValueFinding[] {
  const validate = validatorOf('values');
  if (validate(values)) return [];
  return (validate.errors ?? []).map(toFinding);
}

function toFinding(error: ErrorObject): ValueFinding {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const schema = error.parentSchema as {
    description?: string;
    properties?: object;
    writeOnly?: boolean;
  };
  if (error.keyword === 'additionalProperties') {
    const key = (error.params as { additionalProperty: string }).additionalProperty;
    const meant = didYouMean(key, Object.keys(schema.properties ?? {}));
    const hint = meant === undefined ? '' : `; ${meant}`;
    return { path: [...path, key], message: `'${show([...path, key])}' is not an option${hint}` };
  }
  if (error.keyword === 'required') {
    const key = (error.params as { missingProperty: string }).missingProperty;
    return { path, message: `${show(path)} lacks '${key}'` };
  }
  const subject = path.length === 0 ? 'the file' : show(path);
  if (schema.writeOnly === true)
    return { path, message: `${subject} must be ${schema.description}` };
  const value = JSON.stringify(error.data).slice(0, 100);
  return { path, message: `${subject} must be ${schema.description}, and is ${value}` };
}

/** `workspaces[0].workspaceId` */
function show(path: Path): string {
  return path
    .map((step) => (/^\d+$/.test(String(step)) ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

/** Source: RFC 6901 §3. */
function unescapePointer(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
