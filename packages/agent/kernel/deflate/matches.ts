/**
 * Finds what was there before, greedily, and notes it as sequences. Guessing a branch wrong costs
 * as much as twenty instructions, so there is about one to guess for each match: that it begins.
 * How far it goes, 64 comparisons side by side tell.
 */
import { endBlock } from './block';
import {
  count, HASH_BITS, KEY_COUNTS, LENGTH_COUNTS, LITERAL_BYTES, LITERAL_BYTES_END, MATCH_MAX,
  POSITIONS, SEQUENCES, SEQUENCES_END,
} from './memory';
import { distanceKey, NO_DISTANCE } from './symbols';

const WINDOW_BITS: u32 = 15;
/** Bytes that must be the same. A shorter match costs about as many bits as its literals. */
const MATCH_MIN: u32 = 6;
const PRIME: u64 = 0x9e37_79b1_85eb_ca87;

/** So many places that were searched in vain are a sign of what does not repeat. */
const VAIN_MANY: u32 = 64;
/** A longer run of literals is noted as more than one. */
const RUN_MAX: u32 = 16_384;
/** Near the end nothing is searched, so that only matches of 64 bytes or more can go beyond it. */
const TAIL: u32 = 128;

/** Writes `[start, end)` as blocks. */
export function findMatches(start: u32, end: u32): void {
  const last = end - start > TAIL ? end - TAIL : start;
  let at = start;
  let sequence = SEQUENCES;
  let literals = LITERAL_BYTES;
  while (at < last) {
    const found = search(at, last);
    const run = <u32>found - at;
    copyRun(literals, at, run);
    literals += run;
    at += run;
    const distance = <u32>(found >> 32);
    if (distance == 0) {
      noteRun(sequence, run);
    } else {
      remember(at + 1);
      let length = <u32>ctz(~sameBytes(at - distance, at));
      if (length == 64) {
        length = longLength(at - distance, at, end);
        // What repeats for so long is likely to go on, from the last place that did.
        remember(at + length - 1);
      }
      noteMatch(sequence, run, length, distance);
      at += length;
    }
    sequence += 8;
    if (sequence >= SEQUENCES_END || literals >= LITERAL_BYTES_END) {
      endBlock(sequence, literals);
      sequence = SEQUENCES;
      literals = LITERAL_BYTES;
    }
  }
  if (at < end) {
    copyRun(literals, at, end - at);
    noteRun(sequence, end - at);
    sequence += 8;
    literals += end - at;
  }
  endBlock(sequence, literals);
}

/**
 * The next place before `last` where something was there before, and its distance << 32; or the
 * place where a run that has become too long ends, which may be a little behind `last`.
 */
// @ts-ignore: decorators are AssemblyScript's
@inline
function search(start: u32, last: u32): u64 {
  const end = min(last, start + RUN_MAX);
  let at = start;
  // What has not repeated for long is not searched at every place.
  for (let step: u32 = 1; at < end; step++) {
    const stepEnd = min(end, at + VAIN_MANY * step);
    while (at < stepEnd) {
      const word = load<u64>(at);
      const position = positionOf(word);
      const distance = (at - <u32>load<u16>(position)) & 0xffff;
      store<u16>(position, <u16>at);
      const difference = (load<u64>(at - distance) ^ word) << (64 - 8 * MATCH_MIN);
      // A distance of 0 is too far, too.
      const tooFar = <u64>((distance - 1) >> WINDOW_BITS);
      if ((difference | tooFar) == 0) return <u64>at | (<u64>distance << 32);
      at += step;
    }
  }
  return <u64>at;
}

// @ts-ignore: as above
@inline
function positionOf(word: u64): u32 {
  const hash = <u32>(((word << (64 - 8 * MATCH_MIN)) * PRIME) >> (64 - HASH_BITS));
  return POSITIONS + (hash << 1);
}

// @ts-ignore: as above
@inline
function remember(at: u32): void {
  store<u16>(positionOf(load<u64>(at)), <u16>at);
}

/** A bit for each of 64 bytes: whether it is the same at both places. */
// @ts-ignore: as above
@inline
function sameBytes(a: u32, b: u32): u64 {
  const low = same16(a, b) | (same16(a + 16, b + 16) << 16);
  const high = same16(a + 32, b + 32) | (same16(a + 48, b + 48) << 16);
  return low | (high << 32);
}

// @ts-ignore: as above
@inline
function same16(a: u32, b: u32): u64 {
  return <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b))));
}

/** How much is the same, when that is 64 bytes or more. */
function longLength(candidate: u32, at: u32, end: u32): u32 {
  const most = min(MATCH_MAX, end - at);
  let length: u32 = 64;
  while (length < most) {
    const same = sameBytes(candidate + length, at + length);
    if (~same != 0) return min(most, length + <u32>ctz(~same));
    length += 64;
  }
  return most;
}

// @ts-ignore: as above
@inline
function noteMatch(sequence: u32, run: u32, length: u32, distance: u32): void {
  const key = distanceKey(distance);
  store<u16>(sequence, <u16>run);
  store<u16>(sequence, <u16>length, 2);
  store<u16>(sequence, <u16>(distance - 1), 4);
  store<u16>(sequence, <u16>key, 6);
  count(LENGTH_COUNTS, length);
  count(KEY_COUNTS, key);
}

/** Literals in front of no match. */
function noteRun(sequence: u32, run: u32): void {
  store<u64>(sequence, <u64>run | (<u64>NO_DISTANCE << 48));
}

/** Copies 15 bytes too many, mostly: that takes no branch. */
// @ts-ignore: as above
@inline
function copyRun(to: u32, from: u32, run: u32): void {
  v128.store(to, v128.load(from));
  if (run > 16) memory.copy(to + 16, from + 16, run - 16);
}
