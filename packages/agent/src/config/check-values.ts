/** Checks values against the options' types; every finding is one sentence about one path. */

import { didYouMean } from '@dcr-agent/schema';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { isBypassEntry } from '../host/proxy/bypass.ts';
import type { Path } from './config-file.ts';
import { OPTIONS } from './options.ts';

export interface ValueFinding {
  readonly path: Path;
  readonly message: string;
}

interface GroupSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly properties: Record<string, unknown>;
  readonly description: string;
  /** Something in it may be a password; see `OptionType.schema`. */
  writeOnly?: boolean;
}

/** Tree of values, as in the configuration file. Empty when nothing is wrong. */
export function checkValues(values: unknown): ValueFinding[] {
  compiled ??= compile();
  if (compiled(values)) return [];
  return (compiled.errors ?? []).map(toFinding);
}

let compiled: ValidateFunction | undefined;

function compile(): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true });
  ajv.addFormat('guid', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i);
  ajv.addFormat('address', { validate: isAddress });
  ajv.addFormat('bypass', { validate: isBypassEntry });
  ajv.addFormat('endpoint', { validate: isEndpoint });
  return ajv.compile(rootSchema());
}

function rootSchema(): GroupSchema {
  const root = group();
  for (const { path, type } of OPTIONS) {
    const steps = path.split('.');
    const name = steps.pop()!;
    let at = root;
    for (const step of steps) {
      at.properties[step] ??= group();
      at = at.properties[step] as GroupSchema;
      if (type.schema.writeOnly === true) at.writeOnly = true;
    }
    at.properties[name] = type.schema;
  }
  return root;
}

function group(): GroupSchema {
  const description = 'a map of options';
  return { type: 'object', additionalProperties: false, properties: {}, description };
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

/** `127.0.0.1:514`, `[::1]:514`, `localhost:0`. Without a host it would listen everywhere. */
function isAddress(text: string): boolean {
  const match = /^(\[[\da-f:.]+\]|[^\s:[\]]+):(\d{1,5})$/i.exec(text);
  return match !== null && Number(match[2]) <= 65_535;
}

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  const isBare = [username, password, search, hash].every((part) => part === '');
  return (protocol === 'https:' || protocol === 'http:') && isBare;
}
