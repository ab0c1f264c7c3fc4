/**
 * A template to the resources it deploys, as far as they are known before it is deployed. Every
 * mistake is reported at its place in the file, once; what depends on it is unknown.
 */
import type { Json } from '../../rule/rule.ts';
import type { Member, ObjectNode } from '../../rule/text/json-tree.ts';
import { pointerTo } from '../../rule/text/json-tree.ts';
import { alternativesOf } from './alternatives.ts';
import { BlankReads } from './blanks.ts';
import { Budget } from './budget.ts';
import type { Frame, Scope } from './context.ts';
import { declaredParts } from './declared-parts.ts';
import { evaluateToEnd } from './evaluate-again.ts';
import { isEvaluated, siteOf } from './evaluate-node.ts';
import { type TemplateFindings, TemplateReport } from './findings.ts';
import { checkGivenParameters, givenParameters, scopeOfDeployment } from './nested-deployment.ts';
import { checkOutputs } from './outputs.ts';
import { type DeployedResource, type Harvest, ResourceWalk } from './resources.ts';
import { type Given, TemplateScope } from './scope.ts';
import { reportTooLargeAt } from './too-large.ts';
import { collectUnknowns, type UnknownValue } from './unknown-values.ts';
import { isText, memberOf } from './value.ts';

export type { TemplateFindings } from './findings.ts';
export { DEPLOYMENT_TYPE, type DeployedResource } from './resources.ts';
export type { UnknownValue } from './unknown-values.ts';

/** What is known besides the template. */
export interface TemplateOptions {
  /**
   * Values of parameters by name, ignoring letter case; they win over default values. They stand
   * where they are used. Those that the template does not declare are passed over.
   */
  readonly parameters?: ReadonlyMap<string, Json>;
}

/** What a template deploys. */
export interface EvaluatedTemplate {
  /** Those it would deploy with other parameters too. In the order of the file; those of a deployment inside the template follow it. */
  readonly resources: readonly DeployedResource[];
  /** What is not known in them, or decides about them, and why. Mistakes are findings instead. */
  readonly unknowns: readonly UnknownValue[];
}

/** Evaluates a template that stands at `at.pointer` of its file. Reads no other file. */
export function evaluateTemplate(
  template: ObjectNode,
  at: { readonly pointer: string },
  findings: TemplateFindings,
  options: TemplateOptions,
): EvaluatedTemplate {
  const base: Base = {
    report: new TemplateReport(findings),
    budget: new Budget(),
    blanks: new BlankReads(),
    again: [],
    isUnsure: false,
    requiredMembers: [],
  };
  const given = new Map<string, Given>();
  for (const [name, json] of options.parameters ?? []) {
    given.set(name.toLowerCase(), { kind: 'json', json });
  }
  const harvest: Harvest = { resources: [], deciding: [] };
  deployTemplate(template, at.pointer, given, base, harvest);
  return { resources: harvest.resources, unknowns: collectUnknowns(harvest) };
}

type Base = Omit<Frame, 'scope' | 'loops'>;

const WALK = new ResourceWalk(enterDeployment);

/** A template with parameters, variables and functions of its own. */
function deployTemplate(
  template: ObjectNode,
  pointer: string,
  given: ReadonlyMap<string, Given>,
  base: Base,
  harvest: Harvest,
): void {
  const at = template.pointer ?? pointer;
  const { report, budget, blanks, isUnsure } = base;
  const parts = { ...declaredParts(template, at, report), given };
  // What is escaped in it is its own, however often it is evaluated from outside.
  const again = base.again.map(() => (): Scope => scope);
  const requiredMembers = requiredMembersIn(template);
  const own = { report, budget, blanks, isUnsure, again, requiredMembers };
  const scope = new TemplateScope(parts, own);
  scope.checkAll();
  deployResources(template, at, scope.frame, harvest);
}

/**
 * What says by its schema that it is a template must have all. With an API profile it is the
 * profile that sets the versions.
 */
