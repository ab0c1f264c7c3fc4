/**
 * A template to the resources it deploys, as far as they are known before it is deployed. Every
 * mistake is reported at its place in the file, once; what depends on it is unknown.
 */
import type { Json } from '../../rule/rule.ts';
import { isExpression } from '../../rule/template-expression.ts';
import type { JsonNode, Member, ObjectNode } from '../../rule/text/json-tree.ts';
import { pointerTo } from '../../rule/text/json-tree.ts';
import { alternativesOf } from './alternatives.ts';
import { Budget } from './budget.ts';
import type { Frame } from './context.ts';
import { declaredParts } from './declared-parts.ts';
import { evaluateNode, siteOf } from './evaluate-node.ts';
import { type TemplateFindings, TemplateReport } from './findings.ts';
import { checkGivenParameters, givenParameters, scopeOfDeployment } from './nested-deployment.ts';
import { checkOutputs } from './outputs.ts';
import { type DeployedResource, type Harvest, ResourceWalk } from './resources.ts';
import { type Given, TemplateScope } from './scope.ts';
import { reportTooLargeAt } from './too-large.ts';
import { collectUnknowns, type UnknownValue } from './unknown-values.ts';
import { memberOf } from './value.ts';

export type { TemplateFindings } from './findings.ts';
export type { DeployedResource } from './resources.ts';
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
    isUnsure: false,
  };
  const given = new Map<string, Given>();
  for (const [name, json] of options.parameters ?? []) {
    given.set(name.toLowerCase(), { kind: 'json', json });
  }
  const harvest: Harvest = { resources: [], deciding: [] };
  deployTemplate(template, at.pointer, given, base, harvest);
  return { resources: harvest.resources, unknowns: collectUnknowns(harvest) };
}

type Base = Pick<Frame, 'report' | 'budget' | 'isUnsure'>;

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
  const { report, budget, isUnsure } = base;
  const parts = { ...declaredParts(template, at, report), given };
  const scope = new TemplateScope(parts, { report, budget, isUnsure });
  scope.checkAll();
  deployResources(template, at, scope.frame, harvest);
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
      if (node.type === 'object') deployInside(node, object, deployment, frame, harvest);
    }
  }
}

function deployInside(
  node: ObjectNode,
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
  if (scopeOfDeployment(object, at, frame) === 'inner') {
    const given = givenParameters(values?.value, valuesAt, frame);
    const { offset } = values ?? deployment;
    const { pointer: givenAt = values === undefined ? at : valuesAt } = values?.value ?? {};
    checkGivenParameters(node, given, { pointer: givenAt, offset }, frame);
    deployTemplate(node, place, given.values, frame, harvest);
  } else {
    const own: Harvest = { resources: [], deciding: harvest.deciding };
    deployResources(node, place, frame, own);
    const given = givenParameters(values?.value, valuesAt, frame);
    harvest.resources.push(...evaluatedInside(own.resources, node, place, given.values, frame));
  }
  frame.budget.leaveDeployment();
}

/**
 * What is escaped once in a template that is evaluated from outside is an expression of its own:
 * `[[parameters('x')]` means the parameter of the template inside.
 */
function evaluatedInside(
  resources: readonly DeployedResource[],
  template: ObjectNode,
  pointer: string,
  given: ReadonlyMap<string, Given>,
  { report, budget, isUnsure }: Frame,
): readonly DeployedResource[] {
  if (!resources.some(({ node }) => holdsExpression(node))) return resources;
  const parts = { ...declaredParts(template, pointer, report), given };
  const { frame } = new TemplateScope(parts, { report, budget, isUnsure });
  return resources.map((resource) => {
    const node = evaluateNode(resource.node, pointer, frame);
    return node.type === 'object' ? { ...resource, node } : resource;
  });
}

/** As deep as the value, which its evaluation has bounded. */
function holdsExpression(value: JsonNode): boolean {
  if (value.type === 'scalar') return typeof value.value === 'string' && isExpression(value.value);
  if (value.type === 'list') return value.items.some(holdsExpression);
  return value.type === 'object' && value.members.some((m) => holdsExpression(m.value));
}
