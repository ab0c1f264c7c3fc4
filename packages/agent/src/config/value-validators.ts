/**
 * The schema of a configuration, made of the options' types and compiled by ajv. Where the agent
 * is bundled it is compiled by the build, and this module is exchanged for the result
 * (`build/compiled-validators.ts`).
 */
import { Ajv, type Options, type ValidateFunction } from 'ajv';
import { OPTIONS } from './options.ts';
import { FORMATS } from './value-formats.ts';

interface GroupSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly properties: Record<string, unknown>;
  readonly description: string;
  /** Something in it may be a password; see `OptionType.schema`. */
  writeOnly?: boolean;
}

export const SCHEMAS: Readonly<Record<'values', GroupSchema>> = { values: rootSchema() };

export function createAjv(code: Options['code'] = {}): Ajv {
  return new Ajv({ code, formats: FORMATS, allErrors: true, verbose: true, allowUnionTypes: true });
}

let compiled: ValidateFunction | undefined;

export function validatorOf(name: keyof typeof SCHEMAS): ValidateFunction {
  compiled ??= createAjv().compile(SCHEMAS[name]);
  return compiled;
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
