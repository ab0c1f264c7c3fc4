/**
 * Messages as RFC 5424 §6 writes them:
 *
 *     1 2003-10-11T22:14:15.003Z host app 8710 ID47 [exampleSDID@32473 iut="3"] message
 *
 * Structured data stays in front of the message as it was sent: the Syslog table has no column
 * for it. The message id has none either and is not kept.
 */
import { readIsoTime } from '../../../time/iso-time.ts';
import type { WallToEpochMs } from '../../../time/local-time.ts';
import { type Scanner, SPACE } from '../../../time/scanner.ts';
import type { MessageParts } from './message-parts.ts';

const VERSION = 0x31;
const DASH = 0x2d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);

/**
 * Reads from the version on. False, with nothing consumed, when version and time do not make
 * this an RFC 5424 message, as a `-` for the time does not without a priority; what is missing
 * after them is left empty.
 */
export function readRfc5424(
  scan: Scanner,
  parts: MessageParts,
  toEpochMs: WallToEpochMs,
  hasPriority: boolean,
): boolean {
  const start = scan.at;
  if (scan.code !== VERSION || scan.codeAt(start + 1) !== SPACE) return false;
  scan.at += 2;
  const isNil = scan.take(DASH);
  const eventTimeMs = isNil ? null : readIsoTime(scan, toEpochMs);
  const isTime = eventTimeMs !== null || (isNil && hasPriority);
  if (!isTime || !scan.take(SPACE)) {
    scan.at = start;
    return false;
  }
  parts.eventTimeMs = eventTimeMs ?? Number.NaN;
  parts.hostStart = scan.at;
  parts.hostEnd = fieldEnd(scan);
  parts.identStart = scan.at;
  parts.identEnd = fieldEnd(scan);
  parts.processIdStart = scan.at;
  parts.processIdEnd = fieldEnd(scan);
  fieldEnd(scan);
  readMessage(scan, parts);
  return true;
}

/** Moves past a field; returns where it ends, which is its start for the `-` that stands for none. */
function fieldEnd(scan: Scanner): number {
  const start = scan.at;
  const end = scan.wordEnd();
  scan.at = Math.min(end + 1, scan.end);
  return end === start + 1 && scan.codeAt(start) === DASH ? start : end;
}

function readMessage(scan: Scanner, parts: MessageParts): void {
  let start = scan.at;
  if (scan.code === DASH) {
    if (start + 1 === scan.end) start += 1;
    else if (scan.codeAt(start + 1) === SPACE) {
      start += 2;
      // rsyslog counts the space behind an RFC 3164 tag as text and so sends two in a row.
      if (scan.codeAt(start) === SPACE) start += 1;
    }
  }
  if (scan.startsWith(BYTE_ORDER_MARK, start)) start += BYTE_ORDER_MARK.length;
  else start = withoutInnerMark(scan, start);
  parts.messageStart = start;
  parts.messageEnd = scan.end;
}

/**
 * A byte order mark may stand behind structured data. What is in front of it moves up to take
 * its place. Returns where the message begins then.
 */
function withoutInnerMark(scan: Scanner, start: number): number {
  const code = scan.codeAt(start);
  if (code !== OPENING_BRACKET && code !== SPACE) return start;
  const dataEnd = structuredDataEnd(scan, start);
  const isMarked = scan.codeAt(dataEnd) === SPACE && scan.startsWith(BYTE_ORDER_MARK, dataEnd + 1);
  if (!isMarked) return start;
  scan.bytes.copyWithin(start + BYTE_ORDER_MARK.length, start, dataEnd + 1);
  return start + BYTE_ORDER_MARK.length;
}

/** End of the elements `[id name="value" …]…` that begin here. */
function structuredDataEnd({ bytes, end }: Scanner, start: number): number {
  let dataEnd = start;
  let isQuoted = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (isQuoted && byte === BACKSLASH) at += 1;
    else if (byte === QUOTE) isQuoted = !isQuoted;
    else if (!isQuoted && at === dataEnd && byte !== OPENING_BRACKET) break;
    else if (!isQuoted && byte === CLOSING_BRACKET) dataEnd = at + 1;
  }
  return dataEnd;
}
