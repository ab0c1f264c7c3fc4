/**
 * Declared parameters, and whether a value suits one. Source: "Parameters in ARM templates".
 */
import type { JsonNode, ObjectNode } from '../../rule/text/json-tree.ts';
import { pointerTo } from '../../rule/text/json-tree.ts';
import { count, nameOf } from '../../rule/text/show.ts';
import { isEmpty } from './blanks.ts';
import { type Context, refuse } from './context.ts';
import { withDefinition } from './definitions.ts';
import { areEqual } from './equality.ts';
import { isOfKind, type Kind } from './functions/function.ts';
import { isNull, isText, memberOf, showValue, type Value } from './value.ts';

/** A parameter as it is declared. */
export interface Declaration {
  readonly name: string;
  readonly node: ObjectNode | undefined;
  readonly pointer: string;
  readonly offset: number;
  /** In lower case, where it is one of the published types. */
  readonly type: string | undefined;
  readonly isNullable: boolean;
  readonly defaultValue: { readonly node: JsonNode; readonly pointer: string } | undefined;
}

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['string', 'text'],
  ['securestring', 'text'],
  ['int', 'integer'],
  ['bool', 'boolean'],
  ['array', 'list'],
  ['object', 'object'],
  ['secureobject', 'object'],
]);

/**
 * Reads a member of `parameters`, or an entry in the list of a function's parameters; with what
 * the definition says that it refers to.
 */
export function declarationOf(
  name: string,
  node: JsonNode,
  pointer: string,
  definitions?: ObjectNode,
): Declaration {
  const at = node.pointer ?? pointer;
  const object = node.type === 'object' ? withDefinition(node, definitions) : undefined;
  const member = (key: string) => object && memberOf(object, key);
  const type = member('type')?.value;
  const byDefault = member('defaultValue');
  const nullable = member('nullable')?.value;
  const { key = '', written = key } = byDefault ?? {};
  return {
    name,
    node: object,
    pointer: at,
    offset: node.offset,
    type: type !== undefined && isText(type) ? type.value.toLowerCase() : undefined,
    isNullable: nullable?.type === 'scalar' && nullable.value === true,
    defaultValue: byDefault && {
      node: byDefault.value,
      pointer: byDefault.value.pointer ?? pointerTo(at, written),
    },
  };
}

/**
 * An empty text or list that the declaration does not allow stands for a value that has to be
 * given: with it the template cannot be deployed.
 */
export function isToBeGiven(declaration: Declaration, value: Value): boolean {
  const kind = KINDS.get(declaration.type ?? '');
  if (kind === undefined || !isEmpty(value) || !isOfKind(value, kind)) return false;
  return (notAllowed(declaration, value) ?? outOfBounds(declaration, value)) !== undefined;
}

/** Is it a value that a parameter so declared may have, as far as its type goes? */
export function isOfDeclaredType({ type = '', isNullable }: Declaration, value: Value): boolean {
  const kind = KINDS.get(type);
  if (kind === undefined || value.type === 'unknown' || (isNullable && isNull(value))) return true;
  return isOfKind(value, kind);
}

/** Reports a value that is not of the type of its parameter, or not an allowed one. */
export function checkParameter(declaration: Declaration, value: Value, context: Context): void {
  const { name, type = '', isNullable } = declaration;
  const kind = KINDS.get(type);
  if (kind === undefined || value.type === 'unknown' || (isNullable && isNull(value))) return;
  const site = {
    pointer: value.pointer ?? declaration.pointer,
    offset: value.offset,
    text: '',
    isComputed: true,
  };
  const at: Context = { ...context, site };
  const subject = `the value of the parameter ${nameOf(name)}`;
  if (!isOfKind(value, kind)) {
    const message = `${subject} is ${showValue(value)}, and its type is ${type}`;
    refuse(at, 'ARM_PARAMETER_TYPE', 0, message);
    return;
  }
  const problem = notAllowed(declaration, value) ?? outOfBounds(declaration, value);
  if (problem !== undefined) refuse(at, 'ARM_PARAMETER_VALUE', 0, `${subject} ${problem}`);
}

/** Texts are compared ignoring letter case. Of a list each item may be an allowed value. */
function notAllowed({ node }: Declaration, value: Value): string | undefined {
  const allowed = node && memberOf(node, 'allowedValues')?.value;
  if (allowed?.type !== 'list') return undefined;
  const scalars = new Set(allowed.items.map(scalarKey));
  const isAmong = (one: Value): boolean => {
    return one.type === 'scalar'
      ? scalars.has(scalarKey(one))
      : allowed.items.some((item) => areEqual(item, one) !== false);
  };
  if (isAmong(value)) return undefined;
  // Lists and objects in a list are not looked at: there is no parameter with such values.
  const odd =
    value.type === 'list' ? value.items.find((i) => isOfKind(i, 'text') && !isAmong(i)) : value;
  if (odd === undefined) return undefined;
  return `is ${showValue(odd)}, which is not among its ${count(allowed.items.length, 'allowed value')}`;
}

function scalarKey(value: Value): unknown {
  return isText(value) ? value.value.toLowerCase() : value.type === 'scalar' ? value.value : value;
}

function outOfBounds({ node }: Declaration, value: Value): string | undefined {
  const bound = (name: string): number | undefined => {
    const found = node && memberOf(node, name)?.value;
    return found?.type === 'scalar' && typeof found.value === 'number' ? found.value : undefined;
  };
  if (value.type === 'scalar' && typeof value.value === 'number') {
    return outOf(value.value, bound('minValue'), bound('maxValue'), `is ${value.value}`);
  }
  const length = isText(value)
    ? value.value.length
    : value.type === 'list'
      ? value.items.length
      : 0;
  if (!isText(value) && value.type !== 'list') return undefined;
  const noun = value.type === 'list' ? 'item' : 'character';
  return outOf(length, bound('minLength'), bound('maxLength'), `has ${count(length, noun)}`);
}

function outOf(n: number, least = -Infinity, most = Infinity, is = ''): string | undefined {
  if (n < least) return `${is}, and the least is ${least}`;
  return n > most ? `${is}, and the most is ${most}` : undefined;
}
