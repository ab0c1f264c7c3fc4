/** Text in columns, for people. */
import { printable } from '../host/printable.ts';

/**
 * One line per row, two blanks between the columns: as wide as the widest cell, numbers to the
 * right, everything else to the left. The first row gives the number of columns.
 */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(printable));
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => width(row[i]))));
  return cells.map((row) =>
    row
      .map((cell, i) => (/^\d+$/.test(cell) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
}

function width(cell: string | undefined): number {
  return cell?.length ?? 0;
}
