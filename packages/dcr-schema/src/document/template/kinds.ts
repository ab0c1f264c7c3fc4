/** Refuses arguments of the wrong kind. */
import { type Context, refuse } from './context.ts';
import { isOfKind, type Kind } from './functions/function.ts';
import { showValue, type Unknown, type Value } from './value.ts';

/** What to return instead of a result; `undefined` when the value is of a kind that is taken. */
export function refuseKind(
  value: Value,
  kinds: readonly Kind[],
  name: string,
  at: { readonly unit: number },
  context: Context,
): Unknown | undefined {
  if (value.type === 'unknown') return undefined;
  if (kinds.some((kind) => isOfKind(value, kind))) return undefined;
  const taken = kinds.map((kind) => KIND_NAMES[kind]).join(' or ');
  const message = `${name}() takes ${taken} here, not ${showValue(value)}`;
  return refuse(context, 'ARM_FUNCTION_ARGUMENTS', at.unit, message);
}

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  text: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list',
  object: 'an object',
  null: 'null',
  any: 'any value',
};
