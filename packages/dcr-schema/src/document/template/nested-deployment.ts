/** The scope and the parameters of a deployment inside a template. */
import { didYouMean } from '../../rule/did-you-mean.ts';
import type { JsonNode, ObjectNode } from '../../rule/text/json-tree.ts';
import { pointerTo } from '../../rule/text/json-tree.ts';
import { nameOf } from '../../rule/text/show.ts';
import { type Frame, unknownAt } from './context.ts';
import { definitionsOf } from './definitions.ts';
import { evaluateToEnd } from './evaluate-again.ts';
import { evaluateNode, siteOf } from './evaluate-node.ts';
import { type Declaration, declarationOf } from './parameter.ts';
import type { Given } from './scope.ts';
import { isText, memberOf, placed } from './value.ts';

/** Whose parameters and variables the expressions inside mean: those around it, by default. */
export function scopeOfDeployment(
  properties: ObjectNode,
  pointer: string,
  frame: Frame,
): 'inner' | 'outer' {
  const options = memberOf(properties, 'expressionEvaluationOptions')?.value;
  const scope = options?.type === 'object' ? memberOf(options, 'scope') : undefined;
  if (scope === undefined) return 'outer';
  const value = evaluateNode(scope.value, pointer, frame);
  return isText(value) && value.value.toLowerCase() === 'inner' ? 'inner' : 'outer';
}

/** Values for the parameters of an inner template, by name in lower case. */
export interface GivenParameters {
  readonly values: ReadonlyMap<string, Given>;
  readonly names: readonly { readonly name: string; readonly offset: number }[];
  /** They are written there; where none are, somebody else may give them. */
  readonly isComplete: boolean;
}

/** Evaluates them around the deployment, where they are written. */
export function givenParameters(
  parameters: JsonNode | undefined,
  pointer: string,
  frame: Frame,
): GivenParameters {
  const values = new Map<string, Given>();
  const names: { name: string; offset: number }[] = [];
  if (parameters === undefined) return { values, names, isComplete: false };
  const evaluated = evaluateToEnd(parameters, pointer, frame);
  if (evaluated.type !== 'object') return { values, names, isComplete: false };
  const at = evaluated.pointer ?? pointer;
  for (const { key, written = key, value, offset } of evaluated.members) {
    const place = value.pointer ?? pointerTo(at, written);
    const given = value.type === 'object' ? memberOf(value, 'value') : undefined;
    const site = { ...siteOf(value, place), text: '' };
    const node =
      given === undefined
        ? unknownAt(site, `the value of ${nameOf(key)} is kept elsewhere`)
        : placed(given.value, pointerTo(place, given.written ?? 'value'));
    values.set(key.toLowerCase(), { kind: 'node', node });
    names.push({ name: key, offset });
  }
  return { values, names, isComplete: true };
}

/** Reports parameters that the inner template does not declare, and those it is not given. */
export function checkGivenParameters(
  template: ObjectNode,
  { values, names, isComplete }: GivenParameters,
  place: { readonly pointer: string; readonly offset: number },
  { report }: Frame,
): void {
  const declared = declaredParameters(template);
  for (const { name, offset } of names) {
    if (declared.has(name.toLowerCase())) continue;
    const message = `the template inside declares no parameter ${nameOf(name)}`;
    const at = { pointer: pointerTo(place.pointer, name), offset };
    const hint = didYouMean(
      name,
      [...declared.values()].map((d) => d.name),
    );
    report.at('ARM_PARAMETER_UNDECLARED', at, message, hint);
  }
  if (!isComplete) return;
  for (const [key, { name, type, defaultValue, isNullable }] of declared) {
    // Of a type that is not known, nobody knows whether it may be left out.
    const mayBeLeftOut = defaultValue !== undefined || isNullable || type === undefined;
    if (values.has(key) || mayBeLeftOut) continue;
    const message = `the template inside is given no value for its parameter ${nameOf(name)}`;
    report.at('ARM_PARAMETER_VALUE', { ...place, pointer: place.pointer }, message);
  }
}

function declaredParameters(template: ObjectNode): ReadonlyMap<string, Declaration> {
  const parameters = memberOf(template, 'parameters')?.value;
  if (parameters?.type !== 'object') return new Map();
  const definitions = definitionsOf(template);
  return new Map(
    parameters.members.map(({ key, value }) => {
      return [key.toLowerCase(), declarationOf(key, value, '', definitions)];
    }),
  );
}
