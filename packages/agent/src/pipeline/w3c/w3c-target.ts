/** What a field of a log in W3C format becomes; each kind of log has its own list. */

/** A field's column. */
export interface FieldTarget {
  readonly column: string;
  readonly type: 'string' | 'int' | 'long';
  /** What stands in the column for some of the field's values, these in lower case. */
  readonly values?: Readonly<Record<string, string>>;
}

export interface W3cShape {
  /** `undefined`: the field has no column. Names of fields are compared ignoring case. */
  targetOf(field: string): FieldTarget | undefined;
  /** Columns that follow from others, for rows that hold these. */
  readonly derived?: readonly {
    readonly from: string;
    readonly to: string;
    of(value: string): string;
  }[];
  /** Columns that are the same in every row. */
  readonly fixed: Readonly<Record<string, string | number>>;
  /** Columns that hold the time too, beside `TimeGenerated`. */
  readonly times: readonly string[];
  /** The column, an object, of fields that have none; absent: they are left out. */
  readonly others?: string;
}