function requiredMembersIn(template: ObjectNode): readonly string[] {
  const schema = memberOf(template, '$schema')?.value;
  const isTemplate =
    schema !== undefined && isText(schema) && /deploymentTemplate/i.test(schema.value);
  if (!isTemplate) return [];
  return memberOf(template, 'apiProfile') === undefined ? ['name', 'apiVersion'] : ['name'];
}

function deployResources(
  template: ObjectNode,
  pointer: string,
  frame: Frame,
  harvest: Harvest,
): void {
  const resources = memberOf(template, 'resources');
  if (resources !== undefined) {
    const at = pointerTo(pointer, resources.written ?? resources.key);
    WALK.all(resources.value, at, frame, harvest);
  }
  checkOutputs(template, pointer, frame);
}

/** The template inside a deployment; a template elsewhere, named by a link, is not read. */
function enterDeployment(
  deployment: ObjectNode,
  properties: Member,
  pointer: string,
  frame: Frame,
  harvest: Harvest,
): void {
  const at = pointerTo(pointer, properties.written ?? properties.key);
  for (const object of alternativesOf(properties.value, at, frame)) {
    const template = object.type === 'object' ? memberOf(object, 'template') : undefined;
    if (object.type !== 'object' || template === undefined) continue;
    const inside = pointerTo(object.pointer ?? at, template.written ?? template.key);
    for (const node of alternativesOf(template.value, inside, frame)) {
      if (node.type !== 'object') continue;
      const isMade = isEvaluated(properties.value) || isEvaluated(template.value);
      deployInside({ node, isMade }, object, deployment, frame, harvest);
    }
  }
}

interface InnerTemplate {
  readonly node: ObjectNode;
  /** An expression made it, so it was evaluated from outside already. */
  readonly isMade: boolean;
}

function deployInside(
  { node, isMade }: InnerTemplate,
  object: ObjectNode,
  deployment: ObjectNode,
  frame: Frame,
  harvest: Harvest,
): void {
  const at = object.pointer ?? '';
  const place = node.pointer ?? '';
  const values = memberOf(object, 'parameters');
  const valuesAt = pointerTo(at, values?.written ?? 'parameters');
  if (!frame.budget.enterDeployment()) {
    reportTooLargeAt(frame, siteOf(node, place), 'deployments');
    return;
  }
  const given = givenParameters(values?.value, valuesAt, frame);
  if (isMade || scopeOfDeployment(object, at, frame) === 'inner') {
    const { offset } = values ?? deployment;
    const { pointer: givenAt = values === undefined ? at : valuesAt } = values?.value ?? {};
    checkGivenParameters(node, given, { pointer: givenAt, offset }, frame);
    deployTemplate(node, place, given.values, frame, harvest);
  } else {
    const own = once(() => scopeInside(node, place, given.values, frame));
    const again = [...frame.again, own];
    const requiredMembers = requiredMembersIn(node);
    deployResources(node, place, { ...frame, again, requiredMembers }, harvest);
  }
  frame.budget.leaveDeployment();
}

/**
 * What names mean in a template that is evaluated from outside, to what is escaped in it. Its
 * declarations are evaluated from outside as well.
 */
function scopeInside(
  template: ObjectNode,
  pointer: string,
  given: ReadonlyMap<string, Given>,
  frame: Frame,
): Scope {
  const members = template.members.map((member): Member => {
    if (!DECLARATIONS.test(member.key)) return member;
    const at = pointerTo(pointer, member.written ?? member.key);
    return { ...member, value: evaluateToEnd(member.value, at, frame) };
  });
  const parts = { ...declaredParts({ ...template, members }, pointer, frame.report), given };
  return new TemplateScope(parts, { ...frame, again: [] });
}

const DECLARATIONS = /^(parameters|variables)$/i;

function once<Made>(make: () => Made): () => Made {
  let made: { readonly value: Made } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
