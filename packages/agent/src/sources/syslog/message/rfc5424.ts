/**
 * Messages as RFC 5424 §6 writes them:
 *
 *     1 2003-10-11T22:14:15.003Z host app 8710 ID47 [exampleSDID@32473 iut="3"] message
 *
 * Structured data stays in front of the message as it was sent: the Syslog table has no column
 * for it. The message id has none either and is not kept.
 */
import { readIsoTime } from './iso-time.ts';
import type { WallToEpochMs } from './local-time.ts';
import type { MessageParts } from './message-parts.ts';
import { type Scanner, SPACE } from './scanner.ts';

const BYTE_ORDER_MARK = '\uFEFF';
const DASH = 0x2d;

/**
 * Reads from the version on. `undefined`, with nothing consumed, when version and time do not
 * make this an RFC 5424 message; what is missing after them is left empty.
 */
export function readRfc5424(scan: Scanner, toEpochMs: WallToEpochMs): MessageParts | undefined {
  const start = scan.at;
  if (!scan.text.startsWith('1 ', start)) return undefined;
  scan.at += 2;
  const isNil = scan.code === DASH;
  if (isNil) scan.at += 1;
  const eventTimeMs = isNil ? null : readIsoTime(scan, toEpochMs);
  if ((eventTimeMs === null && !isNil) || !scan.take(SPACE)) {
    scan.at = start;
    return undefined;
  }
  const host = readField(scan);
  const ident = readField(scan);
  const processId = readField(scan);
  readField(scan);
  return { eventTimeMs, host, ident, processId, message: readMessage(scan) };
}

function readField(scan: Scanner): string {
  const end = scan.wordEnd();
  const field = scan.text.slice(scan.at, end);
  scan.at = Math.min(end + 1, scan.text.length);
  return field === '-' ? '' : field;
}

function readMessage(scan: Scanner): string {
  const rest = scan.rest();
  if (rest === '-') return '';
  const text = rest.startsWith('- ') ? withoutRelayedSpace(rest.slice(2)) : rest;
  if (!text.includes(BYTE_ORDER_MARK)) return text;
  if (text.startsWith(BYTE_ORDER_MARK)) return text.slice(1);
  const dataEnd = structuredDataEnd(text);
  return text.startsWith(` ${BYTE_ORDER_MARK}`, dataEnd)
    ? `${text.slice(0, dataEnd)} ${text.slice(dataEnd + 2)}`
    : text;
}

/** rsyslog counts the space behind an RFC 3164 tag as text and so sends two in a row. */
function withoutRelayedSpace(text: string): string {
  return text.startsWith(' ') ? text.slice(1) : text;
}

/** End of the elements `[id name="value" …]…` the text begins with; 0 when there are none. */
function structuredDataEnd(text: string): number {
  let end = 0;
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (isQuoted && character === '\\') i += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && i === end && character !== '[') break;
    else if (!isQuoted && character === ']') end = i + 1;
  }
  return end;
}
