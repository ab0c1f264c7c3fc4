/** What an evaluation carries along: its scope, its loops, where it stands. */
import { isExpression } from '../../rule/template-expression.ts';
import type { BlankReads } from './blanks.ts';
import type { Budget } from './budget.ts';
import type { TemplateCode } from './codes.ts';
import type { Call, Expression } from './expression/ast.ts';
import type { Site, TemplateReport } from './findings.ts';
import type { Unknown, Value } from './value.ts';

/** Around the nodes of a template. */
export interface Frame {
  readonly report: TemplateReport;
  readonly budget: Budget;
  readonly blanks: BlankReads;
  readonly scope: Scope;
  readonly loops: Loops;
  /** It may never be evaluated: what is wrong with values there may not matter. */
  readonly isUnsure: boolean;
  /**
   * What names mean in the templates around and here, when what is escaped is evaluated: one for
   * each deployment around in outer scope, in their order.
   */
  readonly again: readonly (() => Scope)[];
  /** Members that each resource of the template must have, besides its type. */
  readonly requiredMembers: readonly string[];
}

/** Around one expression. */
export interface Context extends Frame {
  readonly site: Site;
  /** Variables of lambda functions, by name in lower case. */
  readonly locals: ReadonlyMap<string, Value>;
}

/** What names mean in a template, or inside a function of the author's own. */
export interface Scope {
  readonly parameterNames: Iterable<string>;
  readonly variableNames: Iterable<string>;
  readonly functionNames: Iterable<string>;
  hasParameter(name: string): boolean;
  hasVariable(name: string): boolean;
  parameter(name: string, context: Context): Value;
  variable(name: string, context: Context): Value;
  /** `namespace.name` */
  userFunction(name: string): UserFunction | undefined;
  /** The tree of an expression whose names were checked; `undefined` when it has mistakes. */
  readExpression(site: Site, node: Value, frame: Frame): Expression | undefined;
}

/** A function of the author's own. */
export interface UserFunction {
  readonly parameterNames: readonly string[];
  evaluate(args: readonly Value[], context: Context): Value;
}

/** The number of the iteration; `undefined` where the number of iterations is not known. */
export interface Loops {
  /** Of the loop of the resource. */
  readonly current?: LoopIndex;
  readonly named: ReadonlyMap<string, LoopIndex>;
}

/** Where a loop is. */
export interface LoopIndex {
  readonly index: number | undefined;
}

/** Outside of all loops. */
export const NO_LOOPS: Loops = { named: new Map() };

/** A value that only a deployment knows. */
export function unknownAt(site: Site, reason: string): Unknown {
  return { ...unknownBase(site), reason };
}

/** What stands where a mistake was reported. */
export function mistakeAt(site: Site): Unknown {
  return { ...unknownBase(site), reason: 'it has a mistake', isMistake: true };
}

/** The same lack of knowledge, at another place. */
export function unknownLike(unknown: Value, site: Site): Unknown {
  const { reason, isMistake } = unknown as Partial<Unknown>;
  const why = reason ?? 'it is known when deployed';
  return { ...unknownBase(site), reason: why, ...(isMistake === true && { isMistake }) };
}

function unknownBase({ pointer, offset, text }: Site): Omit<Unknown, 'reason'> {
  return { type: 'unknown', pointer, offset, expression: expressionText(text) };
}

/** As written, in a form that is recognised as standing for a value. */
function expressionText(text: string): string {
  return isExpression(text) ? text : `[unknown(${JSON.stringify(text)})]`;
}

/**
 * Reports what is wrong with a value at a character, unless the expression may not be reached or
 * the value was made with an empty default value.
 */
export function refuse(
  context: Context,
  code: TemplateCode,
  unit: number,
  message: string,
  hint?: string,
): Unknown {
  if (context.blanks.hasRead) {
    return unknownAt(context.site, 'a parameter that is empty by default has to be given a value');
  }
  if (!context.isUnsure) context.report.inside(code, context.site, unit, message, hint);
  return mistakeAt(context.site);
}

/** As written, with its namespace. */
export function fullName({ namespace, name }: Pick<Call, 'namespace' | 'name'>): string {
  return namespace === undefined ? name : `${namespace}.${name}`;
}
