/** When two values are equal, as far as it is known. */
import type { ListNode, ObjectNode } from '../../rule/text/json-tree.ts';
import { measure, memberOf, type Value } from './value.ts';

/** `undefined`: it depends on something that is not known. Objects compare in any order. */
export function areEqual(a: Value, b: Value): boolean | undefined {
  if (a.type === 'unknown' || b.type === 'unknown') return undefined;
  if (a === b) return measure(a).unknown === undefined ? true : undefined;
  if (a.type === 'scalar') return b.type === 'scalar' && a.value === b.value;
  if (a.type === 'list') return b.type === 'list' && areListsEqual(a, b);
  return b.type === 'object' && areObjectsEqual(a, b);
}

function areListsEqual(a: ListNode, b: ListNode): boolean | undefined {
  if (a.items.length !== b.items.length) return false;
  return all(a.items, (item, index) => {
    const other = b.items[index];
    return other !== undefined && areEqual(item, other);
  });
}

function areObjectsEqual(a: ObjectNode, b: ObjectNode): boolean | undefined {
  if (a.members.length !== b.members.length) return false;
  return all(a.members, (member) => {
    const other = memberOf(b, member.key);
    return other !== undefined && areEqual(member.value, other.value);
  });
}

/** One `false` decides, whatever else is not known. */
function all<Part>(
  parts: readonly Part[],
  test: (part: Part, index: number) => boolean | undefined,
): boolean | undefined {
  let result: boolean | undefined = true;
  for (const [index, part] of parts.entries()) {
    const outcome = test(part, index);
    if (outcome === false) return false;
    if (outcome === undefined) result = undefined;
  }
  return result;
}
