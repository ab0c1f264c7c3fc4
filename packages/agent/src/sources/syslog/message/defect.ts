/**
 * What the header of a message lacks, in stable words. The message is kept all the same: what is
 * not understood is in its text.
 */
import { isDigit, type Scanner, SPACE } from '../../../time/scanner.ts';

export type Defect =
  /** It does not begin with `<`, digits, `>`. */
  | 'no priority'
  /** There is none above 191. */
  | 'priority out of range'
  /** Version 1 and no time in the form that goes with it, or an end before structured data. */
  | 'RFC 5424 header incomplete'
  /** A priority, and no time in any form that is known; the `-` of RFC 5424 is one. */
  | 'no time';

const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const VERSION = 0x31;
const DIGITS_MAX = 20;

/** Of a message that has no priority as it should be. */
export function priorityDefect(scan: Scanner): Defect {
  if (scan.code !== LESS_THAN) return 'no priority';
  let end = scan.at + 1;
  while (isDigit(scan.codeAt(end)) && end - scan.at <= DIGITS_MAX) end += 1;
  const isNumber = end > scan.at + 1 && scan.codeAt(end) === GREATER_THAN;
  return isNumber ? 'priority out of range' : 'no priority';
}

/** Of a message with a priority and no time; `start` is behind the priority. */
export function timeDefect(scan: Scanner, start: number): Defect {
  const isRfc5424 = scan.codeAt(start) === VERSION && scan.codeAt(start + 1) === SPACE;
  return isRfc5424 ? 'RFC 5424 header incomplete' : 'no time';
}
