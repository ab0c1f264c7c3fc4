/**
 * The resources of a template as they are deployed: loops run, children joined with their
 * parents, deployments inside the template followed. Sources: "Resource declaration", "Child
 * resources", "Resource iteration" and "Linked and nested templates" of Azure Resource Manager.
 */
import type { JsonNode, Member, ObjectNode } from '../../rule/text/json-tree.ts';
import { pointerTo } from '../../rule/text/json-tree.ts';
import { nameOf, show } from '../../rule/text/show.ts';
import { alternativesOf } from './alternatives.ts';
import type { Frame } from './context.ts';
import { countOf, withLoop } from './copy.ts';
import { evaluateToEnd } from './evaluate-again.ts';
import { evaluateNode, isEvaluated, siteOf } from './evaluate-node.ts';
import { joined, joinedName, type Parent, withNames } from './resource-names.ts';
import { isText, memberOf, placed, type Unknown, type Value } from './value.ts';

/** A resource that a template deploys, or would with other parameters. */
export interface DeployedResource {
  /** False: its condition, or that of a deployment around it, is not fulfilled. */
  readonly isDeployed: boolean;
  /** The full type, with those of the parents: `Microsoft.OperationalInsights/workspaces/tables`. */
  readonly type: string;
  /** Where it is known. */
  readonly apiVersion?: string;
  /**
   * As deployed, without what only steers the deployment (`condition`, `copy`, `dependsOn`). Its
   * pointer is that of the resource in the file; members keep the places they were written at.
   */
  readonly node: ObjectNode;
}

/** What is collected on the way. */
export interface Harvest {
  readonly resources: DeployedResource[];
  /** Values outside the resources that decide about them: conditions and counts. */
  readonly deciding: Unknown[];
}

/** Called for each deployment, to follow the template inside it. */
export type EnterDeployment = (
  deployment: ObjectNode,
  properties: Member,
  pointer: string,
  frame: Frame,
  harvest: Harvest,
) => void;

/** What steers a deployment and is no part of the resource; evaluated for its mistakes only. */
const STEERING: ReadonlySet<string> = new Set(['condition', 'copy', 'dependson', 'existing']);
/** Not evaluated at all, or elsewhere. */
const APART: ReadonlySet<string> = new Set(['comments', 'metadata', 'resources']);

/** Collects what a template deploys; holds no state of its own. */
export class ResourceWalk {
  readonly #enterDeployment: EnterDeployment;

  constructor(enterDeployment: EnterDeployment) {
    this.#enterDeployment = enterDeployment;
  }

  /** Of a list, or of an object whose members are the resources by their symbolic names. */
  all(resources: JsonNode, pointer: string, frame: Frame, harvest: Harvest, parent?: Parent): void {
    if (isEvaluated(resources)) {
      for (const value of alternativesOf(resources, pointer, frame)) {
        if (!isEvaluated(value)) this.all(value, pointer, frame, harvest, parent);
      }
      return;
    }
    const at = resources.pointer ?? pointer;
    if (resources.type === 'list') {
      for (const [index, node] of resources.items.entries()) {
        this.#resource(node, pointerTo(at, index), frame, harvest, parent);
      }
    } else if (resources.type === 'object') {
      for (const { key, written = key, value } of resources.members) {
        this.#resource(value, pointerTo(at, written), frame, harvest, parent);
      }
    } else if (resources.type === 'scalar' && resources.value !== null) {
      const message = `'resources' is ${show(resources.value)}, expected a list or an object`;
      frame.report.at('ARM_STRUCTURE', siteOf(resources, at), message);
    }
  }

