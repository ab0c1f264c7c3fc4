/** What is text in a message's bytes. */

export const LINE_FEED = 0x0a;
export const NUL = 0x00;
const CARRIAGE_RETURN = 0x0d;
const CONTINUATION_MAX = 3;

/** Bytes that end a line or close a message and are not part of it. */
export function isTerminator(byte: number): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === NUL;
}

/** `end`, or a little less where it would cut through a character. */
export function wholeCharacters(bytes: Buffer, start: number, end: number): number {
  const earliest = Math.max(start, end - 1 - CONTINUATION_MAX);
  let lead = end - 1;
  while (lead > earliest && (bytes[lead]! & 0xc0) === 0x80) lead -= 1;
  const byte = bytes[lead] ?? 0;
  const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
  return lead + length > end ? lead : end;
}

/** Where a message ends without the terminators that close it; `start` for one of nothing else. */
export function messageEnd(bytes: Buffer, start: number, end: number): number {
  let last = end;
  while (last > start && isTerminator(bytes[last - 1]!)) last -= 1;
  return last;
}
