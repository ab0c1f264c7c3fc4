/**
 * What names mean in a template: its parameters, variables and functions, each evaluated when it
 * is first asked for and kept. A value that asks for itself is a mistake.
 */
import type { Json } from '../../rule/rule.ts';
import type { JsonNode, Member, ObjectNode } from '../../rule/text/json-tree.ts';
import { pointerTo } from '../../rule/text/json-tree.ts';
import { nameOf } from '../../rule/text/show.ts';
import { isBlank, isEmpty, markBlank } from './blanks.ts';
import {
  type Context,
  type Frame,
  mistakeAt,
  NO_LOOPS,
  refuse,
  type Scope,
  type UserFunction,
  unknownAt,
  unknownLike,
} from './context.ts';
import { type PropertyLoop, propertyLoops, repeated } from './copy.ts';
import { evaluateToEnd } from './evaluate-again.ts';
import { evaluateNode } from './evaluate-node.ts';
import type { Expression } from './expression/ast.ts';
import { readExpression } from './expression/read-expression.ts';
import type { Site } from './findings.ts';
import { givenNode } from './json-node.ts';
import { checkParameter, type Declaration, isOfDeclaredType, isToBeGiven } from './parameter.ts';
import { isNull, measure, placed, type Value } from './value.ts';

/** A value for a parameter: from outside, or of a node that was evaluated elsewhere. */
export type Given =
  | { readonly kind: 'json'; readonly json: Json }
  | { readonly kind: 'node'; readonly node: Value };

/** All that is declared or given, by name in lower case. */
export interface ScopeParts {
  readonly parameters: ReadonlyMap<string, Declaration>;
  readonly given: ReadonlyMap<string, Given>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly functions: ReadonlyMap<string, FunctionDeclaration>;
}

/** A function of the author's own, as it is written. */
export interface FunctionDeclaration {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, Declaration>;
  readonly output: JsonNode;
  readonly pointer: string;
}

/** A member of `variables`, or one of the loops there. */
export type Variable = { readonly name: string; readonly pointer: string } & (
  | { readonly kind: 'node'; readonly node: JsonNode }
  | { readonly kind: 'loop'; readonly loop: PropertyLoop }
);

/** The variables of a template by name in lower case. */
export function variablesOf(variables: ObjectNode, pointer: string): Map<string, Variable> {
  const found = new Map<string, Variable>();
  for (const member of variables.members) {
    for (const variable of variablesOfMember(member, pointer)) {
      const key = variable.name.toLowerCase();
      if (!found.has(key)) found.set(key, variable);
    }
  }
  return found;
}

function variablesOfMember(member: Member, pointer: string): readonly Variable[] {
  const { key: name, value: node, written = name } = member;
  const loops = propertyLoops(member, pointer);
  if (loops === undefined) {
    return [{ kind: 'node', name, node, pointer: node.pointer ?? pointerTo(pointer, written) }];
  }
  return loops.map((loop) => {
    const label = loop.name.value;
    const loopName = label.type === 'scalar' ? String(label.value) : '';
    return { kind: 'loop', name: loopName, loop, pointer: loop.pointer };
  });
}

function* namesOf(declared: ReadonlyMap<string, { readonly name: string }>): Iterable<string> {
  for (const { name } of declared.values()) yield name;
}

/** The value of a parameter that need not be given. */
function leftOut({ pointer, offset }: Site): Value {
  const value: Value = { type: 'scalar', pointer, offset, value: null, isComputed: true };
  markBlank(value);
  return value;
}

/** By the node of the string; `none` has mistakes. */
type Expressions = WeakMap<Value, Expression | { readonly kind: 'none' }>;

const IN_PROGRESS = Symbol('in progress');

/** The names of one template, or of one call of a function. */
export class TemplateScope implements Scope {
  readonly #parts: ScopeParts;
  readonly #base: Omit<Frame, 'scope' | 'loops'>;
  readonly #parameterValues = new Map<string, Value | typeof IN_PROGRESS>();
  readonly #variableValues = new Map<string, Value | typeof IN_PROGRESS>();
  readonly #expressions: Expressions;
  /** Of the bodies of functions, whose names mean the same in each call. */
  readonly #functionExpressions: Expressions = new WeakMap();
  /** Of a function: the template whose variables it reads. */
  readonly #template: TemplateScope | undefined;

  constructor(
    parts: ScopeParts,
    base: Omit<Frame, 'scope' | 'loops'>,
    expressions: Expressions = new WeakMap(),
    template?: TemplateScope,
  ) {
    this.#parts = parts;
    this.#base = base;
    this.#expressions = expressions;
    this.#template = template;
  }

  get parameterNames(): Iterable<string> {
    return namesOf(this.#parts.parameters);
  }

  get variableNames(): Iterable<string> {
    return namesOf(this.#parts.variables);
  }

  get functionNames(): Iterable<string> {
    return namesOf(this.#parts.functions);
  }

  /** Outside of all loops. */
  get frame(): Frame {
    return { ...this.#base, scope: this, loops: NO_LOOPS };
  }

  hasParameter(name: string): boolean {
    return this.#parts.parameters.has(name.toLowerCase());
  }

  hasVariable(name: string): boolean {
    return this.#parts.variables.has(name.toLowerCase());
  }

  /** A value of another type than the declared one is told of, and not known. */
  parameter(name: string, context: Context): Value {
    const declaration = this.#parts.parameters.get(name.toLowerCase());
    const value = this.#valueOf(name, context);
    const suits = declaration === undefined || isOfDeclaredType(declaration, value);
    return suits ? value : mistakeAt(context.site);
  }

  #valueOf(name: string, context: Context): Value {
    const key = name.toLowerCase();
    const declaration = this.#parts.parameters.get(key);
    if (declaration === undefined) return mistakeAt(context.site);
    const given = this.#givenValue(key, context);
    // Null means that the default value is taken, where there is one.
    const isLeftOut =
      given !== undefined && isNull(given) && declaration.defaultValue !== undefined;
    if (given !== undefined && !isLeftOut) return given;
    return this.#once(this.#parameterValues, key, declaration.name, context, () => {
      return this.#defaultValue(declaration, context.site);
    });
  }

  #givenValue(key: string, { site, budget }: Context): Value | undefined {
    const given = this.#parts.given.get(key);
    if (given === undefined || given.kind === 'node') return given?.node;
    const node = givenNode(given.json, site) ?? mistakeAt(site);
    budget.takeSteps(measure(node).size);
    return node;
  }

