/** Columns by name; `null` where the message has a value that the column cannot hold. */
export type SecurityLogColumns = Readonly<Record<string, string | number | null>>;
