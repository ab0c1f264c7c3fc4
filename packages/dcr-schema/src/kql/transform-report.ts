/** What a transformation is checked against, and what is said about it. */
import type { Column, ColumnType } from '../rule/rule.ts';
import type { TransformCode } from './codes.ts';

/** Types of values: those of columns, and two that a stream cannot declare. */
export type ValueType = ColumnType | 'guid' | 'timespan';

/** What is known about the flow the transformation is part of. */
export interface TransformInput {
  /** All columns of the incoming stream; absent when some may not be known. */
  readonly columns?: readonly Column[];
  /** The table the output goes to, as far as it is known. */
  readonly table?: TransformTable;
}

/** The table of the output stream. */
export interface TransformTable {
  readonly name: string;
  /**
   * All of them; absent when some may not be known. Types as Kusto or a table's definition names
   * them (`bool`, `real`, `guid`, …).
   */
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  /** A table of Azure, which takes no new columns except those that end in `_CF`. */
  readonly isBuiltIn: boolean;
}

/** One mistake, or one thing to be careful with. */
export interface TransformFinding {
  /** Stable code of the catalogue (`codes.ts`). */
  readonly code: TransformCode;
  /** Where in the text, in UTF-16 units from 0. */
  readonly unit: number;
  /** One plain sentence: what is wrong, with the offending value. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** A column of the output; the type is absent where the text alone does not tell it. */
export interface OutputColumn {
  readonly name: string;
  readonly type: ValueType | undefined;
}

/** What `checkTransform` answers. */
export interface TransformReport {
  /** In the order of the text; at most 100. */
  readonly findings: readonly TransformFinding[];
  /** Absent when the columns cannot be told. */
  readonly output: readonly OutputColumn[] | undefined;
}

/** A finding about the syntax. */
export function syntaxMistake(unit: number, message: string, hint?: string): TransformFinding {
  return { code: 'TRANSFORM_SYNTAX', unit, message, ...(hint === undefined ? {} : { hint }) };
}
