/** Numbers. Source: "Numeric functions for ARM templates". */
import type { Value } from '../value.ts';
import {
  type FunctionCall,
  numberAt,
  ofWhole,
  scalarAt,
  type TemplateFunction,
  valueAt,
  walk,
} from './function.ts';

function arithmetic(compute: (a: number, b: number) => number) {
  return (call: FunctionCall, args: readonly Value[]): Value => {
    return call.scalar(compute(numberAt(args, 0), numberAt(args, 1)));
  };
}

/** Division of whole numbers rounds towards zero; the remainder has the sign of the dividend. */
function division(compute: (a: number, b: number) => number) {
  return (call: FunctionCall, args: readonly Value[]): Value => {
    const divisor = numberAt(args, 1);
    if (divisor === 0) return call.refuse(`${call.name}() divides by zero`, 1);
    // Without the sign that JavaScript gives a zero.
    return call.scalar(compute(numberAt(args, 0), divisor) + 0);
  };
}

function toInteger(call: FunctionCall, args: readonly Value[]): Value {
  const value = scalarAt(args, 0);
  if (typeof value === 'number') return call.scalar(Math.trunc(value));
  const text = String(value).trim();
  if (/^[+-]?\d+$/.test(text)) return call.scalar(Number(text));
  return call.refuse(`${JSON.stringify(text.slice(0, 60))} is not a whole number`, 0);
}

function toNumber(call: FunctionCall, args: readonly Value[]): Value {
  const value = scalarAt(args, 0);
  if (typeof value === 'number') return call.scalar(value);
  const text = String(value).trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return call.scalar(Number(text));
  return call.refuse(`${JSON.stringify(text.slice(0, 60))} is not a number`, 0);
}

/** Of one list, or of the arguments. */
function extreme(pick: (a: number, b: number) => number) {
  return (call: FunctionCall, args: readonly Value[]): Value => {
    const first = valueAt(args, 0);
    const values = first.type === 'list' && args.length === 1 ? walk(call, first) : args;
    let found: number | undefined;
    for (const value of values) {
      if (value.type !== 'scalar' || typeof value.value !== 'number') {
        return call.refuse(`${call.name}() takes numbers, or one list of numbers`);
      }
      found = found === undefined ? value.value : pick(found, value.value);
    }
    return found === undefined
      ? call.refuse(`${call.name}() of an empty list`)
      : call.scalar(found);
  };
}

/** With their signatures. */
export const NUMERIC_FUNCTIONS: readonly TemplateFunction[] = [
  ofWhole(
    'add',
    'integer integer',
    arithmetic((a, b) => a + b),
  ),
  ofWhole(
    'sub',
    'integer integer',
    arithmetic((a, b) => a - b),
  ),
  ofWhole(
    'mul',
    'integer integer',
    arithmetic((a, b) => a * b),
  ),
  ofWhole(
    'div',
    'integer integer',
    division((a, b) => Math.trunc(a / b)),
  ),
  ofWhole(
    'mod',
    'integer integer',
    division((a, b) => a % b),
  ),
  ofWhole('int', 'text|number', toInteger),
  ofWhole('float', 'text|number', toNumber),
  ofWhole('min', 'list|integer integer*', extreme(Math.min)),
  ofWhole('max', 'list|integer integer*', extreme(Math.max)),
];
