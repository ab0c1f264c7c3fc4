/**
 * The tag in front of a message's text: `sshd[1234]: `, `CEF:0|…`, `%ASA-6-302013: `. RFC 3164
 * §4.1.3 lets any character end it; here it ends at a colon or a process id, because otherwise
 * the first word of every sentence would be taken out of its message.
 */

import { COLON, isDigit, type Scanner, SPACE } from '../../../time/scanner.ts';
import type { MessageParts } from './message-parts.ts';

const TAG_BYTES_MAX = 128;
const PROCESS_ID_BYTES_MAX = 128;
const TAB = 0x09;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const PERCENT = 0x25;

/**
 * 1 for the characters of a tag: what programs, units and message ids are called, and bytes of
 * letters beyond ASCII.
 */
const IS_TAG_CHARACTER = new Uint8Array(256).fill(1, 128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789') {
  IS_TAG_CHARACTER[character.charCodeAt(0)] = 1;
}
for (const character of '%_-./@+#$') IS_TAG_CHARACTER[character.charCodeAt(0)] = 1;

/**
 * Notes tag and process id and moves past them and the one space after. A tag without colon or
 * process id (`su 'su root' failed`) is named when `mayBeBare`, and stays in the text: it may be
 * the word of a sentence.
 */
export function readTag(scan: Scanner, parts: MessageParts, mayBeBare: boolean): void {
  const start = scan.at;
  const end = tagEnd(scan);
  parts.identStart = parts.identEnd = start;
  parts.processIdStart = parts.processIdEnd = start;
  if (end === start || end - start > TAG_BYTES_MAX) return;
  const next = scan.codeAt(end);
  if (next === OPENING_BRACKET) {
    readProcessId(scan, parts, end);
    return;
  }
  if (next !== COLON) {
    const isBare = mayBeBare && (next === SPACE || next === TAB) && startsName(scan);
    if (isBare) parts.identEnd = end;
    return;
  }
  if (!endsTag(scan, start, end)) return;
  parts.identEnd = end;
  scan.at = end + 1;
  scan.take(SPACE);
}

function tagEnd(scan: Scanner): number {
  let end = scan.at;
  for (;;) {
    const code = scan.codeAt(end);
    if (code >= 0 && IS_TAG_CHARACTER[code] === 1) end += 1;
    else if (code === COLON && scan.codeAt(end + 1) === COLON) end += 2;
    else return end;
  }
}

/** `name[id]:`, `name[id]` before a space. */
function readProcessId(scan: Scanner, parts: MessageParts, nameEnd: number): void {
  const start = nameEnd + 1;
  let close = start;
  for (let code = scan.codeAt(close); code !== CLOSING_BRACKET; code = scan.codeAt(++close)) {
    if (code < 0 || code === SPACE || close - start >= PROCESS_ID_BYTES_MAX) return;
  }
  if (close === start) return;
  const next = scan.codeAt(close + 1);
  if (next !== COLON && next !== SPACE && next >= 0) return;
  parts.identEnd = nameEnd;
  parts.processIdStart = start;
  parts.processIdEnd = close;
  scan.at = close + 1;
  scan.take(COLON);
  scan.take(SPACE);
}

/** A colon that is not one of a time, an address, a URL or a Windows path. */
function endsTag(scan: Scanner, start: number, colon: number): boolean {
  const next = scan.codeAt(colon + 1);
  const isApart = next < 0 || next === SPACE || next === TAB;
  if (!isDigit(scan.codeAt(start))) return isApart || (next !== SLASH && next !== BACKSLASH);
  return isApart && !isAllDigits(scan, start, colon);
}

function isAllDigits({ bytes }: Scanner, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isDigit(bytes[at]!)) return false;
  return true;
}

/** A letter, or what Cisco's ids of messages begin with: `%LOG_LOCAL0-2-SYSTEM_MSG`. */
function startsName(scan: Scanner): boolean {
  return isLetter(scan.code === PERCENT ? scan.codeAt(scan.at + 1) : scan.code);
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
