/**
 * A document in the one form everything after it reads: known members under their published
 * names, the members of the rule under `properties`. Places are told as the author wrote them.
 */

import type { FindingCode } from '../finding-codes.ts';
import { isWrapped } from './document-form.ts';
import type { Findings, Place } from './findings.ts';
import { nameMembers } from './name-members.ts';
import { FLAT_DOCUMENT, isEnvelopeMember, RULE_DOCUMENT } from './schema/rule-document.ts';
import type { JsonNode, JsonObject, Member, ObjectNode } from './text/json-tree.ts';
import { pointerSteps, pointerTo, toJsonObject } from './text/json-tree.ts';

interface Found {
  readonly place: Place;
  readonly member: Member | undefined;
  /** Pointer of the member itself, where it is one. */
  readonly namedAt: string;
  readonly isUnknown: boolean;
  readonly isComputed: boolean;
}

export class RuleDocument {
  readonly value: JsonObject;
  readonly #root: ObjectNode;
  readonly #findings: Findings;
  /** Members by key of the objects that were looked into. */
  readonly #members = new Map<ObjectNode, ReadonlyMap<string, Member>>();

  constructor(written: ObjectNode, findings: Findings) {
    this.#root = isWrapped(written)
      ? nameMembers(written, RULE_DOCUMENT, findings)
      : wrap(nameMembers(written, FLAT_DOCUMENT, findings));
    this.value = toJsonObject(this.#root);
    this.#findings = findings;
  }

  /** Reports about a value of `value`, by its pointer there. */
  report(code: FindingCode, pointer: string, message: string, hint?: string): void {
    this.#findings.add(code, this.place(pointer), message, hint);
  }

  /** The same, at a character of a text, counted in UTF-16 units of its value. */
  reportInside(
    code: FindingCode,
    pointer: string,
    unit: number,
    message: string,
    hint?: string,
  ): void {
    const { place, isComputed } = this.#find(pointer);
    if (isComputed) this.#findings.add(code, place, message, hint);
    else this.#findings.addInside(code, place, unit, message, hint);
  }

  /** The same, at the name of the member, which may stand elsewhere than its value. */
  reportName(code: FindingCode, pointer: string, message: string, hint?: string): void {
    const { place, member, namedAt } = this.#find(pointer);
    const offset = member?.offset ?? place.offset;
    this.#findings.add(code, { ...place, pointer: namedAt, offset }, message, hint);
  }

  /** Has something been said about exactly this value? */
  isReported(pointer: string): boolean {
    return this.#findings.hasAt(this.place(pointer).pointer);
  }

  /** Is it a value that only a deployment knows? */
  isUnknown(pointer: string): boolean {
    return this.#find(pointer).isUnknown;
  }

  /** Where a value of `value` was written. */
  place(pointer: string): Place {
    return this.#find(pointer).place;
  }

  /** Was the member written as `null`, which counts as absent? */
  isWrittenNull(pointer: string): boolean {
    return this.#find(pointer).member?.isAbsent === true;
  }

  #find(pointer: string): Found {
    let node: JsonNode = this.#root;
    let member: Member | undefined;
    let written = node.pointer ?? '';
    let namedAt = written;
    for (const step of pointerSteps(pointer)) {
      if (node.type === 'scalar' || node.type === 'unknown') break;
      if (node.type === 'list') {
        const item: JsonNode | undefined = node.items[Number(step)];
        if (item === undefined) break;
        written = item.pointer ?? pointerTo(written, step);
        namedAt = written;
        node = item;
        member = undefined;
        continue;
      }
      const found: Member | undefined = this.#membersOf(node).get(step);
      if (found === undefined) break;
      if (found.written !== undefined) written = pointerTo(written, found.written);
      namedAt = written;
      written = found.value.pointer ?? written;
      node = found.value;
      member = found;
    }
    return {
      place: { pointer: written, offset: node.offset, canonical: pointer },
      member,
      namedAt,
      isUnknown: node.type === 'unknown',
      isComputed: node.type === 'scalar' && node.isComputed === true,
    };
  }

  #membersOf(node: ObjectNode): ReadonlyMap<string, Member> {
    const known = this.#members.get(node);
    if (known !== undefined) return known;
    const made = new Map(node.members.map((m) => [m.key, m]));
    this.#members.set(node, made);
    return made;
  }
}

function wrap(flat: ObjectNode): ObjectNode {
  const { offset } = flat;
  const outside = flat.members.filter((m) => isEnvelopeMember(m.key));
  const inside = flat.members.filter((m) => !isEnvelopeMember(m.key));
  const properties: ObjectNode = { type: 'object', offset, members: inside };
  return {
    ...flat,
    members: [...outside, { key: 'properties', offset, value: properties }],
  };
}