  #defaultValue(declaration: Declaration, site: Site): Value {
    const { defaultValue, name, isNullable } = declaration;
    if (defaultValue === undefined) {
      if (isNullable) return leftOut(site);
      return unknownAt(site, `the parameter ${nameOf(name)} has no default value`);
    }
    const value = evaluateToEnd(defaultValue.node, defaultValue.pointer, this.frame);
    if (isToBeGiven(declaration, value)) {
      return unknownAt(site, `the parameter ${nameOf(name)} has to be given a value`);
    }
    const own = placed(isEmpty(value) ? { ...value } : value, defaultValue.pointer);
    if (isEmpty(value)) markBlank(own);
    return own;
  }

  variable(name: string, context: Context): Value {
    // A function reads those of the template.
    if (this.#template !== undefined) return this.#template.variable(name, context);
    const key = name.toLowerCase();
    const variable = this.#parts.variables.get(key);
    if (variable === undefined) return mistakeAt(context.site);
    return this.#once(this.#variableValues, key, variable.name, context, () => {
      const { pointer } = variable;
      if (variable.kind === 'node') {
        return placed(evaluateToEnd(variable.node, pointer, this.frame), pointer);
      }
      return placed(repeated(variable.loop, variable.name, this.frame, evaluateNode), pointer);
    });
  }

  #once(
    values: Map<string, Value | typeof IN_PROGRESS>,
    key: string,
    name: string,
    context: Context,
    evaluate: () => Value,
  ): Value {
    const known = values.get(key);
    if (known === IN_PROGRESS) {
      const message = `the value of ${nameOf(name)} depends on itself`;
      const code = 'ARM_VALUE_CYCLE';
      return refuse({ ...context, isUnsure: false }, code, 1, message);
    }
    if (known !== undefined) {
      return known.type === 'unknown' ? unknownLike(known, context.site) : known;
    }
    values.set(key, IN_PROGRESS);
    const value = evaluate();
    values.set(key, value);
    return value;
  }

  userFunction(name: string): UserFunction | undefined {
    const declaration = this.#parts.functions.get(name.toLowerCase());
    if (declaration === undefined) return undefined;
    const { parameters, output, pointer } = declaration;
    const parameterNames = [...parameters.keys()];
    return {
      parameterNames,
      evaluate: (args, context) => {
        const given = new Map<string, Given>();
        for (const [index, node] of args.entries()) {
          const parameter = parameterNames[index];
          if (parameter !== undefined) given.set(parameter, { kind: 'node', node });
        }
        const scope = this.#functionScope(declaration, given);
        const { isUnsure } = context;
        return placed(evaluateNode(output, pointer, { ...scope.frame, isUnsure }), pointer);
      },
    };
  }

  /** A function knows its own parameters, and the variables and functions of the template. */
  #functionScope(
    { parameters }: FunctionDeclaration,
    given: ReadonlyMap<string, Given>,
  ): TemplateScope {
    const parts = { ...this.#parts, parameters, given };
    const template = this.#template ?? this;
    return new TemplateScope(parts, this.#base, this.#functionExpressions, template);
  }

  readExpression(site: Site, node: Value, frame: Frame): Expression | undefined {
    let read = this.#expressions.get(node);
    if (read === undefined) {
      frame.budget.takeSteps(site.text.length >> 3);
      read = readExpression(site, frame) ?? { kind: 'none' };
      this.#expressions.set(node, read);
    }
    return read.kind === 'none' ? undefined : read;
  }

  /** Evaluates everything, so that what is wrong in it is found. */
  checkAll(): void {
    for (const declaration of this.#parts.parameters.values()) {
      const { name, pointer, offset } = declaration;
      const site: Site = { pointer, offset, text: '', isComputed: true };
      const context: Context = { ...this.frame, site, locals: new Map() };
      const value = this.#valueOf(name, context);
      const isGiven = this.#parts.given.has(name.toLowerCase());
      if (!isGiven || !isBlank(value)) checkParameter(declaration, value, context);
    }
    for (const { name, pointer } of this.#parts.variables.values()) {
      const site: Site = { pointer, offset: 0, text: '', isComputed: true };
      this.variable(name, { ...this.frame, site, locals: new Map() });
    }
    for (const { name, parameters } of this.#parts.functions.values()) {
      this.#checkFunction(name, [...parameters.values()]);
    }
  }

  /** With arguments that are not known. */
  #checkFunction(name: string, parameters: readonly Declaration[]): void {
    const args = parameters.map((p) => {
      const site: Site = { pointer: p.pointer, offset: p.offset, text: '', isComputed: true };
      return unknownAt(site, 'it is an argument of a function');
    });
    const site: Site = { pointer: '', offset: 0, text: '', isComputed: true };
    this.userFunction(name)?.evaluate(args, { ...this.frame, site, locals: new Map() });
  }
}
