/** Functions of functions. Source: "Lambda functions for ARM templates". */
import { isText, itemsOf, membersOf, type Unknown, type Value } from '../value.ts';
import { type Lambda, type LazyCall, ofExpressions, type TemplateFunction } from './function.ts';

/** A list and the lambda of an argument; or what stands in their place. */
function listAndLambda(call: LazyCall, argument: number): Parts | Unknown {
  const list = call.evaluate(0);
  const wrong = call.refuseKind(list, 0, 'list');
  if (wrong !== undefined) return wrong;
  const lambda = call.lambda(argument);
  if (lambda.type === 'unknown') return lambda;
  if (list.type !== 'list') return call.unknown('the list is not known');
  return call.takeSteps(list.items.length)
    ? { type: 'parts', items: itemsOf(list), lambda }
    : call.unknown('too much is to be done');
}

interface Parts {
  readonly type: 'parts';
  readonly items: readonly Value[];
  readonly lambda: Lambda;
}

/** The lambda may take the index of the item as well. */
function apply({ lambda }: Parts, call: LazyCall, item: Value, index: number): Value {
  return lambda.parameterCount > 1 ? lambda.apply(item, call.scalar(index)) : lambda.apply(item);
}

function map(call: LazyCall): Value {
  const parts = listAndLambda(call, 1);
  if (parts.type === 'unknown') return parts;
  return call.list(parts.items.map((item, index) => apply(parts, call, item, index)));
}

function filter(call: LazyCall): Value {
  const parts = listAndLambda(call, 1);
  if (parts.type === 'unknown') return parts;
  const kept: Value[] = [];
  for (const [index, item] of parts.items.entries()) {
    const isKept = apply(parts, call, item, index);
    const wrong = call.refuseKind(isKept, 1, 'boolean');
    if (wrong !== undefined) return wrong;
    if (isKept.type === 'unknown') return isKept;
    if (isKept.type === 'scalar' && isKept.value === true) kept.push(item);
  }
  return call.list(kept);
}

function reduce(call: LazyCall): Value {
  const parts = listAndLambda(call, 2);
  if (parts.type === 'unknown') return parts;
  let result = call.evaluate(1);
  for (const [index, item] of parts.items.entries()) {
    const { lambda } = parts;
    result =
      lambda.parameterCount > 2
        ? lambda.apply(result, item, call.scalar(index))
        : lambda.apply(result, item);
  }
  return result;
}

/** The lambda says whether its first argument comes before its second. */
function sort(call: LazyCall): Value {
  const parts = listAndLambda(call, 1);
  if (parts.type === 'unknown') return parts;
  let odd: Value | undefined;
  const isBefore = (a: Value, b: Value): boolean => {
    if (odd !== undefined) return false;
    const answer = parts.lambda.apply(a, b);
    const wrong = call.refuseKind(answer, 1, 'boolean');
    if (wrong !== undefined || answer.type === 'unknown') odd = wrong ?? answer;
    return answer.type === 'scalar' && answer.value === true;
  };
  const sorted = parts.items.toSorted((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
  return odd ?? call.list(sorted);
}

function toObject(call: LazyCall): Value {
  const parts = listAndLambda(call, 1);
  if (parts.type === 'unknown') return parts;
  const second = call.args.length > 2 ? call.lambda(2) : undefined;
  if (second?.type === 'unknown') return second;
  const members: (readonly [string, Value])[] = [];
  for (const [index, item] of parts.items.entries()) {
    const key = apply(parts, call, item, index);
    const wrong = call.refuseKind(key, 1, 'text');
    if (wrong !== undefined) return wrong;
    if (!isText(key)) return key;
    members.push([key.value, second === undefined ? item : second.apply(item)]);
  }
  return call.object(members);
}

/** Lists of the items with one key, or of what a second lambda makes of them. */
function groupBy(call: LazyCall): Value {
  const parts = listAndLambda(call, 1);
  if (parts.type === 'unknown') return parts;
  const second = call.args.length > 2 ? call.lambda(2) : undefined;
  if (second?.type === 'unknown') return second;
  const groups = new Map<string, Value[]>();
  for (const [index, item] of parts.items.entries()) {
    const key = apply(parts, call, item, index);
    const wrong = call.refuseKind(key, 1, 'text');
    if (wrong !== undefined) return wrong;
    if (!isText(key)) return key;
    const group = groups.get(key.value);
    const value = second === undefined ? item : second.apply(item);
    if (group === undefined) groups.set(key.value, [value]);
    else group.push(value);
  }
  return call.object([...groups].map(([key, group]) => [key, call.list(group)] as const));
}

function mapValues(call: LazyCall): Value {
  const object = call.evaluate(0);
  const wrong = call.refuseKind(object, 0, 'object');
  if (wrong !== undefined) return wrong;
  const lambda = call.lambda(1);
  if (lambda.type === 'unknown') return lambda;
  if (object.type !== 'object') return object;
  return call.object(membersOf(object).map(([key, value]) => [key, lambda.apply(value)] as const));
}

/** With their signatures. */
export const LAMBDA_FUNCTIONS: readonly TemplateFunction[] = [
  ofExpressions('map', 'list any', map),
  ofExpressions('filter', 'list any', filter),
  ofExpressions('reduce', 'list any any', reduce),
  ofExpressions('sort', 'list any', sort),
  ofExpressions('toObject', 'list any any?', toObject),
  ofExpressions('groupBy', 'list any any?', groupBy),
  ofExpressions('mapValues', 'object any', mapValues),
  ofExpressions('lambda', 'any any*', (call) => {
    return call.refuse('lambda() stands only as an argument of a function that takes one');
  }),
];
