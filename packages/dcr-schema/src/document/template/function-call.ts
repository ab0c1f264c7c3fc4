/** What a function is handed: the makers of its result and, if it is lazy, its arguments. */
import type { Member } from '../../rule/text/json-tree.ts';
import { nameOf } from '../../rule/text/show.ts';
import { type Context, refuse, unknownAt } from './context.ts';
import type { Call, Expression } from './expression/ast.ts';
import { undeclaredParameter, undeclaredVariable } from './expression/check-names.ts';
import type { FunctionCall, Kind, Lambda, LazyCall } from './functions/function.ts';
import { refuseKind } from './kinds.ts';
import { TEMPLATE_LIMITS } from './limits.ts';
import { reportTooLarge } from './too-large.ts';
import { isText, measure, type Unknown, type Value } from './value.ts';

type Evaluate = (expression: Expression, context: Context) => Value;

/** Results stand where the expression does. */
export function createCall({ name, args, unit }: Call, context: Context): FunctionCall {
  const { site, budget } = context;
  const { pointer, offset } = site;
  const made = (value: Value): Value => {
    const isDeep = measure(value).depth > TEMPLATE_LIMITS.valueDepth;
    return isDeep ? reportTooLarge(context, 'value depth') : value;
  };
  return {
    name,
    text(value) {
      budget.takeSteps(value.length >> 6);
      return { type: 'scalar', pointer, offset, value, isComputed: true };
    },
    scalar: (value) => ({ type: 'scalar', pointer, offset, value, isComputed: true }),
    list(items) {
      budget.takeSteps(items.length);
      return made({ type: 'list', pointer, offset, items });
    },
    object(entries) {
      const members = new Map<string, Member>();
      for (const [key, value] of entries) members.set(key, { key, offset, value });
      budget.takeSteps(members.size);
      return made({ type: 'object', pointer, offset, members: [...members.values()] });
    },
    unknown: (reason) => unknownAt(site, reason),
    refuse(message, argument) {
      const at = argument === undefined ? unit : (args[argument]?.unit ?? unit);
      return refuse(context, 'ARM_FUNCTION_ARGUMENTS', at, message);
    },
    takeSteps: (count) => budget.takeSteps(count),
    tooLong(characters) {
      const isLong = characters > TEMPLATE_LIMITS.textCharacters;
      return isLong ? reportTooLarge(context, 'text') : undefined;
    },
  };
}

/** For functions that evaluate their arguments themselves. */
export function createLazyCall(call: Call, context: Context, evaluate: Evaluate): LazyCall {
  const { args, unit, name } = call;
  const { scope, loops } = context;
  const made = createCall(call, context);
  const expressionAt = (argument: number): Expression => {
    const expression = args[argument];
    if (expression === undefined) throw new TypeError(`${name} has no argument ${argument}`);
    return expression;
  };
  const undeclared = (
    code: 'ARM_PARAMETER_UNDECLARED' | 'ARM_VARIABLE_UNDECLARED',
    argument: number,
    [message, hint]: [string, string | undefined],
  ): Unknown => refuse(context, code, expressionAt(argument).unit, message, hint);
  return {
    ...made,
    args,
    loopNames: loops.named.keys(),
    evaluate(argument, isUnsure = false) {
      const around = isUnsure && !context.isUnsure ? { ...context, isUnsure } : context;
      return evaluate(expressionAt(argument), around);
    },
    lambda: (argument) => lambdaOf(expressionAt(argument), made, context, evaluate),
    refuseKind(value, argument, ...kinds: readonly Kind[]) {
      return refuseKind(value, kinds, name, args[argument] ?? { unit }, context);
    },
    parameter(wanted, argument) {
      if (scope.hasParameter(wanted)) return scope.parameter(wanted, context);
      return undeclared('ARM_PARAMETER_UNDECLARED', argument, undeclaredParameter(wanted, scope));
    },
    variable(wanted, argument) {
      if (scope.hasVariable(wanted)) return scope.variable(wanted, context);
      return undeclared('ARM_VARIABLE_UNDECLARED', argument, undeclaredVariable(wanted, scope));
    },
    lambdaVariable(wanted, argument) {
      const value = context.locals.get(wanted.toLowerCase());
      return value ?? made.refuse(`there is no lambda variable ${nameOf(wanted)} here`, argument);
    },
    loop(wanted) {
      return wanted === undefined ? loops.current : loops.named.get(wanted.toLowerCase());
    },
  };
}

/** `lambda('name', …, body)` */
function lambdaOf(
  expression: Expression,
  call: FunctionCall,
  context: Context,
  evaluate: Evaluate,
): Lambda | Unknown {
  const isLambda = expression.kind === 'call' && expression.name.toLowerCase() === 'lambda';
  const parts = isLambda ? expression.args : [];
  const body = parts.at(-1);
  if (body === undefined) return call.refuse(`${call.name}() takes a lambda() here`);
  const names: string[] = [];
  for (const part of parts.slice(0, -1)) {
    const name = evaluate(part, context);
    if (!isText(name)) return call.refuse('lambda() takes the names of its variables as texts');
    names.push(name.value.toLowerCase());
  }
  return {
    type: 'lambda',
    parameterCount: names.length,
    apply(...values) {
      const own = names.map((name, index) => [name, values[index]] as const);
      const given = own.filter((pair): pair is readonly [string, Value] => pair[1] !== undefined);
      return evaluate(body, { ...context, locals: new Map([...context.locals, ...given]) });
    },
  };
}
