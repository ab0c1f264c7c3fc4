/**
 * A query as its meaning: what every back end shares. Constants are read, comparisons are tests of
 * a value, functions are gone; what is left for a back end is to walk its form of an event.
 */
import type { ComparisonOperator, Step } from '../ast.ts';
import type { EventValue } from '../event.ts';
import type { BitMask } from '../value/bit-mask.ts';
import type { StringCase } from '../value/comparison.ts';
import type { TypedLiteral } from '../value/literal.ts';

export type QueryCondition =
  | Constant
  | ConditionGroup
  | Negation
  | PathCondition
  | PositionCondition;

export interface Constant {
  readonly kind: 'constant';
  readonly holds: boolean;
}

/** `all` holds when every member does, `any` when one does; there are at least two. */
export interface ConditionGroup {
  readonly kind: 'all' | 'any';
  readonly of: readonly QueryCondition[];
}

export interface Negation {
  readonly kind: 'not';
  readonly of: QueryCondition;
}

/** Holds when the path reaches a node, and one whose value the test accepts if there is a test. */
export interface PathCondition {
  readonly kind: 'path';
  readonly steps: readonly QueryStep[];
  readonly value: ValueCondition | null;
}

/** About the position of the node among those its step selects. */
export interface PositionCondition {
  readonly kind: 'position';
  test(position: number): boolean;
}

export interface QueryStep {
  readonly to: Step['to'];
  readonly name: string | null;
  /** Applied one after the other, each to the nodes that those before it let through. */
  readonly predicates: readonly QueryCondition[];
  /** A predicate asks for the position, so nodes have to be counted. */
  readonly isPositional: boolean;
}

export interface ValueCondition {
  /** Total. `nowMs`, epoch milliseconds, is what `timediff` measures to. */
  test(value: EventValue, nowMs: number): boolean;
  /** What the test does, for back ends that look at stored bytes; `null`: only the test knows. */
  readonly meaning: ValueMeaning | null;
}

export type ValueMeaning =
  | { readonly kind: 'any comparison'; readonly of: readonly ValueComparison[] }
  | { readonly kind: 'shares a bit'; readonly mask: BitMask };

export interface ValueComparison {
  readonly operator: ComparisonOperator;
  readonly literal: TypedLiteral;
  readonly stringCase: StringCase;
}
