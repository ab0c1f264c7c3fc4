/** Makes a block of what was noted: counts, makes codes, writes it by them. */
import { put, putCode } from './bits';
import { putCodes } from './code-header';
import { makeCodes } from './codes';
import {
  BYTE_COUNTS, count, DISTANCE_CODES, DISTANCE_COUNTS, DISTANCES, END_OF_BLOCK, KEY_COUNTS, KEYS,
  LENGTH_COUNTS, LENGTH_SYMBOLS, LITERAL_BYTES, LITERAL_CODES, LITERAL_COUNTS, LITERALS, MATCH_MAX,
  SEQUENCES,
} from './memory';
import { putSequences } from './sequences';
import { keyOf } from './symbols';

/** Four literals, and fewer than eight bits before them, must fit in 64 bits. */
const LITERAL_BITS_MAX: u32 = 14;
const DISTANCE_BITS_MAX: u32 = 15;

/** Matches are counted as they are noted. */
export function beginCounts(): void {
  memory.fill(LENGTH_COUNTS, 0, 4 * (MATCH_MAX + 1));
  memory.fill(KEY_COUNTS, 0, 4 * KEYS);
}

/** Sequences and literals up to these places become a block, unless there are none. */
export function endBlock(sequencesEnd: u32, literalsEnd: u32): void {
  if (sequencesEnd == SEQUENCES) return;
  countLiterals(literalsEnd);
  countMatches();
  makeCodes(LITERAL_COUNTS, LITERALS, LITERAL_BITS_MAX, LITERAL_CODES);
  makeCodes(DISTANCE_COUNTS, DISTANCES, DISTANCE_BITS_MAX, DISTANCE_CODES);
  put(0b100, 3);
  putCodes();
  putSequences(sequencesEnd);
  putCode(LITERAL_CODES, END_OF_BLOCK);
  beginCounts();
}

/** Bytes next to each other are often the same: four tables, so that none waits for the other. */
function countLiterals(end: u32): void {
  memory.fill(BYTE_COUNTS, 0, 4 * 4 * 256);
  const wordsEnd = LITERAL_BYTES + ((end - LITERAL_BYTES) & ~3);
  let at = LITERAL_BYTES;
  for (; at < wordsEnd; at += 4) {
    const word = load<u32>(at);
    count(BYTE_COUNTS, word & 0xff);
    count(BYTE_COUNTS + 4 * 256, (word >> 8) & 0xff);
    count(BYTE_COUNTS + 8 * 256, (word >> 16) & 0xff);
    count(BYTE_COUNTS + 12 * 256, word >> 24);
  }
  for (; at < end; at++) count(BYTE_COUNTS, load<u8>(at));
  for (let i: u32 = 0; i < 4 * 256; i += 4) {
    const low = load<u32>(BYTE_COUNTS + i) + load<u32>(BYTE_COUNTS + 4 * 256 + i);
    const high = load<u32>(BYTE_COUNTS + 8 * 256 + i) + load<u32>(BYTE_COUNTS + 12 * 256 + i);
    store<u32>(LITERAL_COUNTS + i, low + high);
  }
}

function countMatches(): void {
  memory.fill(LITERAL_COUNTS + 4 * END_OF_BLOCK, 0, 4 * (LITERALS - END_OF_BLOCK));
  count(LITERAL_COUNTS, END_OF_BLOCK);
  for (let length: u32 = 3; length <= MATCH_MAX; length++) {
    const symbol = load<u32>(LENGTH_SYMBOLS + (length << 2)) & 0xffff;
    const place = LITERAL_COUNTS + (symbol << 2);
    store<u32>(place, load<u32>(place) + load<u32>(LENGTH_COUNTS + (length << 2)));
  }
  for (let symbol: u32 = 0; symbol < DISTANCES; symbol++) {
    store<u32>(DISTANCE_COUNTS + (symbol << 2), load<u32>(KEY_COUNTS + (keyOf(symbol) << 2)));
  }
}
