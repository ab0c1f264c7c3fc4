/** Writes rows as programs say. */
import { isDigit, ZERO } from './characters';
import { writeTime } from './iso-text';
import { writeRaw, writeText } from '../json/json-text';
import {
  ARRIVAL,
  HOST,
  IDENT,
  NO_PRIORITY,
  PRIORITY,
  PROCESS,
  RECEIVED,
  SENDER,
  TEXT,
  TIME,
} from './memory';
import {
  STEP_BYTES,
  STEP_END,
  STEP_EVENT_TIME,
  STEP_FACILITY,
  STEP_HOST,
  STEP_IDENT,
  STEP_PROCESS,
  STEP_PROCESS_NUMBER,
  STEP_RAW,
  STEP_RECEIVED,
  STEP_SENDER,
  STEP_SEVERITY,
  STEP_TEXT,
} from './steps';

/** Words of a step. */
const FIRST: u32 = 4;
const SECOND: u32 = 8;

const QUOTE: u8 = 0x22;
const DIGITS_MAX: u32 = 9;
/** Places in the lists for messages without priority. */
const NO_FACILITY: u32 = 24;
const NO_SEVERITY: u32 = 8;

/** More than what a program writes for a message, if `fixedBytes` are its longest texts. */
export function rowBytesMax(fixedBytes: u32, message: u32): u32 {
  const parts =
    lengthOf(message + IDENT) + lengthOf(message + PROCESS) + lengthOf(message + TEXT);
  const sender = load<u32>(load<u32>(message + ARRIVAL) + SENDER + 4);
  return fixedBytes + sender + 6 * (2 * lengthOf(message + HOST) + parts);
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function lengthOf(part: u32): u32 {
  return load<u32>(part + 4) - load<u32>(part);
}

/** Returns where the row ends. */
export function writeRow(target: u32, program: u32, message: u32): u32 {
  let out = target;
  const priority = <u32>load<u8>(message + PRIORITY);
  const arrival = load<u32>(message + ARRIVAL);
  let step = program;
  while (load<u32>(step) != STEP_END) {
    switch (load<u32>(step)) {
      case STEP_RAW:
        out = writeRaw(out, load<u32>(step + FIRST), load<u32>(step + SECOND));
        break;
      case STEP_FACILITY: {
        const facility = priority == NO_PRIORITY ? NO_FACILITY : priority >> 3;
        out = writeListed(out, load<u32>(step + FIRST) + (facility << 3));
        break;
      }
      case STEP_SEVERITY: {
        const severity = priority == NO_PRIORITY ? NO_SEVERITY : priority & 7;
        out = writeListed(out, load<u32>(step + FIRST) + (severity << 3));
        break;
      }
      case STEP_RECEIVED:
        out = writeListed(out, arrival + RECEIVED);
        break;
      case STEP_EVENT_TIME: {
        const time = load<f64>(message + TIME);
        if (isNaN(time)) out = writeListed(out, arrival + RECEIVED);
        else out = writeTime(out, time);
        break;
      }
      case STEP_HOST:
        if (lengthOf(message + HOST) > 0) out = writePart(out, message + HOST);
        else out = writeRaw(out, load<u32>(step + FIRST), load<u32>(step + SECOND));
        break;
      case STEP_SENDER:
        out = writeListed(out, arrival + SENDER);
        break;
      case STEP_IDENT:
        out = writePart(out, message + IDENT);
        break;
      case STEP_PROCESS:
        out = writePart(out, message + PROCESS);
        break;
      case STEP_PROCESS_NUMBER:
        out = writeProcessNumber(out, step, message + PROCESS);
        break;
      case STEP_TEXT:
        out = writePart(out, message + TEXT);
        break;
    }
    step += STEP_BYTES;
  }
  return out;
}

// @ts-ignore: as above
@inline
function writePart(out: u32, part: u32): u32 {
  return writeText(out, load<u32>(part), load<u32>(part + 4));
}

/** An entry is a text's address and its bytes. */
// @ts-ignore: as above
@inline
function writeListed(out: u32, entry: u32): u32 {
  return writeRaw(out, load<u32>(entry), load<u32>(entry + 4));
}

function writeProcessNumber(target: u32, step: u32, part: u32): u32 {
  let at = load<u32>(part);
  const end = load<u32>(part + 4);
  if (!isNumber(at, end)) {
    store<u8>(target, QUOTE);
    return target + 1;
  }
  let out = writeRaw(target, load<u32>(step + FIRST), load<u32>(step + SECOND));
  while (at + 1 < end && load<u8>(at) == ZERO) at++;
  while (at < end) store<u8>(out++, load<u8>(at++));
  return out;
}

function isNumber(start: u32, end: u32): bool {
  if (start == end || end - start > DIGITS_MAX) return false;
  for (let at = start; at < end; at++) if (!isDigit(load<u8>(at))) return false;
  return true;
}
