/**
 * Messages as RFC 3164 §4.1 describes what it found in use: time, host, tag, text, any of which
 * may be missing. RFC 3164 is a report, not a rule; the deviations known to the readers here
 * are listed in the tests, one message each.
 */

import { readIsoTime, readSophosTime } from '../../../time/iso-time.ts';
import type { WallToEpochMs } from '../../../time/local-time.ts';
import { COLON, isDigit, type Scanner, SPACE } from '../../../time/scanner.ts';
import { readBsdTime } from './bsd-time.ts';
import { readCiscoPrefix, readNamedNode, startsMnemonic } from './cisco-prefix.ts';
import {
  type HostSpan,
  isAccessPointName,
  readForwarder,
  readMerakiTime,
  startsRepeatNote,
} from './dialects.ts';
import { isHostName } from './host-name.ts';
import { readKeyValueTime } from './key-value-header.ts';
import type { MessageParts } from './message-parts.ts';
import { readTag } from './tag.ts';

const DASH = 0x2d;
const PERCENT = 0x25;

/** The host last read. One message is read at a time. */
const host: HostSpan = { start: 0, end: 0 };

/** Reads what follows the priority. Always a message; at worst the whole text is its text. */
export function readRfc3164(
  scan: Scanner,
  parts: MessageParts,
  toEpochMs: WallToEpochMs,
  nowMs: number,
): void {
  const start = scan.at;
  parts.eventTimeMs = Number.NaN;
  parts.hostStart = parts.hostEnd = start;
  scan.skipSpaces();
  const hasHeader = readHeader(scan, parts, toEpochMs, nowMs);
  if (hasHeader) readInnerHeader(scan, parts, toEpochMs, nowMs);
  skipLooseColon(scan);
  const mayBeBare = parts.hostEnd > parts.hostStart && !startsRepeatNote(scan);
  readTag(scan, parts, mayBeBare);
  if (!hasHeader && parts.identEnd === parts.identStart) scan.at = start;
  parts.messageStart = scan.at;
  parts.messageEnd = scan.end;
}

function readHeader(
  scan: Scanner,
  parts: MessageParts,
  toEpochMs: WallToEpochMs,
  nowMs: number,
): boolean {
  const start = scan.at;
  host.start = host.end = start;
  let eventTimeMs = readHeaderTime(scan, toEpochMs, nowMs);
  if (eventTimeMs === null) {
    readCiscoPrefix(scan, host);
    eventTimeMs = readBsdTime(scan, toEpochMs, nowMs);
    if (eventTimeMs === null && readNamedNode(scan, host)) {
      eventTimeMs = readBsdTime(scan, toEpochMs, nowMs);
    }
    if (eventTimeMs === null && scan.at > start && startsMnemonic(scan)) eventTimeMs = Number.NaN;
  }
  if (eventTimeMs === null) {
    scan.at = start;
    host.start = host.end = start;
    const toldMs = readKeyValueTime(scan, host, toEpochMs);
    if (toldMs === null) return false;
    parts.eventTimeMs = toldMs;
    takeHost(parts);
    return false;
  }
  parts.eventTimeMs = eventTimeMs;
  if (host.start === host.end) readHost(scan);
  else scan.skipSpaces();
  takeHost(parts);
  return true;
}

function takeHost(parts: MessageParts): void {
  parts.hostStart = host.start;
  parts.hostEnd = host.end;
}

/**
 * A relay that did not understand a header puts its own in front of it. The sender's, where
 * there is one, tells more.
 */
function readInnerHeader(
  scan: Scanner,
  parts: MessageParts,
  toEpochMs: WallToEpochMs,
  nowMs: number,
): void {
  // Most tags are in lower case, and neither a time nor a sequence number is.
  if (isLowerCase(scan.code)) return;
  const start = scan.at;
  readCiscoPrefix(scan, host);
  const eventTimeMs = readBsdTime(scan, toEpochMs, nowMs);
  if (eventTimeMs === null) {
    scan.at = start;
    return;
  }
  parts.eventTimeMs = eventTimeMs;
  if (host.start === host.end) readHost(scan);
  if (host.end > host.start) takeHost(parts);
}

function readHeaderTime(scan: Scanner, toEpochMs: WallToEpochMs, nowMs: number): number | null {
  if (!isDigit(scan.code)) return readBsdTime(scan, toEpochMs, nowMs);
  const time =
    readIsoTime(scan, toEpochMs) ?? readMerakiTime(scan) ?? readSophosTime(scan, toEpochMs);
  return time ?? readBsdTime(scan, toEpochMs, nowMs);
}

/** Moves past the host and the spaces around it; it is empty where the next word is not one. */
function readHost(scan: Scanner): void {
  host.start = host.end = scan.at;
  scan.skipSpaces();
  if (readForwarder(scan, host)) return;
  const start = scan.at;
  const end = scan.wordEnd();
  const nameEnd = hostEnd(scan, start, end);
  if (nameEnd === start || startsRepeatNote(scan)) return;
  scan.at = end;
  scan.skipSpaces();
  if (nameEnd === start + 1 && scan.codeAt(start) === DASH) return;
  host.start = start;
  host.end = nameEnd;
}

/** A word is a host when text follows it and it looks like one and not like a tag. */
function hostEnd(scan: Scanner, start: number, end: number): number {
  if (end >= scan.end || end === start) return start;
  if (scan.codeAt(end - 1) !== COLON) {
    return isHostName(scan, start, end) || isAccessPointName(scan, start, end) ? end : start;
  }
  if (isAccessPointName(scan, start, end)) return end - 1;
  // Cisco: `fw01: %ASA-6-302013: …`.
  const isCisco = scan.codeAt(end + 1) === PERCENT && isHostName(scan, start, end - 1);
  return isCisco ? end - 1 : start;
}

/** `<166>Mar 1 10:11:12 fw01 : %ASA-…` and `10:11:12: %ASA-…`. */
function skipLooseColon(scan: Scanner): void {
  if (scan.code !== COLON || scan.codeAt(scan.at + 1) !== SPACE) return;
  scan.at += 1;
  scan.skipSpaces();
}

function isLowerCase(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}
