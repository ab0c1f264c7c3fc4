/**
 * What a function of the template language is: a name, the kinds of its arguments and how it is
 * evaluated. The families of functions are tables of these.
 */
import type { JsonNode, ListNode, ObjectNode } from '../../../rule/text/json-tree.ts';
import type { Expression } from '../expression/ast.ts';
import { itemsOf, type Unknown, type Value } from '../value.ts';

/** Kinds of values; an integer is a number, too. */
export type Kind = 'text' | 'integer' | 'number' | 'boolean' | 'list' | 'object' | 'null' | 'any';

/** One parameter of a function. */
export interface Parameter {
  readonly kinds: readonly Kind[];
  readonly isOptional: boolean;
  readonly isRest: boolean;
}

/** One call of a function, and the makers of its result, which stands where the call does. */
export interface FunctionCall {
  /** As written. */
  readonly name: string;
  text(value: string): Value;
  scalar(value: null | boolean | number): Value;
  list(items: readonly Value[]): Value;
  /** Of two members with one name the last is kept. */
  object(members: Iterable<readonly [string, Value]>): Value;
  /** A value that only a deployment knows. */
  unknown(reason: string): Unknown;
  /** A mistake, told at the argument of that number, from 0, or at the name. */
  refuse(message: string, argument?: number): Unknown;
  /** Counts work that grows with the arguments. False: it is too much. */
  takeSteps(count: number): boolean;
  /** To be asked before a long text is made: what to return instead when it would be too long. */
  tooLong(characters: number): Unknown | undefined;
}

/** The call of a function that decides which of its arguments are evaluated. */
export interface LazyCall extends FunctionCall {
  readonly args: readonly Expression[];
  /** Evaluates an argument; `isUnsure` where its value may not be asked for. */
  evaluate(argument: number, isUnsure?: boolean): Value;
  /** Evaluates the body of a `lambda` that is given as an argument. */
  lambda(argument: number): Lambda | Unknown;
  /** Why the value does not have the kinds that the function takes there; `undefined` when it has. */
  refuseKind(value: Value, argument: number, ...kinds: readonly Kind[]): Unknown | undefined;
  parameter(name: string, argument: number): Value;
  variable(name: string, argument: number): Value;
  lambdaVariable(name: string, argument: number): Value;
  /** `undefined`: there is no such loop. */
  loop(name: string | undefined): { readonly index: number | undefined } | undefined;
  readonly loopNames: Iterable<string>;
}

/** A function that is an argument. */
export interface Lambda {
  readonly type: 'lambda';
  readonly parameterCount: number;
  apply(...values: readonly Value[]): Value;
}

/** An entry of the tables. */
export interface TemplateFunction {
  /** In its published spelling. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly evaluation: Evaluation;
}

/**
 * How much of the arguments must be known: all of it; at least what they are; or whatever, the
 * function looks for itself. A lazy one evaluates its arguments itself.
 */
export type Evaluation =
  | {
      readonly needs: 'whole' | 'surface' | 'nothing';
      evaluate(call: FunctionCall, args: readonly Value[]): Value;
    }
  | { readonly needs: 'expressions'; evaluate(call: LazyCall): Value };

/** `text|integer` is either, `text?` may be left out, `text*` stands for any number of them. */
export function parametersOf(signature: string): readonly Parameter[] {
  if (signature === '') return [];
  return signature.split(' ').map((part) => {
    const kinds = part.replace(/[?*]$/, '').split('|') as Kind[];
    return {
      kinds,
      isOptional: part.endsWith('?') || part.endsWith('*'),
      isRest: part.endsWith('*'),
    };
  });
}

type Evaluate = (call: FunctionCall, args: readonly Value[]) => Value;

/** A function of values that are known through and through. */
export function ofWhole(name: string, signature: string, evaluate: Evaluate): TemplateFunction {
  return { name, parameters: parametersOf(signature), evaluation: { needs: 'whole', evaluate } };
}

/** A function of lists and objects that may hold unknown values. */
export function ofSurface(name: string, signature: string, evaluate: Evaluate): TemplateFunction {
  return { name, parameters: parametersOf(signature), evaluation: { needs: 'surface', evaluate } };
}

/** A function that makes something of unknown values, too. */
export function ofAnything(name: string, signature: string, evaluate: Evaluate): TemplateFunction {
  return { name, parameters: parametersOf(signature), evaluation: { needs: 'nothing', evaluate } };
}

/** A function that evaluates its arguments itself. */
export function ofExpressions(
  name: string,
  signature: string,
  evaluate: (call: LazyCall) => Value,
): TemplateFunction {
  return {
    name,
    parameters: parametersOf(signature),
    evaluation: { needs: 'expressions', evaluate },
  };
}

/** False of a value that is not known, but for `any`. */
export function isOfKind(value: Value, kind: Kind): boolean {
  if (kind === 'any') return true;
  if (kind === 'list' || kind === 'object') return value.type === kind;
  if (value.type !== 'scalar') return false;
  const { value: scalar } = value;
  if (kind === 'null') return scalar === null;
  if (kind === 'integer') return Number.isInteger(scalar);
  return typeof scalar === (kind === 'text' ? 'string' : kind);
}

// What the signature has made sure of. A wrong kind here is a mistake of the table.

/** A text. */
export function textAt(args: readonly Value[], index: number): string {
  const value = scalarAt(args, index);
  if (typeof value !== 'string') throw new TypeError(`argument ${index} is no text`);
  return value;
}

/** A number. */
export function numberAt(args: readonly Value[], index: number): number {
  const value = scalarAt(args, index);
  if (typeof value !== 'number') throw new TypeError(`argument ${index} is no number`);
  return value;
}

/** A value that is neither list nor object. */
export function scalarAt(args: readonly Value[], index: number): null | boolean | number | string {
  const value = valueAt(args, index);
  if (value.type !== 'scalar') throw new TypeError(`argument ${index} is no single value`);
  return value.value;
}

/** A list. */
export function listAt(args: readonly Value[], index: number): ListNode {
  const value = valueAt(args, index);
  if (value.type !== 'list') throw new TypeError(`argument ${index} is no list`);
  return value;
}

/** An object. */
export function objectAt(args: readonly Value[], index: number): ObjectNode {
  const value = valueAt(args, index);
  if (value.type !== 'object') throw new TypeError(`argument ${index} is no object`);
  return value;
}

/** Whatever is there. */
export function valueAt(args: readonly Value[], index: number): JsonNode {
  const value = args[index];
  if (value === undefined) throw new TypeError(`argument ${index} is missing`);
  return value;
}

/** The items of a list, counted as work. */
export function walk(call: FunctionCall, list: ListNode): readonly Value[] {
  return call.takeSteps(list.items.length) ? itemsOf(list) : [];
}
