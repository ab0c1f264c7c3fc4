/**
 * Where rules are in a document: at the top, in lists, answers, examples and connector files, among
 * the resources that a template or the template of a policy deploys, and in templates inside them.
 */
import { nearest } from '../rule/did-you-mean.ts';
import { documentForm, findMember, memberOf, RULE_TYPE, textOf } from '../rule/document-form.ts';
import type { Findings } from '../rule/findings.ts';
import type { Json } from '../rule/rule.ts';
import type { JsonNode, Member, ObjectNode } from '../rule/text/json-tree.ts';
import { placeOfMember, pointerTo } from '../rule/text/json-tree.ts';
import { nameOf } from '../rule/text/show.ts';
import { checkAssociation } from './check-association.ts';
import { withoutEmptyDefaults } from './empty-defaults.ts';
import { policyAsTemplate } from './policy.ts';
import { DEPLOYMENT_TYPE, evaluateTemplate, type UnknownValue } from './template/template.ts';
import { withUnknowns } from './with-unknowns.ts';

export interface RuleCandidate {
  /** `pointer` is set: where it stands in the file. */
  readonly node: ObjectNode;
  readonly apiVersion?: string;
  /** False: a template deploys it with other parameters only. */
  readonly isDeployed: boolean;
}

export interface FoundRules {
  readonly candidates: readonly RuleCandidate[];
  readonly unknowns: readonly UnknownValue[];
}

/** Templates in templates, lists in lists; no real document has half of it. */
const DEPTH_MAX = 12;

export function findRules(
  root: JsonNode,
  findings: Findings,
  parameters: ReadonlyMap<string, Json> = new Map(),
): FoundRules {
  const search = new Search(findings, parameters);
  search.look(root, '', 0);
  return search;
}

class Search implements FoundRules {
  readonly candidates: RuleCandidate[] = [];
  readonly unknowns: UnknownValue[] = [];
  readonly #findings: Findings;
  readonly #parameters: ReadonlyMap<string, Json>;

  constructor(findings: Findings, parameters: ReadonlyMap<string, Json>) {
    this.#findings = findings;
    this.#parameters = parameters;
  }

  /** A document, or a part of one that may be a document. */
  look(node: JsonNode, at: string, depth: number): void {
    if (depth > DEPTH_MAX) return;
    const pointer = node.pointer ?? at;
    if (node.type === 'list') {
      this.#lookIntoItems(node.items, pointer, depth);
    } else if (node.type === 'object') {
      this.#lookIntoObject(node, pointer, depth);
    }
  }

