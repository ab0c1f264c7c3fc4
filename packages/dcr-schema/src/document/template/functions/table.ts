/** Every function of the template language by its name, in any letter case. */
import { nearest } from '../../../rule/did-you-mean.ts';
import { DEPLOYMENT_FUNCTIONS, LIST_FUNCTION } from './deployment.ts';
import type { TemplateFunction } from './function.ts';
import { LAMBDA_FUNCTIONS } from './lambda.ts';
import { LIST_FUNCTIONS } from './list.ts';
import { LOGICAL_FUNCTIONS } from './logical.ts';
import { NAMED_VALUE_FUNCTIONS } from './named-values.ts';
import { NETWORK_FUNCTIONS } from './network.ts';
import { NUMERIC_FUNCTIONS } from './numeric.ts';
import { OBJECT_FUNCTIONS } from './object.ts';
import { RESOURCE_ID_FUNCTIONS } from './resource-id.ts';
import { TEXT_FUNCTIONS } from './text.ts';
import { TEXT_CODE_FUNCTIONS } from './text-code.ts';
import { TIME_FUNCTIONS } from './time.ts';

const FUNCTIONS: readonly TemplateFunction[] = [
  ...NAMED_VALUE_FUNCTIONS,
  ...LOGICAL_FUNCTIONS,
  ...NUMERIC_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...TEXT_CODE_FUNCTIONS,
  ...LIST_FUNCTIONS,
  ...OBJECT_FUNCTIONS,
  ...LAMBDA_FUNCTIONS,
  ...TIME_FUNCTIONS,
  ...NETWORK_FUNCTIONS,
  ...RESOURCE_ID_FUNCTIONS,
  ...DEPLOYMENT_FUNCTIONS,
];

const BY_NAME: ReadonlyMap<string, TemplateFunction> = new Map(
  FUNCTIONS.map((f) => [f.name.toLowerCase(), f]),
);

/** `undefined`: there is no such function. */
export function functionNamed(name: string): TemplateFunction | undefined {
  const key = name.toLowerCase();
  // Every resource type may have such functions: listKeys, listSecrets and many more.
  return BY_NAME.get(key) ?? (/^list\w*$/.test(key) ? LIST_FUNCTION : undefined);
}

/** The function that is probably meant; in two rounds, since a round looks at few candidates. */
export function nearestFunction(name: string): string | undefined {
  const names = functionNames();
  const half = Math.ceil(names.length / 2);
  const winners = [names.slice(0, half), names.slice(half)].map((some) => nearest(name, some));
  return nearest(
    name,
    winners.filter((winner) => winner !== undefined),
  );
}

/** In their published spelling. */
export function functionNames(): readonly string[] {
  return FUNCTIONS.map((f) => f.name);
}
