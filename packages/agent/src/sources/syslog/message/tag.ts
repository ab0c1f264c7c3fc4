/**
 * The tag in front of a message's text: `sshd[1234]: `, `CEF:0|…`, `%ASA-6-302013: `. RFC 3164
 * §4.1.3 lets any character end it; here it ends at a colon or a process id, because otherwise
 * the first word of every sentence would be taken out of its message.
 */
import { COLON, isDigit, type Scanner, SPACE } from './scanner.ts';

export interface Tag {
  readonly ident: string;
  readonly processId: string;
}

const NO_TAG: Tag = { ident: '', processId: '' };
const TAG_LENGTH_MAX = 128;
const PROCESS_ID_LENGTH_MAX = 128;
const TAB = 0x09;
const OPENING_BRACKET = 0x5b;

/** 1 for the characters of a tag: what programs, units and message ids are called. */
const IS_TAG_CHARACTER = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789') {
  IS_TAG_CHARACTER[character.charCodeAt(0)] = 1;
}
for (const character of '%_-./@+#$') IS_TAG_CHARACTER[character.charCodeAt(0)] = 1;

/**
 * Moves past a tag and the one space after it. A tag without colon or process id (`su 'su root'
 * failed`) is named when `mayBeBare`, and stays in the text: it may be the word of a sentence.
 */
export function readTag(scan: Scanner, mayBeBare: boolean): Tag {
  const start = scan.at;
  const end = tagEnd(scan.text, start);
  if (end === start || end - start > TAG_LENGTH_MAX) return NO_TAG;
  const next = scan.text.charCodeAt(end);
  if (next === OPENING_BRACKET) return readTagWithProcess(scan, end);
  const ident = scan.text.slice(start, end);
  if (next !== COLON) {
    const isBare = mayBeBare && (next === SPACE || next === TAB) && isLetter(ident.charCodeAt(0));
    return isBare ? { ident, processId: '' } : NO_TAG;
  }
  if (!endsTag(scan.text, start, end)) return NO_TAG;
  scan.at = end + 1;
  scan.take(SPACE);
  return { ident, processId: '' };
}

function tagEnd(text: string, start: number): number {
  let end = start;
  for (;;) {
    const code = text.charCodeAt(end);
    if (IS_TAG_CHARACTER[code] === 1 || code > 127) end += 1;
    else if (code === COLON && text.charCodeAt(end + 1) === COLON) end += 2;
    else return end;
  }
}

/** `name[id]:`, `name[id]` before a space. */
function readTagWithProcess(scan: Scanner, nameEnd: number): Tag {
  const { text } = scan;
  const close = text.indexOf(']', nameEnd);
  const processId = text.slice(nameEnd + 1, close);
  if (close < 0 || processId === '' || processId.length > PROCESS_ID_LENGTH_MAX) return NO_TAG;
  const next = text.charCodeAt(close + 1);
  if (processId.includes(' ') || !(next === COLON || next === SPACE || close + 1 >= text.length)) {
    return NO_TAG;
  }
  const ident = text.slice(scan.at, nameEnd);
  scan.at = close + 1;
  scan.take(COLON);
  scan.take(SPACE);
  return { ident, processId };
}

/** A colon that is not one of a time, an address, a URL or a Windows path. */
function endsTag(text: string, start: number, colon: number): boolean {
  const next = text.charCodeAt(colon + 1);
  const isApart = Number.isNaN(next) || next === SPACE || next === TAB;
  if (!isDigit(text.charCodeAt(start))) return isApart || (next !== 0x2f && next !== 0x5c);
  return isApart && !isAllDigits(text, start, colon);
}

function isAllDigits(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isDigit(text.charCodeAt(i))) return false;
  return true;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
