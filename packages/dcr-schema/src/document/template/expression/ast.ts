/** The syntax tree of an expression. `unit` is the place in the text of the string, from 0. */
export type Expression = Literal | Call | Access;

/** A text or a whole number. */
export interface Literal {
  readonly kind: 'literal';
  readonly unit: number;
  readonly value: string | number;
}

/** `name(args)` */
export interface Call {
  readonly kind: 'call';
  readonly unit: number;
  /** Of a function of the author's own. */
  readonly namespace?: string;
  readonly name: string;
  readonly args: readonly Expression[];
}

/** `of.name[0].name`: one node for all steps, so that a long chain is not deep. */
export interface Access {
  readonly kind: 'access';
  readonly unit: number;
  readonly of: Expression;
  readonly steps: readonly Step[];
}

/** One step into a value. */
export interface Step {
  readonly unit: number;
  readonly key: Expression;
  /** `.?name` and `[?key]`: null where it is missing. */
  readonly isOptional: boolean;
}

/** Why a text cannot be read, at the character where the reading ends. */
export interface SyntaxProblem {
  readonly kind: 'problem';
  readonly unit: number;
  readonly message: string;
  readonly hint?: string;
  /** Nested too deeply, rather than badly written. */
  readonly isTooDeep?: true;
}
