/** Messages as RFC 5424 §6 writes them. The twin is `message/rfc5424.ts`. */
import { codeAt, CLOSING_BRACKET, DASH, OPENING_BRACKET, SPACE, wordEnd } from './characters';
import { readIsoTime, timeEnd } from './iso-time';
import { HOST, IDENT, PROCESS, TEXT, TIME } from './memory';

const VERSION: u32 = 0x31;
const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
/** U+FEFF in UTF-8, in the low three bytes. */
const BYTE_ORDER_MARK: u32 = 0xbf_bbef;

let place: u32 = 0;

/** Reads from the version on; false for what is not that, or has something rare. */
export function readRfc5424(message: u32, start: u32, end: u32): bool {
  if (end - start < 3 || load<u8>(start) != VERSION || load<u8>(start + 1) != SPACE) return false;
  place = start + 2;
  let time: f64 = NaN;
  if (load<u8>(place) == DASH) {
    place++;
  } else {
    time = readIsoTime(place, end);
    if (isNaN(time)) return false;
    place = timeEnd;
  }
  if (codeAt(place, end) != SPACE) return false;
  place++;
  store<f64>(message + TIME, time);
  readField(message + HOST, end);
  readField(message + IDENT, end);
  readField(message + PROCESS, end);
  // The message id.
  place = min(wordEnd(place, end) + 1, end);
  // A header that is not whole is the twin's to count.
  return place < end && readText(message, end);
}

/** Notes a field and moves past it. A lone `-` stands for none. */
// @ts-ignore: decorators are AssemblyScript's
@inline
function readField(entry: u32, end: u32): void {
  const start = place;
  const fieldEnd = wordEnd(start, end);
  const isNone = fieldEnd == start + 1 && load<u8>(start) == DASH;
  store<u32>(entry, start);
  store<u32>(entry + 4, isNone ? start : fieldEnd);
  place = min(fieldEnd + 1, end);
}

function readText(message: u32, end: u32): bool {
  let start = place;
  if (codeAt(start, end) == DASH) {
    if (start + 1 == end) {
      start += 1;
    } else if (load<u8>(start + 1) == SPACE) {
      start += 2;
      if (codeAt(start, end) == SPACE) start += 1;
    }
  }
  if (isMark(start, end)) start += 3;
  else if (hasInnerMark(start, end)) return false;
  store<u32>(message + TEXT, start);
  store<u32>(message + TEXT + 4, end);
  return true;
}

function isMark(at: u32, end: u32): bool {
  return at + 3 <= end && (load<u32>(at) & 0xff_ffff) == BYTE_ORDER_MARK;
}

/** Whether a byte order mark stands behind structured data, which is rare. */
function hasInnerMark(start: u32, end: u32): bool {
  const code = codeAt(start, end);
  if (code != OPENING_BRACKET && code != SPACE) return false;
  const dataEnd = structuredDataEnd(start, end);
  return codeAt(dataEnd, end) == SPACE && isMark(dataEnd + 1, end);
}

function structuredDataEnd(start: u32, end: u32): u32 {
  let dataEnd = start;
  let isQuoted = false;
  for (let at = start; at < end; at++) {
    const code = <u32>load<u8>(at);
    if (isQuoted && code == BACKSLASH) at++;
    else if (code == QUOTE) isQuoted = !isQuoted;
    else if (!isQuoted && at == dataEnd && code != OPENING_BRACKET) break;
    else if (!isQuoted && code == CLOSING_BRACKET) dataEnd = at + 1;
  }
  return dataEnd;
}
