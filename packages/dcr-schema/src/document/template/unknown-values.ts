/** What is not known of the resources of a template, with the places and the reasons. */
import { pointerTo } from '../../rule/text/json-tree.ts';
import type { Harvest } from './resources.ts';
import type { Unknown, Value } from './value.ts';

/** A value that is not known before the deployment. */
export interface UnknownValue {
  /** Where the expression is written. */
  readonly pointer: string;
  readonly offset: number;
  /** As written. */
  readonly expression: string;
  /** As the end of a sentence: `the parameter 'x' has no default value`. */
  readonly reason: string;
}

/** Each place once, in the order of the resources. What is a mistake is not among them. */
export function collectUnknowns(harvest: Harvest): readonly UnknownValue[] {
  const found = new Map<string, UnknownValue>();
  const take = (unknown: Partial<Unknown> & Pick<Unknown, 'expression' | 'offset'>, at: string) => {
    const { expression, offset, pointer = at, reason = 'it is known when deployed' } = unknown;
    if (unknown.isMistake === true || found.has(`${offset} ${pointer}`)) return;
    found.set(`${offset} ${pointer}`, { pointer, offset, expression, reason });
  };
  for (const unknown of harvest.deciding) take(unknown, '');
  for (const { node } of harvest.resources) {
    const waiting: { value: Value; at: string }[] = [{ value: node, at: '' }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { value } = next;
      const at = value.pointer ?? next.at;
      if (value.type === 'unknown') take(value, at);
      waiting.push(...partsOf(value, at).reverse());
    }
  }
  return [...found.values()];
}

function partsOf(value: Value, at: string): { value: Value; at: string }[] {
  if (value.type === 'list') {
    return value.items.map((item, index) => ({ value: item, at: pointerTo(at, index) }));
  }
  if (value.type !== 'object') return [];
  return value.members.map(({ key, written, value: part }) => {
    return { value: part, at: written === undefined ? at : pointerTo(at, written ?? key) };
  });
}
