/** Bytes of a file into its lines. */
import { decodeUtf16, lineFeedAt, type TextEncoding, type Utf16 } from './text-encoding.ts';

export interface Lines {
  /** UTF-8, whatever the file holds; not checked. */
  readonly bytes: Buffer;
  /** Where each line begins and ends in `bytes`, in turn. */
  readonly places: readonly number[];
  /** For each line, the offset in the file just after it. */
  readonly ends: readonly number[];
  /** Whether the file is in another encoding: what was no text in it is U+FFFD here. */
  readonly isDecoded?: true;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NUL = 0x00;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * The complete lines among `bytes`, which begin with a line, at `offset` of the file. Not part of
 * a line: its line feed, a carriage return in front of that, a byte order mark at the beginning
 * of the file, and NULs in front of the line, which are the hole left when a file is truncated
 * under a writer that does not append.
 */
export function splitLines(bytes: Buffer, offset: number, encoding: TextEncoding = 'UTF-8'): Lines {
  return encoding === 'UTF-8' ? splitUtf8(bytes, offset) : splitUtf16(bytes, offset, encoding);
}

function splitUtf8(bytes: Buffer, offset: number): Lines {
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

function splitUtf16(bytes: Buffer, offset: number, encoding: Utf16): Lines {
  const lines = splitUtf8(decodeUtf16(bytes, encoding), offset);
  return { ...lines, ends: endsIn(bytes, offset, encoding), isDecoded: true };
}

/** A character that is no line feed holds none in UTF-8 either: there are as many. */
function endsIn(bytes: Buffer, offset: number, encoding: Utf16): number[] {
  const ends: number[] = [];
  for (let at = lineFeedAt(bytes, encoding); at >= 0; at = lineFeedAt(bytes, encoding, at + 2)) {
    ends.push(offset + at + 2);
  }
  return ends;
}

/** `bytes` as one line, though there is no line feed behind it. */
export function wholeLine(bytes: Buffer, offset: number, encoding: TextEncoding): Lines {
  const isDecoded = encoding !== 'UTF-8';
  const text = isDecoded ? decodeUtf16(bytes, encoding) : bytes;
  const places: number[] = [];
  addLine(places, text, 0, text.length, offset === 0);
  const ends = [offset + bytes.length];
  return { bytes: text, places, ends, ...(isDecoded && { isDecoded }) };
}

/** Notes the place of one line, `bytes[start..end)` being all of it but its line feed. */
function addLine(
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
