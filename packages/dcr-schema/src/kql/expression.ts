/** What reading an expression gives. */
import type { TransformFinding, ValueType } from './transform-report.ts';

/** A word of the text and where it stands. */
export interface Mention {
  readonly name: string;
  readonly unit: number;
}

/** One expression, as far as its tokens tell. */
export interface Expression {
  readonly type: ValueType | undefined;
  /** The name Kusto gives the value when the author gives none, where it is certain. */
  readonly label: string | undefined;
  /** Names that stand for columns, `let` values or parameters. */
  readonly names: readonly Mention[];
  readonly calls: readonly Mention[];
  /** Comparisons that are not documented for transformations. */
  readonly unlisted: readonly Mention[];
  /** Where `dynamic(…)` stands. */
  readonly dynamicUnits: readonly number[];
  /** Where and why it cannot be read on; all the rest is then what was read before. */
  readonly mistake: TransformFinding | undefined;
}

/** The type a name stands for, if it is known. */
export type TypeOf = (name: string) => ValueType | undefined;
