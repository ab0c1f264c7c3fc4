/** Text of events and queries, as far as a line of a report can hold it. */
import { printable } from '../host/printable.ts';

const VALUE_CHARACTERS_MAX = 80;

export function clipped(text: string, charactersMax: number = VALUE_CHARACTERS_MAX): string {
  // Cut first, as a value may be large; between the halves of a pair it is cut one earlier.
  const isLong = text.length > charactersMax;
  const head = text.slice(0, charactersMax).replace(/[\ud800-\udbff]$/, '');
  return isLong ? `${printable(head)}…` : printable(text);
}
