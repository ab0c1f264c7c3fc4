/** The tag in front of a message's text. The twin is `message/tag.ts`. */
import {
  CLOSING_BRACKET,
  codeAt,
  COLON,
  isDigit,
  isLowerCase,
  isTagCharacter,
  NOTHING,
  OPENING_BRACKET,
  SPACE,
} from './characters';
import { IDENT, PROCESS } from './memory';

const TAG_BYTES_MAX: u32 = 128;
const PROCESS_ID_BYTES_MAX: u32 = 128;
const TAB: u32 = 0x09;
const SLASH: u32 = 0x2f;
const BACKSLASH: u32 = 0x5c;
const PERCENT: u32 = 0x25;

/** Notes tag and process id, of a message that has a host; returns where its text begins. */
export function readTag(message: u32, start: u32, end: u32): u32 {
  const nameEnd = tagEnd(start, end);
  note(message + IDENT, start, start);
  note(message + PROCESS, start, start);
  if (nameEnd == start || nameEnd - start > TAG_BYTES_MAX) return start;
  const next = codeAt(nameEnd, end);
  if (next == OPENING_BRACKET) return readProcessId(message, start, nameEnd, end);
  if (next != COLON) {
    // The first word may name the program, and stays in the text.
    const isBare = (next == SPACE || next == TAB) && startsName(start, end);
    if (isBare) note(message + IDENT, start, nameEnd);
    return start;
  }
  if (!endsTag(start, nameEnd, end)) return start;
  note(message + IDENT, start, nameEnd);
  return behind(nameEnd + 1, SPACE, end);
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function note(entry: u32, start: u32, end: u32): void {
  store<u32>(entry, start);
  store<u32>(entry + 4, end);
}

/** One further where this character stands. */
// @ts-ignore: as above
@inline
function behind(at: u32, code: u32, end: u32): u32 {
  return codeAt(at, end) == code ? at + 1 : at;
}

/** A letter, or what Cisco's ids of messages begin with. */
function startsName(start: u32, end: u32): bool {
  const first = <u32>load<u8>(start);
  const code = first == PERCENT ? codeAt(start + 1, end) : first;
  return isLowerCase(code | 0x20);
}

function tagEnd(start: u32, end: u32): u32 {
  let at = start;
  while (at < end) {
    const code = <u32>load<u8>(at);
    if (isTagCharacter(code)) at += 1;
    else if (code == COLON && codeAt(at + 1, end) == COLON) at += 2;
    else break;
  }
  return at;
}

/** `name[id]:`, `name[id]` before a space. */
function readProcessId(message: u32, start: u32, nameEnd: u32, end: u32): u32 {
  const idStart = nameEnd + 1;
  let close = idStart;
  for (let code = codeAt(close, end); code != CLOSING_BRACKET; code = codeAt(++close, end)) {
    const isNone = code == NOTHING || code == SPACE || close - idStart >= PROCESS_ID_BYTES_MAX;
    if (isNone) return start;
  }
  const next = codeAt(close + 1, end);
  if (close == idStart || (next != COLON && next != SPACE && next != NOTHING)) return start;
  note(message + IDENT, start, nameEnd);
  note(message + PROCESS, idStart, close);
  return behind(behind(close + 1, COLON, end), SPACE, end);
}

/** A colon that is not one of a time, an address, a URL or a Windows path. */
function endsTag(start: u32, colon: u32, end: u32): bool {
  const next = codeAt(colon + 1, end);
  const isApart = next == NOTHING || next == SPACE || next == TAB;
  if (!isDigit(load<u8>(start))) return isApart || (next != SLASH && next != BACKSLASH);
  if (!isApart) return false;
  for (let at = start; at < colon; at++) if (!isDigit(load<u8>(at))) return true;
  return false;
}