  #resource(
    node: JsonNode,
    pointer: string,
    frame: Frame,
    harvest: Harvest,
    parent: Parent | undefined,
  ): void {
    if (isEvaluated(node)) {
      for (const value of alternativesOf(node, pointer, frame)) {
        if (!isEvaluated(value)) this.#resource(value, pointer, frame, harvest, parent);
      }
      return;
    }
    const at = node.pointer ?? pointer;
    if (node.type === 'unknown') return;
    if (node.type !== 'object') {
      frame.report.at('ARM_STRUCTURE', siteOf(node, at), 'a resource is not an object');
      return;
    }
    const loop = memberOf(node, 'copy')?.value;
    if (loop?.type !== 'object') {
      this.#one(node, at, frame, harvest, parent);
      return;
    }
    this.#loop(node, loop, at, frame, harvest, parent);
  }

  #loop(
    node: ObjectNode,
    loop: ObjectNode,
    pointer: string,
    frame: Frame,
    harvest: Harvest,
    parent: Parent | undefined,
  ): void {
    const count = memberOf(loop, 'count');
    const at = loop.pointer ?? pointerTo(pointer, memberOf(node, 'copy')?.written ?? 'copy');
    if (count === undefined) {
      frame.report.at('ARM_STRUCTURE', siteOf(loop, at), "a loop has no 'count'");
      return;
    }
    const label = memberOf(loop, 'name');
    const name = label && evaluateNode(label.value, pointerTo(at, 'name'), frame);
    const loopName = name !== undefined && isText(name) ? name.value : '';
    const counted = countOf(count, at, frame, evaluateNode);
    if (counted.kind === 'unknown') {
      harvest.deciding.push(counted.value as Unknown);
      this.#one(node, pointer, withLoop(frame, loopName, undefined, true), harvest, parent);
      return;
    }
    for (let index = 0; index < counted.times; index++) {
      if (frame.budget.isExhausted) return;
      this.#one(node, pointer, withLoop(frame, loopName, index, true), harvest, parent);
    }
    if (counted.times === 0) {
      const unsure = { ...withLoop(frame, loopName, undefined, true), isUnsure: true };
      this.#one(node, pointer, unsure, emptyHarvest(), parent);
    }
  }

  #one(
    node: ObjectNode,
    pointer: string,
    frame: Frame,
    harvest: Harvest,
    parent: Parent | undefined,
  ): void {
    const state = deploymentState(node, pointer, frame, harvest);
    if (state === 'deployed') {
      this.#deployed(node, pointer, frame, harvest, parent);
      return;
    }
    // Its names must be there all the same.
    const left = emptyHarvest();
    this.#deployed(node, pointer, { ...frame, isUnsure: true }, left, parent);
    if (state === 'left out') {
      harvest.resources.push(...left.resources.map((r) => ({ ...r, isDeployed: false })));
    }
  }

  #deployed(
    node: ObjectNode,
    pointer: string,
    frame: Frame,
    harvest: Harvest,
    parent: Parent | undefined,
  ): void {
    const type = evaluatedMember(node, 'type', pointer, frame);
    if (type === undefined) {
      const message = "a resource has no 'type'";
      frame.report.at('ARM_STRUCTURE', siteOf(node, pointer), message);
      return;
    }
    checkRequired(node, pointer, frame);
    const fullType = joined(parent?.type, type);
    const name = joinedName(parent, evaluatedMember(node, 'name', pointer, frame));
    const isDeployment =
      isText(fullType) && fullType.value.toLowerCase() === DEPLOYMENT_TYPE.toLowerCase();
    const properties = memberOf(node, 'properties');
    const members = this.#members(node, pointer, frame, isDeployment);
    const resource = withNames({ ...node, pointer, members }, fullType, name);
    const apiVersion = memberOf(resource, 'apiVersion')?.value;
    harvest.resources.push({
      isDeployed: true,
      type: isText(fullType) ? fullType.value : textOfUnknown(fullType),
      ...(apiVersion !== undefined && isText(apiVersion) && { apiVersion: apiVersion.value }),
      node: resource,
    });
    if (isDeployment && properties !== undefined) {
      this.#enterDeployment(node, properties, pointer, frame, harvest);
    }
    const children = memberOf(node, 'resources');
    if (children === undefined) return;
    const at = pointerTo(pointer, children.written ?? children.key);
    this.all(children.value, at, frame, harvest, { type: fullType, name });
  }

  #members(node: ObjectNode, pointer: string, frame: Frame, isDeployment: boolean): Member[] {
    const evaluated: Member[] = [];
    for (const member of node.members) {
      const key = member.key.toLowerCase();
      if (APART.has(key)) continue;
      const at = pointerTo(pointer, member.written ?? member.key);
      if (STEERING.has(key) && member.value.type !== 'list') continue;
      const isFollowed = isDeployment && key === 'properties';
      const value = evaluateToEnd(
        isFollowed ? withoutTemplate(member.value) : member.value,
        at,
        frame,
      );
      const kept = isFollowed ? withoutTemplate(value) : value;
      if (!STEERING.has(key)) evaluated.push({ ...member, value: kept });
    }
    return evaluated;
  }
}

/** What is no resource of Azure has an extension, and its own members. */
function checkRequired(node: ObjectNode, pointer: string, frame: Frame): void {
  const isOther = ['extension', 'import'].some((name) => memberOf(node, name) !== undefined);
  if (frame.isUnsure || isOther) return;
  const missing = frame.requiredMembers.filter((name) => memberOf(node, name) === undefined);
  if (missing.length === 0) return;
  const message = `a resource has no ${missing.map(nameOf).join(' and no ')}`;
  frame.report.at('ARM_STRUCTURE', siteOf(node, pointer), message);
}

/** Of a deployment inside a template. */
export const DEPLOYMENT_TYPE = 'Microsoft.Resources/deployments';

/** The template inside a deployment is followed, and is no part of the deployment itself. */
function withoutTemplate(properties: JsonNode): JsonNode {
  if (properties.type !== 'object') return properties;
  const members = properties.members.filter(({ key }) => !/^(template|parameters)$/i.test(key));
  return { ...properties, members };
}

function emptyHarvest(): Harvest {
  return { resources: [], deciding: [] };
}

function deploymentState(
  node: ObjectNode,
  pointer: string,
  frame: Frame,
  harvest: Harvest,
): 'deployed' | 'left out' | 'never deployed' {
  const condition = evaluatedMember(node, 'condition', pointer, frame);
  if (condition?.type === 'unknown') harvest.deciding.push(condition as Unknown);
  const existing = evaluatedMember(node, 'existing', pointer, frame);
  if (existing !== undefined && isTrue(existing)) return 'never deployed';
  if (!isFalse(condition)) return 'deployed';
  // Switched off for good, where no parameter can change it.
  return isFalse(memberOf(node, 'condition')?.value) ? 'never deployed' : 'left out';
}

function isFalse(value: Value | undefined): boolean {
  return value?.type === 'scalar' && String(value.value).toLowerCase() === 'false';
}

function isTrue(value: Value): boolean {
  return value.type === 'scalar' && String(value.value).toLowerCase() === 'true';
}

function evaluatedMember(
  node: ObjectNode,
  name: string,
  pointer: string,
  frame: Frame,
): Value | undefined {
  const member = memberOf(node, name);
  if (member === undefined) return undefined;
  const at = pointerTo(pointer, member.written ?? member.key);
  return placed(evaluateToEnd(member.value, at, frame), at);
}

function textOfUnknown(value: Value): string {
  return value.type === 'unknown' ? value.expression : '';
}
