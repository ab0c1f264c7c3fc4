/** Rows as an aligned table of text. */

const GAP = '  ';
const CELL_WIDTH_MAX = 60;

export interface TableLayout {
  /** Width of the terminal; absent: nothing is cut off. */
  readonly width?: number;
}

/** Values as they print: text without controls, everything else as JSON, null as nothing. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return stripControls(typeof value === 'string' ? value : JSON.stringify(value));
}

/** What was logged by a stranger must not reach a terminal as an escape sequence. */
export function stripControls(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

export function textTable(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  layout: TableLayout = {},
): string {
  const isCut = layout.width !== undefined;
  const cells = [columns, ...rows].map((row) =>
    row.map((value) => (isCut ? cut(cellText(value), CELL_WIDTH_MAX) : cellText(value))),
  );
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => widthOf(row[i] ?? ''))));
  return cells
    .map((row) =>
      row
        .map((cell, i) => pad(cell, widths[i] ?? 0))
        .join(GAP)
        .trimEnd(),
    )
    .map((line) => (layout.width === undefined ? line : cut(line, layout.width)))
    .join('\n');
}

function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(width - widthOf(text));
}

function widthOf(text: string): number {
  return [...text].length;
}
