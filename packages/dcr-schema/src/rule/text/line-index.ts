import type { Position } from '../../diagnostic.ts';
import { offsetInString } from './string-place.ts';

/** Offsets of a text as lines and columns. Lines end at LF, CR LF or CR. */
export class LineIndex {
  readonly #text: string;
  /** Offset of the first character of each line; made when first asked for. */
  #starts: number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The offset of a character inside the JSON string that begins at `opening`. */
  offsetInString(opening: number, unit: number): number {
    return offsetInString(this.#text, opening, unit);
  }

  position(offset: number): Position {
    this.#starts ??= lineStarts(this.#text);
    const line = lastAtOrBefore(this.#starts, offset);
    const start = this.#starts[line] ?? 0;
    return { offset, line: line + 1, column: Math.max(0, offset - start) + 1 };
  }
}

function lineStarts(text: string): number[] {
  // A byte order mark takes no column: editors do not show it.
  const starts = [text.startsWith('\uFEFF') ? 1 : 0];
  for (const end of text.matchAll(/\r\n|\n|\r/g)) starts.push(end.index + end[0].length);
  return starts;
}

function lastAtOrBefore(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
