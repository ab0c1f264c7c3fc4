/** What a value of `EventData` is called, by the name or number its query gives it. */

import { listed } from '../../rule/text/show.ts';
import type { Predicate, Step } from '../../xpath/ast.ts';
import { SYSTEM_ELEMENTS } from '../../xpath/check/event-schema.ts';
import { conditionsOf } from '../../xpath/check/walk.ts';
import { named, ordinal } from '../listed.ts';

export interface DataName {
  /** `LogonType`, `LogonType or Status`, `3rd Data value`. */
  readonly label: string;
  /** No single one is meant. */
  readonly isAny: boolean;
  readonly isNumbered: boolean;
}

/** `null`: the steps do not lead to `EventData/Data`, or ask for it in another way. */
export function dataName(steps: readonly Step[]): DataName | null {
  const [, holder, data, ...more] = steps;
  const isData =
    holder?.name === 'EventData' &&
    holder.predicates.length === 0 &&
    data?.to === 'element' &&
    data.name === 'Data' &&
    more.length === 0;
  if (!isData) return null;
  const [asked, ...others] = data.predicates;
  if (asked === undefined) return { label: 'Data value', isAny: true, isNumbered: false };
  if (others.length > 0) return null;
  const position = positionOf(asked);
  if (position !== null) {
    return { label: `${ordinal(position)} Data value`, isAny: false, isNumbered: true };
  }
  const names = namesOf(asked);
  if (names === null) return null;
  return { label: listed(names.map(labelOf), 'or'), isAny: false, isNumbered: false };
}

/** A name that is also one of `System` says where it stands. */
function labelOf(name: string): string {
  return Object.hasOwn(SYSTEM_ELEMENTS, name) ? `EventData ${name}` : named(name);
}

function positionOf(predicate: Predicate): number | null {
  if (predicate.kind === 'ordinal') return predicate.position;
  const isPosition =
    predicate.kind === 'comparison' &&
    predicate.left.kind === 'position' &&
    predicate.operator === '=' &&
    /^\d{1,9}$/.test(predicate.right.text);
  return isPosition ? Number(predicate.right.text) : null;
}

/** Of `@Name='a' or @Name='b'`. */
function namesOf(predicate: Predicate): readonly string[] | null {
  if (predicate.kind === 'ordinal' || predicate.kind === 'and') return null;
  const conditions = conditionsOf(predicate);
  const isOr = predicate.kind !== 'or' || predicate.operands.every(({ kind }) => kind !== 'and');
  const names = conditions.flatMap((condition) => {
    if (condition.kind !== 'comparison' || condition.operator !== '=') return [];
    const { left, right } = condition;
    const [step, ...more] = left.kind === 'path' ? left.steps : [];
    const isName = step?.to === 'attribute' && step.name === 'Name' && more.length === 0;
    return isName && step.predicates.length === 0 ? [right.text] : [];
  });
  return isOr && names.length === conditions.length ? names : null;
}
