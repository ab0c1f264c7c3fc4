/**
 * Are the names in an expression there? Asked of the whole expression, of branches that are not
 * evaluated, too: a name that nothing has is a mistake wherever it stands.
 */
import { didYouMean } from '../../../rule/did-you-mean.ts';
import { count, nameOf } from '../../../rule/text/show.ts';
import type { Frame, Scope } from '../context.ts';
import { fullName } from '../context.ts';
import type { Site } from '../findings.ts';
import { LIST_FUNCTION } from '../functions/deployment.ts';
import { functionNamed, nearestFunction } from '../functions/table.ts';
import type { Call, Expression } from './ast.ts';

/** Reports every name that is not there and every wrong number of arguments. True: none. */
export function checkNames(root: Expression, site: Site, { scope, report }: Frame): boolean {
  let isRight = true;
  // A mistake is one without being told, too, but what may be meant takes time to find.
  if (report.isFull) return false;
  const refuse: Refuse = (code, unit, message, hint) => {
    report.inside(code, site, unit, message, hint);
    isRight = false;
  };
  const waiting = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.kind === 'access') waiting.push(next.of, ...next.steps.map((step) => step.key));
    if (next.kind !== 'call') continue;
    waiting.push(...next.args);
    if (next.namespace !== undefined) checkUserCall(next, scope, refuse);
    else checkCall(next, scope, refuse);
  }
  return isRight;
}

type Refuse = (
  code:
    | 'ARM_FUNCTION_UNKNOWN'
    | 'ARM_FUNCTION_ARGUMENTS'
    | 'ARM_PARAMETER_UNDECLARED'
    | 'ARM_VARIABLE_UNDECLARED',
  unit: number,
  message: string,
  hint?: string,
) => void;

function checkUserCall(call: Call, scope: Scope, refuse: Refuse): void {
  const name = fullName(call);
  const called = scope.userFunction(name);
  if (called === undefined) {
    const message = `the template defines no function ${nameOf(name)}`;
    refuse('ARM_FUNCTION_UNKNOWN', call.unit, message, didYouMean(name, scope.functionNames));
    return;
  }
  const { length } = called.parameterNames;
  if (call.args.length !== length) refuseCount(call, name, length, length, refuse);
}

function checkCall(call: Call, scope: Scope, refuse: Refuse): void {
  const { name, args, unit } = call;
  const called = functionNamed(name);
  if (called === undefined) {
    const message = `there is no function ${nameOf(name)}`;
    refuse('ARM_FUNCTION_UNKNOWN', unit, message, hintOf(name, scope));
    return;
  }
  const least = called.parameters.filter((p) => !p.isOptional).length;
  const most = called.parameters.some((p) => p.isRest) ? Infinity : called.parameters.length;
  if (args.length < least || args.length > most) {
    refuseCount(call, called === LIST_FUNCTION ? name : called.name, least, most, refuse);
    return;
  }
  const [first] = args;
  if (first?.kind !== 'literal' || typeof first.value !== 'string') return;
  const wanted = first.value;
  if (called.name === 'parameters' && !scope.hasParameter(wanted)) {
    refuse('ARM_PARAMETER_UNDECLARED', first.unit, ...undeclaredParameter(wanted, scope));
  }
  if (called.name === 'variables' && !scope.hasVariable(wanted)) {
    refuse('ARM_VARIABLE_UNDECLARED', first.unit, ...undeclaredVariable(wanted, scope));
  }
}

/** More than an author has; keeps hostile templates cheap. */
const OWN_FUNCTIONS_MAX = 64;

function hintOf(name: string, scope: Scope): string | undefined {
  const suffix = `.${name.toLowerCase()}`;
  let left = OWN_FUNCTIONS_MAX;
  for (const own of scope.functionNames) {
    if (own.toLowerCase().endsWith(suffix)) return `write ${own}(…)`;
    left -= 1;
    if (left === 0) break;
  }
  const meant = nearestFunction(name);
  return meant === undefined ? undefined : `did you mean '${meant}'?`;
}

function refuseCount(call: Call, name: string, least: number, most: number, refuse: Refuse): void {
  const given = call.args.length;
  const taken = takenCount(least, most);
  const message = `${name}() takes ${taken}, not ${given}`;
  refuse('ARM_FUNCTION_ARGUMENTS', call.unit, message);
}

function takenCount(least: number, most: number): string {
  if (most === 0) return 'no arguments';
  if (least === most) return count(least, 'argument');
  if (most === Infinity) return `at least ${count(least, 'argument')}`;
  return `${least} to ${most} arguments`;
}

/** Message and hint. */
export function undeclaredParameter(name: string, scope: Scope): [string, string | undefined] {
  const message = `the template declares no parameter ${nameOf(name)}`;
  return [message, didYouMean(name, scope.parameterNames)];
}

/** Message and hint. */
export function undeclaredVariable(name: string, scope: Scope): [string, string | undefined] {
  const message = `the template defines no variable ${nameOf(name)}`;
  return [message, didYouMean(name, scope.variableNames)];
}
