/**
 * Syslog messages to rows. What the agent calls: it puts messages into the table, lets them be
 * read, completes by its own reader those that are rare, and has rows written of them.
 */
import { forgetMinutes, learnMinute as learnMinuteOf } from './bsd-time';
import { isDigit, skipSpaces, ZERO } from './characters';
import {
  ARRIVAL,
  END,
  MESSAGE_BYTES,
  NO_PRIORITY,
  OUTPUT,
  OUTPUT_BYTES,
  PRIORITY,
  RARE,
  READ,
  RECEIVED,
  START,
  STATE,
  TABLE,
  TIME,
  UNREAD,
  UNTIMED,
  UNWANTED,
} from './memory';
import { mayBeLoop } from './loop';
export * from './steps';
import { readRfc3164 } from './rfc3164';
import { readRfc5424 } from './rfc5424';
export * from './memory';
import { rowBytesMax, writeRow } from './row';

const LESS_THAN: u32 = 0x3c;
const GREATER_THAN: u32 = 0x3e;
const PRIORITY_MAX: u32 = 191;
const COMMA: u8 = 0x2c;
/** A comma, and what is written too much at the end. */
const SLACK: u32 = 64;

let rowCount: u32 = 0;
let rowBytes: u32 = 0;

/** How many rows `writeRows` has written, joined by commas, and their bytes. */
export function writtenRows(): u32 {
  return rowCount;
}

export function writtenBytes(): u32 {
  return rowBytes;
}

/**
 * Reads messages that are `UNREAD`, from one on, up to the first that is `UNTIMED`, which it
 * returns, or `count`. `wanted`: a byte for each priority.
 */
export function readMessages(wanted: u32, from: u32, count: u32): u32 {
  if (from == 0) lastReceived = 0;
  for (let i = from; i < count; i++) {
    const message = TABLE + i * MESSAGE_BYTES;
    if (load<u8>(message + STATE) != UNREAD) continue;
    const received = load<u32>(load<u32>(message + ARRIVAL) + RECEIVED);
    if (received != lastReceived) noteReceived(received);
    const state = readMessage(wanted, message);
    store<u8>(message + STATE, <u8>state);
    if (state == UNTIMED) return i;
  }
  return count;
}

/** Where the time is written that the message before was received. */
let lastReceived: u32 = 0;
/** `2026-11-20T06:14` of it. */
let lastHigh: u64 = 0;
let lastLow: u64 = 0;

/** Which year a time without one is of depends on when it comes. */
function noteReceived(received: u32): void {
  lastReceived = received;
  const high = load<u64>(received);
  const low = load<u64>(received + 8);
  if (high == lastHigh && low == lastLow) return;
  lastHigh = high;
  lastLow = low;
  forgetMinutes();
}

/** The time of the message `i`, which the agent has read itself, is the one that is written. */
export function learnMinute(i: u32): void {
  const message = TABLE + i * MESSAGE_BYTES;
  const start = load<u32>(message + START);
  const end = load<u32>(message + END);
  const epochMs = load<f64>(message + TIME);
  if (!isNaN(epochMs)) learnMinuteOf(skipSpaces(behindPriority(start, end), end), epochMs);
}

/**
 * Writes the rows of wanted messages from one on, a few bytes behind `OUTPUT`; returns the one it
 * stopped at, for lack of room or at `count`. `fixedBytes`: of the longest texts of the program.
 */
export function writeRows(
  program: u32,
  fixedBytes: u32,
  wanted: u32,
  from: u32,
  count: u32,
  shift: u32,
): u32 {
  const start = OUTPUT + shift;
  let out = start;
  rowCount = 0;
  let i = from;
  for (; i < count; i++) {
    const message = TABLE + i * MESSAGE_BYTES;
    if (load<u8>(wanted + load<u8>(message + PRIORITY)) == 0) continue;
    if (rowBytesMax(fixedBytes, message) + SLACK > OUTPUT + OUTPUT_BYTES - out) break;
    if (rowCount > 0) store<u8>(out++, COMMA);
    out = writeRow(out, program, message);
    rowCount++;
  }
  rowBytes = out - start;
  return i;
}

function readMessage(wanted: u32, message: u32): u32 {
  const start = load<u32>(message + START);
  const end = load<u32>(message + END);
  // Cut out of the middle of a character, as by a wrong count of octets.
  if (isContinuation(start) || isContinuation(end)) return RARE;
  const at = behindPriority(start, end);
  if (at == start) return RARE;
  store<u8>(message + PRIORITY, <u8>priority);
  if (load<u8>(wanted + priority) == 0) return UNWANTED;
  const state = readRfc5424(message, at, end) ? READ : readRfc3164(message, at, end);
  return state == READ && mayBeLoop(message) ? RARE : state;
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function isContinuation(at: u32): bool {
  return (load<u8>(at) & 0xc0) == 0x80;
}

let priority: u32 = NO_PRIORITY;

/** Where `<191>` ends; `start` where there is none. */
function behindPriority(start: u32, end: u32): u32 {
  if (load<u8>(start) != LESS_THAN) return start;
  let value: u32 = 0;
  let at = start + 1;
  for (; at < end && at - start <= 3; at++) {
    const code = <u32>load<u8>(at);
    if (!isDigit(code)) break;
    value = value * 10 + code - ZERO;
  }
  const isPriority =
    at > start + 1 && at < end && load<u8>(at) == GREATER_THAN && value <= PRIORITY_MAX;
  priority = value;
  return isPriority ? at + 1 : start;
}
