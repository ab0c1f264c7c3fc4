/**
 * Columns that every table may have and that lists of columns leave out. Source: "Standard columns
 * in Azure Monitor Logs", read 2026-11.
 */
import { SERVICE_COLUMNS } from '../stream/tables.ts';

const NAMES: ReadonlySet<string> = new Set([
  ...SERVICE_COLUMNS,
  'SourceSystem',
  'MG',
  'ManagementGroupName',
]);

/** Whether the name may be that of such a column. */
export function isSystemColumn(name: string): boolean {
  return name.startsWith('_') || NAMES.has(name);
}
