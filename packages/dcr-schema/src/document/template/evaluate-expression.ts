/**
 * Syntax tree to value. What is not known makes what depends on it unknown, a mistake is reported
 * once and is unknown from then on. Depth and work are bounded by the budget.
 */
import { nameOf } from '../../rule/text/show.ts';
import { type Context, fullName, mistakeAt, refuse, unknownLike } from './context.ts';
import type { Access, Call, Expression, Step } from './expression/ast.ts';
import { createCall, createLazyCall } from './function-call.ts';
import { isOfKind, type Parameter, type TemplateFunction } from './functions/function.ts';
import { missingMember } from './functions/object.ts';
import { functionNamed } from './functions/table.ts';
import { refuseKind } from './kinds.ts';
import { reportTooLarge } from './too-large.ts';
import { isText, itemAt, measure, memberOf, memberValue, showValue, type Value } from './value.ts';

/** The value stands where it was written, if the expression takes it whole, and else at the site. */
export function evaluateExpression(expression: Expression, context: Context): Value {
  const { budget, blanks } = context;
  if (!budget.takeSteps(1)) return reportTooLarge(context);
  if (!budget.enter()) return reportTooLarge(context, 'depth');
  const around = blanks.begin();
  const value = evaluateKind(expression, context);
  blanks.end(around, value);
  budget.leave();
  return budget.isExhausted ? reportTooLarge(context) : value;
}

function evaluateKind(expression: Expression, context: Context): Value {
  switch (expression.kind) {
    case 'literal': {
      const { pointer, offset } = context.site;
      return { type: 'scalar', pointer, offset, value: expression.value, isComputed: true };
    }
    case 'call':
      return evaluateCall(expression, context);
    case 'access':
      return evaluateAccess(expression, context);
  }
}

function evaluateAccess({ of, steps }: Access, context: Context): Value {
  let value = evaluateExpression(of, context);
  for (const step of steps) {
    if (value.type === 'unknown') return unknownLike(value, context.site);
    const key = evaluateExpression(step.key, context);
    if (key.type === 'unknown') return unknownLike(key, context.site);
    value = takeStep(value, key, step, context);
  }
  return value;
}

function takeStep(of: Value, key: Value, step: Step, context: Context): Value {
  const missing = (message: string, hint?: string): Value => {
    return refuse(context, 'ARM_MEMBER_MISSING', step.unit, message, hint);
  };
  const part = partOf(of, key);
  if (part !== undefined) {
    context.blanks.take(part);
    return part;
  }
  if (step.isOptional) {
    const { pointer, offset } = context.site;
    return { type: 'scalar', pointer, offset, value: null, isComputed: true };
  }
  if (of.type === 'object' && isText(key)) return missing(...missingMember(of, key.value));
  if (of.type === 'list' && isOfKind(key, 'integer')) {
    return missing(`the list has ${of.items.length} items, and item ${valueText(key)} is taken`);
  }
  return missing(`${showValue(of)} has no ${isText(key) ? 'member' : 'item'} ${valueText(key)}`);
}

function partOf(of: Value, key: Value): Value | undefined {
  if (key.type !== 'scalar') return undefined;
  if (of.type === 'object' && typeof key.value === 'string') {
    const member = memberOf(of, key.value);
    return member && memberValue(of, member);
  }
  if (of.type !== 'list' || typeof key.value !== 'number') return undefined;
  const item = of.items[key.value];
  return item && itemAt(item, of.pointer ?? '', key.value);
}

function valueText(key: Value): string {
  return isText(key)
    ? nameOf(key.value)
    : key.type === 'scalar'
      ? String(key.value)
      : showValue(key);
}

function evaluateCall(call: Call, context: Context): Value {
  if (call.namespace !== undefined) return evaluateUserCall(call, context);
  const called = functionNamed(call.name);
  if (called === undefined) return mistakeAt(context.site);
  const { evaluation } = called;
  if (evaluation.needs === 'expressions') {
    return evaluation.evaluate(createLazyCall(call, context, evaluateExpression));
  }
  const args = call.args.map((argument) => evaluateExpression(argument, context));
  const wrong = refuseArguments(args, called, call, context);
  if (wrong !== undefined) return wrong;
  if (evaluation.needs !== 'nothing') {
    const unknown = unknownAmong(args, evaluation.needs);
    if (unknown !== undefined) return unknownLike(unknown, context.site);
  }
  if (!context.budget.takeSteps(textLength(args) >> 6)) return reportTooLarge(context);
  const value = evaluation.evaluate(createCall(call, context), args);
  return value.type === 'unknown' ? unknownLike(value, context.site) : value;
}

/** What a function reads of texts takes time as well. */
function textLength(args: readonly Value[]): number {
  return args.reduce((sum, value) => sum + (isText(value) ? value.value.length : 0), 0);
}

function unknownAmong(args: readonly Value[], needs: 'whole' | 'surface'): Value | undefined {
  if (needs === 'surface') return args.find((value) => value.type === 'unknown');
  for (const value of args) {
    const { unknown } = measure(value);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}

/** A mistake among the arguments is not told again, and counts before what is not known. */
function refuseArguments(
  args: readonly Value[],
  called: TemplateFunction,
  call: Call,
  context: Context,
): Value | undefined {
  for (const [index, value] of args.entries()) {
    const kinds = parameterAt(called.parameters, index)?.kinds ?? ['any'];
    const wrong = refuseKind(value, kinds, called.name, call.args[index] ?? call, context);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function parameterAt(parameters: readonly Parameter[], index: number): Parameter | undefined {
  return parameters[index] ?? parameters.findLast((p) => p.isRest);
}

function evaluateUserCall(call: Call, context: Context): Value {
  const called = context.scope.userFunction(fullName(call));
  if (called === undefined) return mistakeAt(context.site);
  const args = call.args.map((argument) => evaluateExpression(argument, context));
  const value = called.evaluate(args, context);
  const { pointer, offset } = context.site;
  if (value.type === 'unknown') return unknownLike(value, context.site);
  const isMade = value.type === 'scalar' && value.isComputed === true;
  return isMade ? { ...value, pointer, offset } : value;
}
