/**
 * Times as RFC 3164 writes them: `Mar  1 10:11:12`. They have neither year nor zone, so the twin
 * is asked for the first one of each minute, and the others follow from it.
 */
import { codeAt, COLON, isDigit, isUpperCase, isZoneCharacter, SPACE, twoDigits, ZERO } from './characters';

const LENGTH: u32 = 15;
const ZONE_LENGTH_MAX: u32 = 5;

/** The minutes that are known: twelve bytes of text, and where they begin. */
const KNOWN_MAX: u32 = 8;
const knownHigh: StaticArray<u64> = new StaticArray<u64>(8);
const knownLow: StaticArray<u32> = new StaticArray<u32>(8);
const knownMs: StaticArray<f64> = new StaticArray<f64>(8);
let knownCount: u32 = 0;

/** Behind the time that was read last. */
export let timeEnd: u32 = 0;

/** False for what is anything else, or more than that: a fraction, a zone or a year behind it. */
export function isBsdTime(at: u32, end: u32): bool {
  if (end - at < LENGTH + 2 || end < at || !isMonth(at)) return false;
  const tens = load<u8>(at + 4);
  const ones = <u32>load<u8>(at + 5) - ZERO;
  if (load<u8>(at + 3) != SPACE || load<u8>(at + 6) != SPACE) return false;
  const day = tens == SPACE ? ones : twoDigits(at + 4);
  // How many days a month has depends on the year: the twin knows no minute of a day too many.
  if (ones > 9 || day < 1 || day > 31) return false;
  if (load<u8>(at + 9) != COLON || load<u8>(at + 12) != COLON) return false;
  if (twoDigits(at + 7) > 23 || twoDigits(at + 10) > 59 || twoDigits(at + 13) > 59) return false;
  timeEnd = at + LENGTH;
  return load<u8>(timeEnd) == SPACE && !hasZoneOrYear(timeEnd + 1, end);
}

/** Epoch milliseconds; NaN for a minute that is not known. */
export function bsdTimeMs(at: u32): f64 {
  const high = load<u64>(at);
  const low = load<u32>(at + 8);
  for (let i: u32 = 0; i < knownCount; i++) {
    if (unchecked(knownHigh[i]) == high && unchecked(knownLow[i]) == low) {
      return unchecked(knownMs[i]) + <f64>(1000 * twoDigits(at + 13));
    }
  }
  return NaN;
}

/** The time that is written at a place is this one. */
export function learnMinute(at: u32, epochMs: f64): void {
  const i = knownCount % KNOWN_MAX;
  unchecked((knownHigh[i] = load<u64>(at)));
  unchecked((knownLow[i] = load<u32>(at + 8)));
  unchecked((knownMs[i] = epochMs - <f64>(1000 * twoDigits(at + 13))));
  knownCount = i + 1;
}

export function forgetMinutes(): void {
  knownCount = 0;
}

function isMonth(at: u32): bool {
  switch (load<u32>(at) & 0xff_ffff) {
    case 0x6e_614a:
    case 0x62_6546:
    case 0x72_614d:
    case 0x72_7041:
    case 0x79_614d:
    case 0x6e_754a:
    case 0x6c_754a:
    case 0x67_7541:
    case 0x70_6553:
    case 0x74_634f:
    case 0x76_6f4e:
    case 0x63_6544:
      return true;
    default:
      return false;
  }
}

/** Whether the next word may be a zone or a year. The space in front of it is passed. */
function hasZoneOrYear(start: u32, end: u32): bool {
  let at = start;
  let isName = true;
  for (; at < end && isZoneCharacter(load<u8>(at)); at++) isName = isName && isUpperCase(load<u8>(at));
  const next = codeAt(at, end);
  const isWord = next == SPACE || next == COLON;
  // `CET`, `TZ-6`.
  const mayBeZone = isName || load<u16>(start) == 0x5a54;
  if (isWord && mayBeZone && at - start <= ZONE_LENGTH_MAX) return true;
  if (start + 4 > end || !isDigit(load<u8>(start))) return false;
  return twoDigits(start) < 100 && twoDigits(start + 2) < 100;
}
