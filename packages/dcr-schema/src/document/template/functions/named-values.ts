/** Values by name: parameters, variables, the count of a loop, variables of lambda functions. */
import { nameOf } from '../../../rule/text/show.ts';
import { isText, type Value } from '../value.ts';
import {
  type LazyCall,
  ofExpressions,
  ofWhole,
  type TemplateFunction,
  textAt,
} from './function.ts';

function byName(take: (call: LazyCall, name: string) => Value): (call: LazyCall) => Value {
  return (call) => {
    const name = call.evaluate(0);
    const wrong = call.refuseKind(name, 0, 'text');
    if (wrong !== undefined) return wrong;
    return isText(name) ? take(call, name.value) : name;
  };
}

/** `copyIndex()`, `copyIndex(offset)`, `copyIndex('loop')`, `copyIndex('loop', offset)`. */
function copyIndex(call: LazyCall): Value {
  const values = call.args.map((_, argument) => call.evaluate(argument));
  for (const [argument, value] of values.entries()) {
    const kinds = argument === 0 ? (['text', 'integer'] as const) : (['integer'] as const);
    const wrong = call.refuseKind(value, argument, ...kinds);
    if (wrong !== undefined) return wrong;
    if (value.type === 'unknown') return value;
  }
  const [first, second] = values;
  const name = first !== undefined && isText(first) ? first.value : undefined;
  const offset = name === undefined ? first : second;
  const loop = call.loop(name);
  if (loop === undefined) return call.refuse(noLoop(call, name));
  if (loop.index === undefined) return call.unknown('how often a loop runs is not known');
  const start = offset?.type === 'scalar' ? Number(offset.value) : 0;
  return call.scalar(loop.index + start);
}

function noLoop(call: LazyCall, name: string | undefined): string {
  if (name !== undefined) return `copyIndex() stands in no loop named ${nameOf(name)}`;
  const [around] = call.loopNames;
  const also = around === undefined ? '' : `; name the loop: copyIndex('${around}')`;
  return `copyIndex() stands in no loop of a resource${also}`;
}

/** With their signatures. */
export const NAMED_VALUE_FUNCTIONS: readonly TemplateFunction[] = [
  ofExpressions(
    'parameters',
    'text',
    byName((call, name) => call.parameter(name, 0)),
  ),
  ofExpressions(
    'variables',
    'text',
    byName((call, name) => call.variable(name, 0)),
  ),
  ofExpressions(
    'lambdaVariables',
    'text',
    byName((call, name) => call.lambdaVariable(name, 0)),
  ),
  ofExpressions('copyIndex', 'text|integer? integer?', copyIndex),
  ofWhole('fail', 'text', (call, args) => {
    return call.refuse(`the deployment fails here, saying: ${textAt(args, 0)}`);
  }),
];
