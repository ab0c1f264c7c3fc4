/** Names and types of resources inside resources, told in full. Source: "Child resources". */
import type { ObjectNode } from '../../rule/text/json-tree.ts';
import { unknownLike } from './context.ts';
import { siteOf } from './evaluate-node.ts';
import { isText, type Value } from './value.ts';

/** What a child has before its own type and name. */
export interface Parent {
  readonly type: Value;
  readonly name: Value | undefined;
}

/** `undefined` where one of the two has no name. */
export function joinedName(parent: Parent | undefined, name: Value | undefined): Value | undefined {
  if (parent === undefined || name === undefined) return name;
  return parent.name === undefined ? undefined : joined(parent.name, name);
}

/** With a slash between them, at the place of the second. */
export function joined(first: Value | undefined, second: Value): Value {
  if (first === undefined || second.type === 'unknown') return second;
  if (isText(first) && isText(second)) {
    return { ...second, value: `${first.value}/${second.value}`, isComputed: true };
  }
  const unknown = unknownLike(first, siteOf(second, second.pointer ?? ''));
  return first.type === 'unknown' ? { ...unknown, expression: first.expression } : unknown;
}

/** The resource with its type and name in full. */
export function withNames(node: ObjectNode, type: Value, name: Value | undefined): ObjectNode {
  const members = node.members.map((member) => {
    const key = member.key.toLowerCase();
    const value = key === 'type' ? type : key === 'name' ? name : undefined;
    return value === undefined ? member : { ...member, value };
  });
  return { ...node, members };
}
