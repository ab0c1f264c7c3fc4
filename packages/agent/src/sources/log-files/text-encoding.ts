/**
 * How a file's characters are stored, told by its first bytes: by a byte order mark, or, without
 * one, by two characters of ASCII that take two bytes each, as no text in UTF-8 begins. UTF-16
 * without a mark that begins with other letters is not recognised.
 */

export type Utf16 = 'UTF-16 LE' | 'UTF-16 BE';
export type TextEncoding = 'UTF-8' | Utf16;

const MARK = 0xfeff;
const MARK_SWAPPED = 0xfffe;
const UNIT_BYTES = 2;
const LINE_FEED = 0x0a;
const NUL = 0x00;

/** `undefined` as long as there is too little of a file to tell. */
export function encodingOf(head: Uint8Array): TextEncoding | undefined {
  const first = (head[0] ?? 0) * 256 + (head[1] ?? 0);
  if (head.length >= UNIT_BYTES && first === MARK) return 'UTF-16 BE';
  if (head.length >= UNIT_BYTES && first === MARK_SWAPPED) return 'UTF-16 LE';
  if (head.length >= 2 * UNIT_BYTES) {
    if (isWide(head, 0) && isWide(head, UNIT_BYTES)) return 'UTF-16 LE';
    if (isWide(head, 1) && isWide(head, UNIT_BYTES + 1)) return 'UTF-16 BE';
    return 'UTF-8';
  }
  return head.some((byte) => byte === NUL || byte >= 0xfe) ? undefined : 'UTF-8';
}

/** Whether a character of ASCII is at `at`, and the other byte of its pair is NUL. */
function isWide(head: Uint8Array, at: number): boolean {
  const letter = head[at]!;
  const isText = (letter >= 0x20 && letter < 0x7f) || (letter >= 0x09 && letter <= 0x0d);
  return isText && head[at ^ 1] === NUL;
}

/** Bytes that a line feed takes. */
export function unitBytes(encoding: TextEncoding): 1 | 2 {
  return encoding === 'UTF-8' ? 1 : UNIT_BYTES;
}

const LINE_FEEDS = {
  'UTF-16 LE': Buffer.of(LINE_FEED, NUL),
  'UTF-16 BE': Buffer.of(NUL, LINE_FEED),
};

/** Where the first line feed stands from `from` on, or -1; `bytes` begin with a whole character. */
export function lineFeedAt(bytes: Buffer, encoding: TextEncoding, from = 0): number {
  if (encoding === 'UTF-8') return bytes.indexOf(LINE_FEED, from);
  let at = bytes.indexOf(LINE_FEEDS[encoding], from);
  while (at >= 0 && at % UNIT_BYTES !== 0) at = bytes.indexOf(LINE_FEEDS[encoding], at + 1);
  return at;
}

/** The same of the last one. */
export function lastLineFeedAt(bytes: Buffer, encoding: TextEncoding): number {
  if (encoding === 'UTF-8') return bytes.lastIndexOf(LINE_FEED);
  let at = bytes.lastIndexOf(LINE_FEEDS[encoding]);
  while (at > 0 && at % UNIT_BYTES !== 0) at = bytes.lastIndexOf(LINE_FEEDS[encoding], at - 1);
  return at % UNIT_BYTES === 0 ? at : -1;
}

/** UTF-16 as UTF-8; halves of characters become U+FFFD. An odd last byte is left out. */
export function decodeUtf16(bytes: Buffer, encoding: Utf16): Buffer {
  const whole = bytes.subarray(0, bytes.length - (bytes.length % UNIT_BYTES));
  const littleEndian = encoding === 'UTF-16 LE' ? whole : Buffer.from(whole).swap16();
  return Buffer.from(littleEndian.toString('utf16le'));
}
