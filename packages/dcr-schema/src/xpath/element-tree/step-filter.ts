/** The predicates of one step, applied to the nodes its name selects, in document order. */
import type { EventElement } from '../event.ts';

/** A condition on a node, which is the `position`-th of those it is asked for; `nowMs`: epoch. */
export type NodeCondition = (node: EventElement, position: number, nowMs: number) => boolean;

/** Whether a node is kept; to be asked for each node once, in order. */
type NodeFilter = (node: EventElement, nowMs: number) => boolean;

/** Begins a new pass over the nodes of a step: positions count from 1 again. */
export type StepFilter = () => NodeFilter;

/**
 * Predicates apply one after the other, each counting the nodes that those before it let through:
 * `Data[@Name='X'][2]` is the second X, `Data[2][@Name='X']` the second Data if it is X.
 */
export function createStepFilter(
  predicates: readonly NodeCondition[],
  isPositional: boolean,
): StepFilter | null {
  const [first] = predicates;
  if (first === undefined) return null;
  if (isPositional) return () => countingFilter(predicates);
  const filter: NodeFilter =
    predicates.length === 1
      ? (node, nowMs) => first(node, 0, nowMs)
      : (node, nowMs) => predicates.every((predicate) => predicate(node, 0, nowMs));
  return () => filter;
}

function countingFilter(predicates: readonly NodeCondition[]): NodeFilter {
  const counts = predicates.map(() => 0);
  return (node, nowMs) =>
    predicates.every((predicate, index) => {
      const position = (counts[index] ?? 0) + 1;
      counts[index] = position;
      return predicate(node, position, nowMs);
    });
}
