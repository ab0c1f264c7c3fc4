/**
 * Messages as RFC 3164 §4.1 describes them: `Mar  1 10:11:12 host tag[1]: text`, where the time
 * may also be one of RFC 3339. The twin is `message/rfc3164.ts`; whatever could be one of the
 * many deviations it knows is rare here.
 */
import { bsdTimeMs, isBsdTime, timeEnd as bsdTimeEnd } from './bsd-time';
import {
  codeAt,
  COLON,
  isDigit,
  isHostCharacter,
  isLowerCase,
  isUpperCase,
  skipSpaces,
  SPACE,
  wordEnd,
} from './characters';
import { readIsoTime, timeEnd as isoTimeEnd } from './iso-time';
import { HOST, RARE, READ, TEXT, TIME, UNTIMED } from './memory';
import { readTag } from './tag';

const HOST_BYTES_MAX: u32 = 255;
const LEVEL_BYTES_MAX: u32 = 8;
const ASTERISK: u32 = 0x2a;
const DOT: u32 = 0x2e;
const SLASH: u32 = 0x2f;
/** `last` and `Mess`, as which two kinds of notes begin. */
const LAST: u32 = 0x7473_616c;
const MESSAGE: u32 = 0x7373_654d;

let place: u32 = 0;

/** Reads from behind the priority on; returns the state of the message. */
export function readRfc3164(message: u32, start: u32, end: u32): u32 {
  const at = skipSpaces(start, end);
  let time: f64 = NaN;
  const hasIsoTime = isDigit(codeAt(at, end));
  if (hasIsoTime) {
    time = readIsoTime(at, end);
    if (isNaN(time)) return RARE;
    place = isoTimeEnd;
  } else {
    if (!isBsdTime(at, end)) return RARE;
    place = bsdTimeEnd;
  }
  if (codeAt(place, end) != SPACE || !readHost(message, end)) return RARE;
  if (mayBeInnerHeader(place, end)) return RARE;
  store<u32>(message + TEXT, readTag(message, place, end));
  store<u32>(message + TEXT + 4, end);
  if (!hasIsoTime) time = bsdTimeMs(at);
  store<f64>(message + TIME, time);
  return isNaN(time) ? UNTIMED : READ;
}

/** Notes a host that certainly is one, and moves past the spaces behind it. */
function readHost(message: u32, end: u32): bool {
  const start = skipSpaces(place, end);
  const hostEnd = wordEnd(start, end);
  const length = hostEnd - start;
  if (hostEnd >= end || length == 0 || length > HOST_BYTES_MAX) return false;
  if (load<u8>(hostEnd - 1) == COLON || !isHost(start, hostEnd)) return false;
  const first = load<u32>(start);
  if (first == LAST || first == MESSAGE || !isDigitOrLetter(load<u8>(start))) return false;
  store<u32>(message + HOST, start);
  store<u32>(message + HOST + 4, hostEnd);
  place = skipSpaces(hostEnd, end);
  return true;
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function isDigitOrLetter(code: u32): bool {
  return isDigit(code) || isLowerCase(code) || isUpperCase(code);
}

/** A short word in capitals may be a level. */
function isHost(start: u32, end: u32): bool {
  let isName = end - start <= LEVEL_BYTES_MAX;
  for (let at = start; at < end; at++) {
    const code = <u32>load<u8>(at);
    if (!isHostCharacter(code)) return false;
    isName = isName && isUpperCase(code);
  }
  return !isName;
}

/**
 * A relay's header may stand in front of the sender's. Where none does, a word follows that is
 * neither a time, a card of a router (`RP/0/…`) nor a name with a colon behind it.
 */
function mayBeInnerHeader(start: u32, end: u32): bool {
  const code = codeAt(start, end);
  if (isLowerCase(code)) return code == 0x6c && start + 4 <= end && load<u32>(start) == LAST;
  if (isDigit(code) || code == COLON || code == ASTERISK || code == DOT) return true;
  const last = wordEnd(start, end) - 1;
  if (last - start == 2 || codeAt(start + 2, end) == SLASH) return true;
  if (last <= start || load<u8>(last) != COLON) return false;
  return isNamed(start, last);
}

function isNamed(start: u32, end: u32): bool {
  for (let at = start; at < end; at++) if (!isHostCharacter(load<u8>(at))) return false;
  return true;
}
