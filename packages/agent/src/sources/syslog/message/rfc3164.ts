/**
 * Messages as RFC 3164 §4.1 describes what it found in use: time, host, tag, text, any of which
 * may be missing. RFC 3164 is a report, not a rule; the deviations known to the readers here
 * are listed in the tests, one message each.
 */
import { readBsdTime } from './bsd-time.ts';
import { readCiscoPrefix, readForwarder, readMerakiTime, startsRepeatNote } from './dialects.ts';
import { isHostName } from './host-name.ts';
import { readIsoTime, readSophosTime } from './iso-time.ts';
import type { WallToEpochMs } from './local-time.ts';
import type { MessageParts } from './message-parts.ts';
import { COLON, isDigit, type Scanner, SPACE } from './scanner.ts';
import { readTag } from './tag.ts';

interface Header {
  eventTimeMs: number | null;
  host: string;
}

/** Reads what follows the priority. Always a message; at worst the whole text is its text. */
export function readRfc3164(scan: Scanner, toEpochMs: WallToEpochMs, nowMs: number): MessageParts {
  const header: Header = { eventTimeMs: null, host: '' };
  const start = scan.at;
  scan.skipSpaces();
  const hasHeader = readHeader(scan, header, toEpochMs, nowMs);
  if (hasHeader) readInnerHeader(scan, header, toEpochMs, nowMs);
  skipLooseColon(scan);
  const mayBeBare = header.host !== '' && !startsRepeatNote(scan);
  const { ident, processId } = readTag(scan, mayBeBare);
  if (!hasHeader && ident === '') scan.at = start;
  const { eventTimeMs, host } = header;
  return { eventTimeMs, host, ident, processId, message: scan.rest() };
}

function readHeader(
  scan: Scanner,
  header: Header,
  toEpochMs: WallToEpochMs,
  nowMs: number,
): boolean {
  const start = scan.at;
  let host = '';
  let eventTimeMs = readHeaderTime(scan, toEpochMs, nowMs);
  if (eventTimeMs === null) {
    host = readCiscoPrefix(scan);
    eventTimeMs = readBsdTime(scan, toEpochMs, nowMs);
  }
  if (eventTimeMs === null) {
    scan.at = start;
    return false;
  }
  header.eventTimeMs = eventTimeMs;
  header.host = host || readHost(scan);
  return true;
}

/**
 * A relay that did not understand a header puts its own in front of it. The sender's, where
 * there is one, tells more.
 */
function readInnerHeader(
  scan: Scanner,
  header: Header,
  toEpochMs: WallToEpochMs,
  nowMs: number,
): void {
  // Most tags are in lower case, and neither a time nor a sequence number is.
  if (isLowerCase(scan.code)) return;
  const start = scan.at;
  const host = readCiscoPrefix(scan);
  const eventTimeMs = readBsdTime(scan, toEpochMs, nowMs);
  if (eventTimeMs === null) {
    scan.at = start;
    return;
  }
  header.eventTimeMs = eventTimeMs;
  header.host = host || readHost(scan) || header.host;
}

function readHeaderTime(scan: Scanner, toEpochMs: WallToEpochMs, nowMs: number): number | null {
  if (!isDigit(scan.code)) return readBsdTime(scan, toEpochMs, nowMs);
  const time =
    readIsoTime(scan, toEpochMs) ?? readMerakiTime(scan) ?? readSophosTime(scan, toEpochMs);
  return time ?? readBsdTime(scan, toEpochMs, nowMs);
}

/** The host with the spaces around it; an empty string where the next word is not one. */
function readHost(scan: Scanner): string {
  scan.skipSpaces();
  const forwarder = readForwarder(scan);
  if (forwarder !== '') return forwarder;
  const end = scan.wordEnd();
  const word = scan.text.slice(scan.at, end);
  const host = hostOf(word, scan.text, end);
  if (host === '' || startsRepeatNote(scan)) return '';
  scan.at = end;
  scan.skipSpaces();
  return host === '-' ? '' : host;
}

/** A word is a host when text follows it and it looks like one and not like a tag. */
function hostOf(word: string, text: string, end: number): string {
  if (end >= text.length) return '';
  if (!word.endsWith(':')) return isHostName(word) ? word : '';
  // Cisco: `fw01: %ASA-6-302013: …`.
  const name = word.slice(0, -1);
  return text.startsWith('%', end + 1) && isHostName(name) ? name : '';
}

/** `<166>Mar 1 10:11:12 fw01 : %ASA-…` and `10:11:12: %ASA-…`. */
function skipLooseColon(scan: Scanner): void {
  if (scan.code !== COLON || scan.text.charCodeAt(scan.at + 1) !== SPACE) return;
  scan.at += 1;
  scan.skipSpaces();
}

function isLowerCase(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}
