/** Bytes of a file into its lines. */

export interface Lines {
  readonly bytes: Buffer;
  /** Where each line begins and ends in `bytes`, in turn. */
  readonly places: readonly number[];
  /** For each line, the offset in the file just after it. */
  readonly ends: readonly number[];
}

export const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NUL = 0x00;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * The complete lines among `bytes`, which begin with a line, at `offset` of the file. Not part of
 * a line: its line feed, a carriage return in front of that, a byte order mark at the beginning
 * of the file, and NULs in front of the line, which are the hole left when a file is truncated
 * under a writer that does not append.
 */
export function splitLines(bytes: Buffer, offset: number): Lines {
  const places: number[] = [];
  const ends: number[] = [];
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(LINE_FEED, start);
    if (end < 0) return { bytes, places, ends };
    addLine(places, bytes, start, end, offset + start === 0);
    start = end + 1;
    ends.push(offset + start);
  }
}

/** Notes the place of one line, `bytes[start..end)` being all of it but its line feed. */
export function addLine(
  places: number[],
  bytes: Buffer,
  start: number,
  end: number,
  isFirst: boolean,
): void {
  let from = start;
  while (from < end && bytes[from] === NUL) from += 1;
  if (isFirst && BYTE_ORDER_MARK.every((byte, i) => bytes[start + i] === byte)) from += 3;
  const to = end > from && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
  places.push(from, to);
}
