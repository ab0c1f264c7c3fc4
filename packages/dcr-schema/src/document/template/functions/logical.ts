/**
 * Conditions and choices. Sources: "Logical functions for ARM templates", "Comparison functions for
 * ARM templates".
 */
import { areEqual } from '../equality.ts';
import { isNull, measure, type Value } from '../value.ts';
import {
  type FunctionCall,
  type LazyCall,
  ofAnything,
  ofExpressions,
  ofWhole,
  scalarAt,
  type TemplateFunction,
  valueAt,
} from './function.ts';

/** `isSettled`: the value that decides, whatever the others are. */
function junction(isSettled: boolean): (call: LazyCall) => Value {
  return (call) => {
    let unknown: Value | undefined;
    for (const argument of call.args.keys()) {
      const value = call.evaluate(argument, unknown !== undefined);
      const wrong = call.refuseKind(value, argument, 'boolean');
      if (wrong !== undefined) return wrong;
      if (value.type === 'unknown') unknown ??= value;
      else if (value.type === 'scalar' && value.value === isSettled) return call.scalar(isSettled);
    }
    return unknown ?? call.scalar(!isSettled);
  };
}

function choose(call: LazyCall): Value {
  const condition = call.evaluate(0);
  const wrong = call.refuseKind(condition, 0, 'boolean');
  if (wrong !== undefined) return wrong;
  if (condition.type === 'scalar') return call.evaluate(condition.value === true ? 1 : 2);
  const left = call.evaluate(1, true);
  const right = call.evaluate(2, true);
  return areEqual(left, right) === true ? left : condition;
}

/** What follows a value that is there is not evaluated. */
function coalesce(call: LazyCall): Value {
  let last: Value = call.scalar(null);
  for (const argument of call.args.keys()) {
    last = call.evaluate(argument);
    if (!isNull(last)) return last;
  }
  return last;
}

function compare(test: (order: number) => boolean) {
  return (call: FunctionCall, args: readonly Value[]): Value => {
    const a = scalarAt(args, 0);
    const b = scalarAt(args, 1);
    if (typeof a === 'number' && typeof b === 'number') return call.scalar(test(a - b));
    if (typeof a === 'string' && typeof b === 'string') {
      // 'A' is greater than 'a': the order of words, not of characters.
      return call.scalar(test(a.localeCompare(b, 'en')));
    }
    return call.refuse(`${call.name}() compares two numbers or two texts, not one of each`);
  };
}

function equals(call: FunctionCall, args: readonly Value[]): Value {
  const [left, right] = [valueAt(args, 0), valueAt(args, 1)];
  if (!call.takeSteps(Math.min(measure(left).size, measure(right).size))) return left;
  const isEqual = areEqual(left, right);
  if (isEqual !== undefined) return call.scalar(isEqual);
  return measure(left).unknown ?? measure(right).unknown ?? call.unknown('it is not known');
}

function toBoolean(call: FunctionCall, args: readonly Value[]): Value {
  const value = scalarAt(args, 0);
  if (typeof value === 'number') return call.scalar(value !== 0);
  if (typeof value === 'boolean') return call.scalar(value);
  const text = String(value).trim().toLowerCase();
  if (text === 'true' || text === '1') return call.scalar(true);
  if (text === 'false' || text === '0') return call.scalar(false);
  return call.refuse(`${JSON.stringify(text)} is neither true nor false`, 0);
}

/** With their signatures. */
export const LOGICAL_FUNCTIONS: readonly TemplateFunction[] = [
  ofExpressions('and', 'boolean boolean*', junction(false)),
  ofExpressions('or', 'boolean boolean*', junction(true)),
  ofWhole('not', 'boolean', (call, args) => call.scalar(scalarAt(args, 0) !== true)),
  ofExpressions('if', 'boolean any any', choose),
  ofExpressions('coalesce', 'any any*', coalesce),
  ofWhole('true', '', (call) => call.scalar(true)),
  ofWhole('false', '', (call) => call.scalar(false)),
  ofWhole('bool', 'text|number|boolean', toBoolean),
  ofAnything('equals', 'any any', equals),
  ofWhole(
    'less',
    'number|text number|text',
    compare((order) => order < 0),
  ),
  ofWhole(
    'lessOrEquals',
    'number|text number|text',
    compare((order) => order <= 0),
  ),
  ofWhole(
    'greater',
    'number|text number|text',
    compare((order) => order > 0),
  ),
  ofWhole(
    'greaterOrEquals',
    'number|text number|text',
    compare((order) => order >= 0),
  ),
];
