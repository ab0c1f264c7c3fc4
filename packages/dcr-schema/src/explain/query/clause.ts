/**
 * A query as the clauses of a sentence: what is asked of an event, joined by `all` and `any` only.
 * Brackets are gone, and what is asked of one value stands together.
 */
import type { ComparisonOperator, Constant, Expression, Step } from '../../xpath/ast.ts';

export type Clause = Everything | JoinedClauses | LeafClause;

/** Every event. */
export interface Everything {
  readonly kind: 'everything';
}

/** At least two, none of them joined in the same way, and none of them `everything`. */
export interface JoinedClauses {
  readonly kind: 'all' | 'any';
  readonly of: readonly Clause[];
}

export interface LeafClause {
  readonly kind: 'leaf';
  /** To the nodes it looks at; the first step is the event. */
  readonly steps: readonly Step[];
  /** No event has two such nodes. */
  readonly isSingle: boolean;
  readonly test: LeafTest;
  /** The same as a query of its own. */
  readonly asked: Expression;
}

export type LeafTest =
  | { readonly kind: 'exists' }
  /** One of the values is in one of the sets. */
  | { readonly kind: 'is'; readonly of: readonly ValueSet[] }
  /** One of the values is none of these. */
  | { readonly kind: 'is none'; readonly of: readonly Constant[] }
  | { readonly kind: 'bits'; readonly mask: Constant; readonly isShared: boolean }
  | AgeTest
  /** Said by its text, as no words are known for it. */
  | { readonly kind: 'text' };

/** What `timediff` is compared with. */
export interface AgeTest {
  readonly kind: 'age';
  readonly operator: ComparisonOperator;
  /** Milliseconds. */
  readonly than: Constant;
  /** `null`: now. */
  readonly until: Constant | null;
}

export type ValueSet = Bound | ValueRange;

/** The values that compare so with a constant. */
export interface Bound {
  readonly kind: 'bound';
  readonly operator: Exclude<ComparisonOperator, '!='>;
  readonly constant: Constant;
}

export interface ValueRange {
  readonly kind: 'range';
  /** `>` or `>=`. */
  readonly lower: Bound;
  /** `<` or `<=`. */
  readonly upper: Bound;
}

/** Joins clauses, taking in those that are joined in the same way. */
export function joinClauses(kind: 'all' | 'any', clauses: readonly Clause[]): Clause {
  const of = clauses.flatMap((clause) => (clause.kind === kind ? clause.of : [clause]));
  const asking = of.filter((clause) => clause.kind !== 'everything');
  const [first] = asking;
  if (first === undefined) return { kind: 'everything' };
  if (kind === 'any' && asking.length < of.length) return { kind: 'everything' };
  return asking.length === 1 ? first : { kind, of: asking };
}
