/** Tables of a workspace: their columns and the types of these. */
import type { ColumnType } from '../rule/rule.ts';

export interface TableSchema {
  readonly name: string;
  /** Column types by exact name, `TimeGenerated` first. */
  readonly columns: ReadonlyMap<string, ColumnType>;
}

type ColumnsByType = Readonly<Partial<Record<ColumnType, string>>>;

/** Builds a schema from blank-separated column names per type. */
export function tableSchema(name: string, columns: ColumnsByType): TableSchema {
  const byName = new Map<string, ColumnType>([['TimeGenerated', 'datetime']]);
  for (const [type, names] of Object.entries(columns)) {
    for (const column of names.trim().split(/\s+/)) byName.set(column, type as ColumnType);
  }
  return { name, columns: byName };
}
