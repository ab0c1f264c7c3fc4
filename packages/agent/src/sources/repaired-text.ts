/** Bytes from outside as the UTF-8 that rows are made of. */
import { isUtf8 } from 'node:buffer';

/**
 * A copy of `bytes[start..end)` in which what is no UTF-8 is replaced (U+FFFD); `null` where all
 * of it is.
 */
export function repairedText(bytes: Buffer, start: number, end: number): Buffer | null {
  if (isUtf8(bytes.subarray(start, end))) return null;
  return Buffer.from(bytes.toString('utf8', start, end));
}
