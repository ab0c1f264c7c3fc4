/**
 * Lines of a text to rows, which differ in the line only: what stands before it and behind it is
 * the same in all of them. The twin is `text-line-stage.ts`.
 */
import { writeRaw, writeText } from '../json/json-text';

/** Start and end of each line, addresses. */
export const TABLE: u32 = 65_536;
export const LINES_MAX: u32 = 4_096;
/** What stands before a line, and behind it. */
export const BEFORE: u32 = 98_304;
export const BEHIND: u32 = 131_072;
export const FRAME_BYTES: u32 = 32_704;
/** The text. What is behind it may be read. */
export const INPUT: u32 = 163_840;
export const INPUT_BYTES: u32 = 131_072;
/** Rows, joined by commas. What is behind them may be written. */
export const OUTPUT: u32 = 327_680;
export const OUTPUT_BYTES: u32 = 900_000;

const COMMA: u8 = 0x2c;
/** A comma, and what is written too much at the end. */
const SLACK: u32 = 64;

let rowBytes: u32 = 0;

/** Of the rows that `writeLines` has written. */
export function writtenBytes(): u32 {
  return rowBytes;
}

/**
 * Writes the rows of lines from one on, a few bytes behind `OUTPUT`; returns the one it stopped
 * at, for lack of room or at `count`.
 */
export function writeLines(
  from: u32,
  count: u32,
  beforeBytes: u32,
  behindBytes: u32,
  shift: u32,
): u32 {
  const frame = beforeBytes + behindBytes + SLACK;
  const first = OUTPUT + shift;
  let out = first;
  let i = from;
  for (; i < count; i++) {
    const start = load<u32>(TABLE + (i << 3));
    const end = load<u32>(TABLE + (i << 3) + 4);
    if (frame + 6 * (end - start) > OUTPUT + OUTPUT_BYTES - out) break;
    if (i > from) store<u8>(out++, COMMA);
    out = writeRaw(out, BEFORE, beforeBytes);
    out = writeText(out, start, end);
    out = writeRaw(out, BEHIND, behindBytes);
  }
  rowBytes = out - first;
  return i;
}
