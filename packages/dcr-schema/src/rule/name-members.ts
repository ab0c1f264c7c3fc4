/**
 * Gives members their published names. The service compares names ignoring letter case, and
 * authors write `datasources` and `DataFlows`; a member that is `null` counts as absent, as in
 * what the command-line tools print.
 */
import type { Findings } from './findings.ts';
import { ANY, type Schema } from './schema/schema.ts';
import type { JsonNode, Member, ObjectNode } from './text/json-tree.ts';
import { pointerTo } from './text/json-tree.ts';
import { nameOf } from './text/show.ts';

export function nameMembers(
  node: ObjectNode,
  schema: Schema,
  findings: Findings,
  at = '',
): ObjectNode {
  const pointer = node.pointer ?? at;
  const published = schema.properties;
  const map = schema.additionalProperties;
  if (published === undefined) {
    if (map === undefined || map === false) return node;
    return { ...node, members: node.members.map((m) => descend(m, map, findings, pointer)) };
  }
  const byLowerCase = new Map(Object.keys(published).map((name) => [name.toLowerCase(), name]));
  const taken = new Set(node.members.map((m) => m.key));
  const members: Member[] = [];
  for (const member of node.members) {
    const key = byLowerCase.get(member.key.toLowerCase()) ?? member.key;
    if (key !== member.key) {
      const isTwice = taken.has(key);
      reportCase(member, key, isTwice, findings, pointer);
      if (isTwice) continue;
      taken.add(key);
    }
    const known = Object.hasOwn(published, key) ? published[key] : undefined;
    const named = { ...member, key, isAbsent: known !== undefined && isNull(member.value) };
    members.push(descend(named, known ?? ANY, findings, pointer));
  }
  return { ...node, members };
}

function descend(member: Member, schema: Schema, findings: Findings, pointer: string): Member {
  const below = pointerTo(pointer, member.written ?? member.key);
  return { ...member, value: nameBelow(member.value, schema, findings, below) };
}

function nameBelow(node: JsonNode, schema: Schema, findings: Findings, pointer: string): JsonNode {
  if (node.type === 'object') return nameMembers(node, schema, findings, pointer);
  const { items } = schema;
  if (node.type !== 'list' || items === undefined) return node;
  const at = node.pointer ?? pointer;
  return {
    ...node,
    items: node.items.map((item, i) => nameBelow(item, items, findings, pointerTo(at, i))),
  };
}

function reportCase(
  member: Member,
  key: string,
  isTwice: boolean,
  findings: Findings,
  pointer: string,
): void {
  const place = { pointer: pointerTo(pointer, member.key), offset: member.offset };
  const written = nameOf(member.key);
  if (isTwice) {
    const message = `the member ${written} stands beside '${key}', which is the same`;
    findings.add('JSON_DUPLICATE_MEMBER', place, message, 'keep one of them');
  } else {
    findings.add('DCR_MEMBER_CASE', place, `the member ${written} is read as '${key}'`);
  }
}

function isNull(node: JsonNode): boolean {
  return node.type === 'scalar' && node.value === null;
}
