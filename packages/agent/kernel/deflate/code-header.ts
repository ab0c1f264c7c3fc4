/** How the codes of a block are sent in front of it: by a code of their own, RFC 1951 §3.2.7. */
import { put, putCode } from './bits';
import { makeCodes } from './codes';
import {
  count, DISTANCE_CODES, DISTANCES, LITERAL_CODES, LITERALS, RUNS, SENT_WIDTHS, WIDTH_CODES,
  WIDTH_COUNTS, WIDTHS,
} from './memory';

/** The order in which bits of the code of codes are sent. */
const WIDTH_ORDER: StaticArray<u8> = [
  16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/** Puts the codes of literals and distances. */
export function putCodes(): void {
  let literals: u32 = LITERALS;
  while (literals > 257 && load<u32>(LITERAL_CODES + ((literals - 1) << 2)) == 0) literals--;
  let distances: u32 = DISTANCES;
  while (distances > 1 && load<u32>(DISTANCE_CODES + ((distances - 1) << 2)) == 0) distances--;
  for (let i: u32 = 0; i < literals; i++) {
    store<u32>(SENT_WIDTHS + (i << 2), load<u32>(LITERAL_CODES + (i << 2)) & 0xff);
  }
  for (let i: u32 = 0; i < distances; i++) {
    store<u32>(SENT_WIDTHS + ((literals + i) << 2), load<u32>(DISTANCE_CODES + (i << 2)) & 0xff);
  }
  memory.fill(WIDTH_COUNTS, 0, 4 * WIDTHS);
  const runsEnd = findRuns(literals + distances);
  makeCodes(WIDTH_COUNTS, WIDTHS, 7, WIDTH_CODES);
  let widths: u32 = WIDTHS;
  while (widths > 4 && load<u32>(WIDTH_CODES + ((<u32>WIDTH_ORDER[widths - 1]) << 2)) == 0) {
    widths--;
  }
  put(literals - 257, 5);
  put(distances - 1, 5);
  put(widths - 4, 4);
  for (let i: u32 = 0; i < widths; i++) {
    put(load<u32>(WIDTH_CODES + ((<u32>WIDTH_ORDER[i]) << 2)) & 0xff, 3);
  }
  for (let at = RUNS; at < runsEnd; at += 4) {
    const run = load<u32>(at);
    const symbol = run & 0xff;
    putCode(WIDTH_CODES, symbol);
    if (symbol >= 16) put(run >> 8, symbol == 16 ? 2 : symbol == 17 ? 3 : 7);
  }
}

/** Bits per symbol with repetitions folded: symbol | extra << 8 each. Returns their end. */
function findRuns(total: u32): u32 {
  let runsEnd = RUNS;
  for (let i: u32 = 0; i < total; ) {
    const width = load<u32>(SENT_WIDTHS + (i << 2));
    let repeats: u32 = 1;
    while (i + repeats < total && load<u32>(SENT_WIDTHS + ((i + repeats) << 2)) == width) repeats++;
    i += repeats;
    if (width != 0) {
      runsEnd = addRun(runsEnd, width, 0);
      repeats--;
    }
    while (repeats >= 3) {
      const most: u32 = width != 0 ? 6 : repeats > 10 ? 138 : 10;
      const folded = min(repeats, most);
      const symbol: u32 = width != 0 ? 16 : folded > 10 ? 18 : 17;
      runsEnd = addRun(runsEnd, symbol, folded - (symbol == 18 ? 11 : 3));
      repeats -= folded;
    }
    while (repeats > 0) {
      runsEnd = addRun(runsEnd, width, 0);
      repeats--;
    }
  }
  return runsEnd;
}

function addRun(at: u32, symbol: u32, extra: u32): u32 {
  count(WIDTH_COUNTS, symbol);
  store<u32>(at, symbol | (extra << 8));
  return at + 4;
}