  #lookIntoItems(items: readonly JsonNode[], pointer: string, depth: number): void {
    for (const [i, item] of items.entries()) this.look(item, pointerTo(pointer, i), depth + 1);
  }

  #lookIntoObject(node: ObjectNode, pointer: string, depth: number): void {
    switch (documentForm(node)) {
      case 'rule':
        this.#addWritten(node, pointer);
        return;
      case 'answer': {
        const list = memberOf(node, 'value');
        if (list?.type === 'list')
          this.#lookIntoItems(list.items, pointerTo(pointer, 'value'), depth);
        return;
      }
      case 'template':
        this.#deploy(node, pointer, depth);
        return;
      case 'policy': {
        const template = policyAsTemplate(node, pointer);
        if (template !== undefined) this.#deploy(template, pointer, depth);
        return;
      }
      case 'example':
        this.#lookIntoExample(node, pointer, depth);
        return;
      case 'association':
        checkAssociation(node, pointer, this.#findings);
        return;
      case 'resource':
        this.#lookIntoResource(node, pointer, depth);
        return;
      case 'no rule':
        // Files of tools have documents under members of their own.
        this.#lookIntoMembers(node, pointer, depth);
        return;
      default:
        return;
    }
  }

  /** A rule that nothing deploys: what is an expression there stays one. */
  #addWritten(node: ObjectNode, pointer: string, apiVersion?: string): void {
    const written = withUnknowns(node, pointer, this.unknowns);
    this.#add({ ...written, pointer }, apiVersion ?? textOf(memberOf(node, 'apiVersion')));
  }

  #add(node: ObjectNode, apiVersion: string | undefined, isDeployed = true): void {
    if (apiVersion === undefined) {
      this.candidates.push({ node, isDeployed });
      return;
    }
    const has = memberOf(node, 'apiVersion') !== undefined;
    const { offset } = node;
    const value = { type: 'scalar', offset, value: apiVersion } as const;
    const members = [...node.members, { key: 'apiVersion', offset, value }];
    this.candidates.push({ node: has ? node : { ...node, members }, apiVersion, isDeployed });
  }

  #deploy(template: ObjectNode, pointer: string, depth: number): void {
    const options = { parameters: this.#parameters };
    const { resources, unknowns } = evaluateTemplate(
      template,
      { pointer },
      this.#findings,
      options,
    );
    this.unknowns.push(...unknowns);
    for (const { type, node: written, apiVersion, isDeployed } of resources) {
      const node = withoutEmptyDefaults(written, this.unknowns);
      const at = node.pointer ?? pointer;
      // What a deployment inside deploys is here as well.
      if (type.toLowerCase() === DEPLOYMENT_TYPE.toLowerCase()) continue;
      if (type.toLowerCase() === RULE_TYPE.toLowerCase()) this.#add(node, apiVersion, isDeployed);
      else this.#lookIntoObject(typed(node, type), at, depth + 1);
    }
  }

  /** Template specs and packages of solutions hold templates of their own. */
  #lookIntoResource(node: ObjectNode, pointer: string, depth: number): void {
    checkResourceType(node, pointer, this.#findings);
    const properties = memberOf(node, 'properties');
    if (properties?.type !== 'object') return;
    const inside = properties.pointer ?? pointerTo(pointer, 'properties');
    for (const name of ['mainTemplate', 'template']) {
      const template = findMember(properties, name);
      if (template?.value.type !== 'object') continue;
      this.look(template.value, placeOfMember(template, inside).pointer, depth + 1);
    }
  }

  /** The body of the request, and those of the answers. */
  #lookIntoExample(node: ObjectNode, pointer: string, depth: number): void {
    const parameters = memberOf(node, 'parameters');
    const version =
      parameters?.type === 'object' ? textOf(memberOf(parameters, 'api-version')) : undefined;
    const before = this.candidates.length;
    this.#lookIntoMembers(node, pointer, depth);
    const found = this.candidates.splice(before);
    for (const { node: rule, apiVersion } of found) this.#add(rule, apiVersion ?? version);
  }

  #lookIntoMembers(node: ObjectNode, pointer: string, depth: number): void {
    for (const { key, written, value } of node.members) {
      this.look(value, pointerTo(pointer, written ?? key), depth + 1);
    }
  }
}

/** A rule whose type is misspelled would be passed over, here and by whoever reads the file. */
function checkResourceType(node: ObjectNode, pointer: string, findings: Findings): void {
  const member = findMember(node, 'type');
  const type = textOf(member?.value);
  if (member === undefined || type === undefined || nearest(type, [RULE_TYPE]) === undefined)
    return;
  const message = `${nameOf(type)} is nearly the type of rules`;
  const hint = `did you mean '${RULE_TYPE}'?`;
  findings.add('DCR_TYPE_MISSPELLED', placeOfMember(member, pointer), message, hint);
}

/** A resource inside another one has the rest of its type there. */
function typed(node: ObjectNode, type: string): ObjectNode {
  const members = node.members.map((member): Member => {
    if (member.key.toLowerCase() !== 'type') return member;
    const { offset, pointer } = member.value;
    const place = { offset, ...(pointer !== undefined && { pointer }) };
    return { ...member, value: { type: 'scalar', ...place, value: type } };
  });
  return { ...node, members };
}
