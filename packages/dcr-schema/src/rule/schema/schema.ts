/**
 * The part of JSON Schema that rules are described with, and words of our own that carry what a
 * sentence to the author needs. Everything is plain data; ajv reads it.
 */
import type { ApiVersion } from './api-versions.ts';

export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  /** `false`: other members warn. A schema: the object is a map of such values. */
  readonly additionalProperties?: false | Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Published values; any other one warns, for the service may know more than this list. */
  readonly enum?: readonly string[];
  /** What the value is, in words that follow "expected". */
  readonly meaning?: string;
  /** Values outside `enum` fail; one in other letter case warns. */
  readonly isClosedEnum?: true;
  /** What to say about values often written in place of a right one. */
  readonly insteadOf?: { readonly [wrong: string]: string };
  /** The first API version that has it; absent: all have. */
  readonly since?: ApiVersion;
  /** The same of values of `enum`. */
  readonly valuesSince?: { readonly [value: string]: ApiVersion };
}

/** The words above that are not JSON Schema's own. */
export const OWN_KEYWORDS: readonly string[] = [
  'meaning',
  'isClosedEnum',
  'insteadOf',
  'since',
  'valuesSince',
];

/** Any JSON, unread. */
export const ANY: Schema = {};

/** An object with these members; others warn. */
export function members(
  meaning: string,
  properties: { readonly [name: string]: Schema },
  required: readonly string[] = [],
): Schema {
  return { type: 'object', meaning, properties, required, additionalProperties: false };
}

/** An object whose member names the author chooses. */
export function mapOf(meaning: string, value: Schema): Schema {
  return { type: 'object', meaning, additionalProperties: value };
}

export function listOf(meaning: string, items: Schema): Schema {
  return { type: 'array', meaning, items };
}

/** A list that must hold something. */
export function someOf(meaning: string, items: Schema): Schema {
  return { type: 'array', meaning, items, minItems: 1 };
}

export function text(meaning: string): Schema {
  return { type: 'string', meaning };
}

/** A text that must hold something. */
export function nonEmptyText(meaning: string): Schema {
  return { type: 'string', meaning, minLength: 1 };
}

/** A text with published values. */
export function oneOf(
  meaning: string,
  values: readonly string[],
  valuesSince: Schema['valuesSince'] = {},
): Schema {
  return { type: 'string', meaning, enum: values, valuesSince };
}

/** Members that came with an API version. */
export function since(
  version: ApiVersion,
  properties: { readonly [name: string]: Schema },
): { readonly [name: string]: Schema } {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, { ...schema, since: version }]),
  );
}
