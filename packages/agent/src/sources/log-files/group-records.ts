/** Lines into records that begin with a time and go on over the lines that do not. */
import type { RecordStart } from './record-start.ts';
import type { Lines } from './split-lines.ts';

export interface GroupedLines extends Lines {
  /** The time each record carries, epoch milliseconds; `NaN` for a line outside of any. */
  readonly times: readonly number[];
  /** Whether a record began that may go on behind the lines; it is not among the records. */
  readonly isOpen: boolean;
}

const LINE_FEED = 0x0a;

/**
 * A line before the first time is a record by itself. Lines of one record are joined by line
 * feeds, in their own bytes. `isFinal`: nothing more will come, so the last record is complete.
 */
export function groupRecords(
  lines: Lines,
  begins: RecordStart,
  nowMs: number,
  isFinal: boolean,
): GroupedLines {
  const { bytes } = lines;
  const places: number[] = [];
  const ends: number[] = [];
  const times: number[] = [];
  let isOpen = false;
  for (let i = 0; i < lines.ends.length; i++) {
    const [start, end] = [lines.places[2 * i]!, lines.places[2 * i + 1]!];
    const time = begins(bytes, start, end, nowMs);
    if (time === null && isOpen) {
      places[places.length - 1] = join(bytes, places.at(-1)!, start, end);
      ends[ends.length - 1] = lines.ends[i]!;
      continue;
    }
    places.push(start, end);
    ends.push(lines.ends[i]!);
    times.push(time ?? Number.NaN);
    isOpen = time !== null;
  }
  isOpen &&= !isFinal;
  if (isOpen) {
    places.length -= 2;
    ends.length -= 1;
    times.length -= 1;
  }
  return { ...lines, places, ends, times, isOpen };
}

/** Where the record ends once the line is behind it. */
function join(bytes: Buffer, recordEnd: number, start: number, end: number): number {
  bytes[recordEnd] = LINE_FEED;
  if (start > recordEnd + 1) bytes.copyWithin(recordEnd + 1, start, end);
  return recordEnd + 1 + end - start;
}
