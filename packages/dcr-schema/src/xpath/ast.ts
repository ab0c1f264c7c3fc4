/**
 * An event query as a tree: plain data, holding constants as they were written. What a constant
 * means (number, time, mask) is decided by `value/`, so that every back end decides alike.
 *
 * Grammar: README.md. Offsets are UTF-16 units into the query text.
 */

/** What may stand in a predicate. The parser keeps no parentheses: nesting expresses them. */
export type Expression = Junction | Condition;

/** Two or more operands joined by one operator. */
export type Junction = Disjunction | Conjunction;

interface Disjunction {
  readonly kind: 'or';
  readonly operands: readonly Expression[];
}

interface Conjunction {
  readonly kind: 'and';
  readonly operands: readonly Expression[];
}

/** What is true or false by itself. */
export type Condition = Comparison | Path | FunctionCall;

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export interface Comparison {
  readonly kind: 'comparison';
  readonly operator: ComparisonOperator;
  readonly left: Path | FunctionCall;
  readonly right: Constant;
}

export interface Constant {
  /** `literal`: stood in quotes; `number`: decimal digits without quotes. */
  readonly kind: 'literal' | 'number';
  /** Without the quotes. */
  readonly text: string;
  readonly offset: number;
}

/** Alone, a path is an existence test. */
export interface Path {
  readonly kind: 'path';
  /** At least one; a step to an attribute or text is the last. */
  readonly steps: readonly Step[];
  readonly offset: number;
}

export interface Step {
  readonly to: 'element' | 'attribute' | 'text';
  /** `null` is `*`, and always so for text. */
  readonly name: string | null;
  readonly predicates: readonly Predicate[];
  readonly offset: number;
}

export type Predicate = Expression | Ordinal;

/** `[n]`, short for `[position()=n]`. */
export interface Ordinal {
  readonly kind: 'ordinal';
  readonly position: number;
  readonly offset: number;
}

export type FunctionCall = PositionCall | BandCall | TimeDifferenceCall;

interface PositionCall {
  readonly kind: 'position';
  readonly offset: number;
  /** As written: case is free here, but not known to be on Windows. */
  readonly name: string;
}

export interface BandCall {
  readonly kind: 'band';
  readonly path: Path;
  readonly mask: Constant;
  readonly offset: number;
  readonly name: string;
}

export interface TimeDifferenceCall {
  readonly kind: 'timediff';
  readonly path: Path;
  /** The time to measure to; `null` is now. */
  readonly until: Constant | null;
  readonly offset: number;
  readonly name: string;
}
