/**
 * Raw deflate (RFC 1951) for JSON records, in AssemblyScript: a language of its own in the
 * clothes of TypeScript, see README.md. Memory is laid out here and nothing is allocated.
 *
 * One pass finds matches greedily and notes literals and matches as tokens; every so many tokens
 * become a block with Huffman codes of its own. The result ends with a full flush, so results
 * can be put one after another.
 */

/** Bytes before and behind the input may be read, so both are somewhere inside. */
export const INPUT: u32 = 65_536;
export const INPUT_MAX: u32 = 1_100_000;
export const OUTPUT: u32 = 1_310_720;
/** Positions by hash of four bytes. */
const HEAD: u32 = 3_145_728;
const HASH_BITS: u32 = 14;
/** A literal is its byte, a match is length << 16 | distance. */
const TOKENS: u32 = 3_407_872;
const TOKENS_MAX: u32 = 32_768;

/** So many literals in a row are a sign of what does not repeat. */
const MISSES_MANY: u32 = 64;
const MISSES_SHIFT: u32 = 6;

const WINDOW: u32 = 32_768;
const MATCH_MIN: u32 = 4;
const MATCH_MAX: u32 = 258;

const LITERALS: u32 = 286;
const DISTANCES: u32 = 30;
const LENGTHS: u32 = 19;
const END_OF_BLOCK: u32 = 256;

/** Small tables: u32 each. */
const TABLES: u32 = 3_604_480;
const LITERAL_COUNTS: u32 = TABLES;
const DISTANCE_COUNTS: u32 = LITERAL_COUNTS + 4 * LITERALS;
const LENGTH_COUNTS: u32 = DISTANCE_COUNTS + 4 * DISTANCES;
/** Codes, bits reversed, << 8 | bits. */
const LITERAL_CODES: u32 = LENGTH_COUNTS + 4 * LENGTHS;
const DISTANCE_CODES: u32 = LITERAL_CODES + 4 * LITERALS;
const LENGTH_CODES: u32 = DISTANCE_CODES + 4 * DISTANCES;
/** By match length: symbol | extra bits << 16 | first length << 24. */
const LENGTH_SYMBOLS: u32 = LENGTH_CODES + 4 * LENGTHS;
/** Made anew for each block. */
const LENGTH_PUTS: u32 = LENGTH_SYMBOLS + 4 * 259;
/** Of the symbols that occur: count << 16 | symbol, then depths. */
const SORTED: u32 = LENGTH_PUTS + 4 * 259;
const DEPTHS: u32 = SORTED + 4 * LITERALS;
/** How many codes there are of each number of bits. */
const BIT_COUNTS: u32 = DEPTHS + 4 * LITERALS;
const NEXT_CODES: u32 = BIT_COUNTS + 4 * 64;
/** Bits per symbol as they are sent, and their run-length form. */
const SENT_BITS: u32 = NEXT_CODES + 4 * 16;
const RUNS: u32 = SENT_BITS + 4 * 320;

/** The order in which bits of the code of codes are sent, RFC 1951 §3.2.7. */
const LENGTH_ORDER: StaticArray<u8> = [
  16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

let tokensEnd: u32 = TOKENS;
let bits: u64 = 0;
let bitCount: u32 = 0;
let out: u32 = OUTPUT;

/** Compresses `INPUT[0..length)`; returns the bytes of output, which begins at `output()`. */
export function deflate(length: u32): u32 {
  if (load<u32>(LENGTH_SYMBOLS + 4 * 3) == 0) fillLengthSymbols();
  memory.fill(HEAD, 0, 4 << HASH_BITS);
  out = OUTPUT;
  bits = 0;
  bitCount = 0;
  begin();
  findMatches(INPUT, INPUT + length);
  endBlock();
  flush();
  return out - OUTPUT;
}


// @ts-ignore: decorators are AssemblyScript's
@inline
function hashOf(word: u32): u32 {
  return HEAD + (((word * 0x9e37_79b1) >> (32 - HASH_BITS)) << 2);
}

function findMatches(start: u32, end: u32): void {
  let at = start;
  let misses: u32 = 0;
  const last = end - start > 12 ? end - 12 : start;
  while (at < last) {
    const word = load<u32>(at);
    const slot = hashOf(word);
    const candidate = load<u32>(slot);
    store<u32>(slot, at);
    if (candidate != 0 && at - candidate <= WINDOW && load<u32>(candidate) == word) {
      const length = matchLength(candidate, at, end);
      match(length, at - candidate);
      // Two places inside a match are enough to find the next one.
      store<u32>(hashOf(load<u32>(at + 1)), at + 1);
      at += length;
      if (at < last) store<u32>(hashOf(load<u32>(at - 2)), at - 2);
      misses = 0;
    } else {
      literal(load<u8>(at));
      at++;
      misses++;
      // What has not repeated for so long is not searched at every place.
      if (misses >= MISSES_MANY) {
        const skipEnd = min(at + (misses >> MISSES_SHIFT), last);
        while (at < skipEnd) literal(load<u8>(at++));
      }
    }
  }
  while (at < end) literal(load<u8>(at++));
}

// @ts-ignore: as above
@inline
function matchLength(candidate: u32, at: u32, end: u32): u32 {
  const most = min(MATCH_MAX, end - at);
  let length: u32 = MATCH_MIN;
  while (length + 8 <= most) {
    const difference = load<u64>(candidate + length) ^ load<u64>(at + length);
    if (difference != 0) return length + <u32>(ctz(difference) >> 3);
    length += 8;
  }
  while (length < most && load<u8>(candidate + length) == load<u8>(at + length)) length++;
  return length;
}

function begin(): void {
  tokensEnd = TOKENS;
  memory.fill(LITERAL_COUNTS, 0, 4 * (LITERALS + DISTANCES + LENGTHS));
}

// @ts-ignore: as above
@inline
function count(table: u32, symbol: u32): void {
  const place = table + (symbol << 2);
  store<u32>(place, load<u32>(place) + 1);
}

// @ts-ignore: as above
@inline
function note(token: u32): void {
  store<u32>(tokensEnd, token);
  tokensEnd += 4;
  if (tokensEnd == TOKENS + 4 * TOKENS_MAX) endBlock();
}

// @ts-ignore: as above
@inline
function literal(byte: u32): void {
  count(LITERAL_COUNTS, byte);
  note(byte);
}

// @ts-ignore: as above
@inline
function match(length: u32, distance: u32): void {
  count(LITERAL_COUNTS, load<u32>(LENGTH_SYMBOLS + (length << 2)) & 0xffff);
  count(DISTANCE_COUNTS, distanceSymbol(distance));
  note((length << 16) | distance);
}

/** RFC 1951 §3.2.5: two symbols for each power of two. */
// @ts-ignore: as above
@inline
function distanceSymbol(distance: u32): u32 {
  if (distance <= 2) return distance - 1;
  const high = 31 - <u32>clz(distance - 1);
  return (high << 1) | (((distance - 1) >> (high - 1)) & 1);
}

function fillLengthSymbols(): void {
  let symbol: u32 = 257;
  let first: u32 = 3;
  while (first < MATCH_MAX) {
    const group = (symbol - 257) >> 2;
    const extra = group > 1 ? group - 1 : 0;
    for (let length = first; length < first + (1 << extra); length++) {
      store<u32>(LENGTH_SYMBOLS + (length << 2), symbol | (extra << 16) | (first << 24));
    }
    first += 1 << extra;
    symbol++;
  }
  // The longest match has a symbol of its own.
  store<u32>(LENGTH_SYMBOLS + (MATCH_MAX << 2), 285 | ((MATCH_MAX & 0xff) << 24));
}

/** What was noted becomes a block, unless it is nothing. */
function endBlock(): void {
  if (tokensEnd == TOKENS) return;
  count(LITERAL_COUNTS, END_OF_BLOCK);
  makeCodes(LITERAL_COUNTS, LITERALS, 15, LITERAL_CODES);
  makeCodes(DISTANCE_COUNTS, DISTANCES, 15, DISTANCE_CODES);
  put(0b100, 3);
  putCodes();
  prepareLengths();
  putTokens();
  putCode(LITERAL_CODES, END_OF_BLOCK);
  begin();
}

/** The code of every match length together with its extra bits: value | bits << 24. */
function prepareLengths(): void {
  for (let length: u32 = MATCH_MIN; length <= MATCH_MAX; length++) {
    const symbol = load<u32>(LENGTH_SYMBOLS + (length << 2));
    const code = load<u32>(LITERAL_CODES + ((symbol & 0xffff) << 2));
    const width = code & 0xff;
    const extra = (length - (symbol >> 24)) & 0xff;
    const value = (code >> 8) | (extra << width);
    store<u32>(LENGTH_PUTS + (length << 2), value | ((width + ((symbol >> 16) & 0xff)) << 24));
  }
}

/** Where the bits go is kept in locals: here is most of the time. */
function putTokens(): void {
  let pending = bits;
  let width: u64 = bitCount;
  let place = out;
  for (let at = TOKENS; at < tokensEnd; at += 4) {
    const token = load<u32>(at);
    if (token < 0x1_0000) {
      const code = load<u32>(LITERAL_CODES + (token << 2));
      pending |= (<u64>(code >> 8)) << width;
      width += code & 0xff;
    } else {
      const length = load<u32>(LENGTH_PUTS + ((token >> 16) << 2));
      pending |= (<u64>(length & 0xff_ffff)) << width;
      width += length >> 24;
      store<u64>(place, pending);
      place += <u32>(width >> 3);
      pending >>= width & ~7;
      width &= 7;
      const before = (token & 0xffff) - 1;
      const symbol = distanceSymbol(token & 0xffff);
      const code = load<u32>(DISTANCE_CODES + (symbol << 2));
      pending |= (<u64>(code >> 8)) << width;
      width += code & 0xff;
      const extra = symbol < 2 ? 0 : (symbol >> 1) - 1;
      pending |= (<u64>(before & ((1 << extra) - 1))) << width;
      width += extra;
    }
    store<u64>(place, pending);
    place += <u32>(width >> 3);
    pending >>= width & ~7;
    width &= 7;
  }
  bits = pending;
  bitCount = <u32>width;
  out = place;
}

// @ts-ignore: as above
@inline
function putCode(codes: u32, symbol: u32): void {
  const code = load<u32>(codes + (symbol << 2));
  put(code >> 8, code & 0xff);
}

/** At most 16 bits. */
// @ts-ignore: as above
@inline
function put(value: u32, width: u32): void {
  bits |= (<u64>value) << bitCount;
  bitCount += width;
  if (bitCount >= 48) {
    store<u64>(out, bits);
    out += 6;
    bits >>= 48;
    bitCount -= 48;
  }
}

/** An empty stored block ends on a byte boundary, RFC 1951 §3.2.4. */
function flush(): void {
  put(0, 3);
  bitCount = (bitCount + 7) & ~7;
  while (bitCount > 0) {
    store<u8>(out++, <u8>bits);
    bits >>= 8;
    bitCount -= 8;
  }
  bits = 0;
  store<u32>(out, 0xffff_0000);
  out += 4;
}

/** The codes of the block, RFC 1951 §3.2.7. */
function putCodes(): void {
  let literals: u32 = LITERALS;
  while (literals > 257 && load<u32>(LITERAL_CODES + ((literals - 1) << 2)) == 0) literals--;
  let distances: u32 = DISTANCES;
  while (distances > 1 && load<u32>(DISTANCE_CODES + ((distances - 1) << 2)) == 0) distances--;
  for (let i: u32 = 0; i < literals; i++) {
    store<u32>(SENT_BITS + (i << 2), load<u32>(LITERAL_CODES + (i << 2)) & 0xff);
  }
  for (let i: u32 = 0; i < distances; i++) {
    store<u32>(SENT_BITS + ((literals + i) << 2), load<u32>(DISTANCE_CODES + (i << 2)) & 0xff);
  }
  const runsEnd = findRuns(literals + distances);
  makeCodes(LENGTH_COUNTS, LENGTHS, 7, LENGTH_CODES);
  let lengths: u32 = LENGTHS;
  while (lengths > 4 && load<u32>(LENGTH_CODES + ((<u32>LENGTH_ORDER[lengths - 1]) << 2)) == 0) {
    lengths--;
  }
  put(literals - 257, 5);
  put(distances - 1, 5);
  put(lengths - 4, 4);
  for (let i: u32 = 0; i < lengths; i++) {
    put(load<u32>(LENGTH_CODES + ((<u32>LENGTH_ORDER[i]) << 2)) & 0xff, 3);
  }
  for (let at = RUNS; at < runsEnd; at += 4) {
    const run = load<u32>(at);
    const symbol = run & 0xff;
    putCode(LENGTH_CODES, symbol);
    if (symbol >= 16) put(run >> 8, symbol == 16 ? 2 : symbol == 17 ? 3 : 7);
  }
}

/** Bits per symbol with repetitions folded: symbol | extra << 8 each. Returns their end. */
function findRuns(total: u32): u32 {
  let runsEnd = RUNS;
  for (let i: u32 = 0; i < total; ) {
    const width = load<u32>(SENT_BITS + (i << 2));
    let repeats: u32 = 1;
    while (i + repeats < total && load<u32>(SENT_BITS + ((i + repeats) << 2)) == width) repeats++;
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
  count(LENGTH_COUNTS, symbol);
  store<u32>(at, symbol | (extra << 8));
  return at + 4;
}

/** Huffman codes of at most `limit` bits for the symbols that were counted. */
function makeCodes(counts: u32, symbols: u32, limit: u32, codes: u32): void {
  memory.fill(codes, 0, symbols << 2);
  const used = sortUsed(counts, symbols);
  memory.fill(BIT_COUNTS, 0, 4 * 64);
  if (used <= 1) {
    // A code of no bits is none, and one that is not complete is refused by some readers.
    const symbol = used == 1 ? load<u32>(SORTED) & 0xffff : 0;
    const other: u32 = symbol == 0 ? 1 : 0;
    store<u32>(codes + (min(symbol, other) << 2), 1);
    store<u32>(codes + (max(symbol, other) << 2), (1 << 8) | 1);
    return;
  }
  findDepths(used);
  for (let i: u32 = 0; i < used; i++) count(BIT_COUNTS, min(load<u32>(DEPTHS + (i << 2)), limit));
  limitDepths(limit);
  assignCodes(used, limit, codes);
}

/** Symbols that occur, rarest first, into `SORTED`; returns how many. */
function sortUsed(counts: u32, symbols: u32): u32 {
  let used: u32 = 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const n = load<u32>(counts + (symbol << 2));
    if (n == 0) continue;
    store<u32>(SORTED + (used << 2), (n << 16) | symbol);
    used++;
  }
  for (let gap: u32 = 57; gap > 0; gap = gap == 57 ? 23 : gap == 23 ? 10 : gap == 10 ? 4 : gap == 4 ? 1 : 0) {
    for (let i = gap; i < used; i++) {
      const entry = load<u32>(SORTED + (i << 2));
      let at = i;
      while (at >= gap && load<u32>(SORTED + ((at - gap) << 2)) > entry) {
        store<u32>(SORTED + (at << 2), load<u32>(SORTED + ((at - gap) << 2)));
        at -= gap;
      }
      store<u32>(SORTED + (at << 2), entry);
    }
  }
  return used;
}

// @ts-ignore: as above
@inline
function depth(i: i32): u32 {
  return load<u32>(DEPTHS + (<u32>i << 2));
}

// @ts-ignore: as above
@inline
function setDepth(i: i32, value: u32): void {
  store<u32>(DEPTHS + (<u32>i << 2), value);
}

/**
 * Bits of each code, in the order of `SORTED`, in place. Source: A. Moffat, J. Katajainen,
 * "In-place calculation of minimum-redundancy codes", 1995.
 */
function findDepths(used: u32): void {
  const n = <i32>used;
  for (let i = 0; i < n; i++) setDepth(i, load<u32>(SORTED + (<u32>i << 2)) >> 16);
  setDepth(0, depth(0) + depth(1));
  let root = 0;
  let leaf = 2;
  for (let next = 1; next < n - 1; next++) {
    let weight: u32;
    if (leaf >= n || depth(root) < depth(leaf)) {
      weight = depth(root);
      setDepth(root++, next);
    } else {
      weight = depth(leaf++);
    }
    if (leaf >= n || (root < next && depth(root) < depth(leaf))) {
      weight += depth(root);
      setDepth(root++, next);
    } else {
      weight += depth(leaf++);
    }
    setDepth(next, weight);
  }
  setDepth(n - 2, 0);
  for (let next = n - 3; next >= 0; next--) setDepth(next, depth(depth(next)) + 1);
  let available: u32 = 1;
  let level: u32 = 0;
  root = n - 2;
  let next = n - 1;
  while (available > 0) {
    let inner: u32 = 0;
    while (root >= 0 && depth(root) == level) {
      inner++;
      root--;
    }
    while (available > inner) {
      setDepth(next--, level);
      available--;
    }
    available = inner << 1;
    level++;
  }
}

/** Codes that were cut to the limit take room, which others give by becoming longer. */
function limitDepths(limit: u32): void {
  let total: u32 = 0;
  for (let width = limit; width > 0; width--) {
    total += load<u32>(BIT_COUNTS + (width << 2)) << (limit - width);
  }
  while (total > 1 << limit) {
    const longest = BIT_COUNTS + (limit << 2);
    store<u32>(longest, load<u32>(longest) - 1);
    for (let width = limit - 1; width > 0; width--) {
      const place = BIT_COUNTS + (width << 2);
      if (load<u32>(place) == 0) continue;
      store<u32>(place, load<u32>(place) - 1);
      store<u32>(place + 4, load<u32>(place + 4) + 2);
      break;
    }
    total--;
  }
}

/** Canonical codes, RFC 1951 §3.2.2: the most frequent symbols have the shortest. */
function assignCodes(used: u32, limit: u32, codes: u32): void {
  let i = used;
  for (let width: u32 = 1; width <= limit; width++) {
    for (let n = load<u32>(BIT_COUNTS + (width << 2)); n > 0; n--) {
      i--;
      store<u32>(codes + ((load<u32>(SORTED + (i << 2)) & 0xffff) << 2), width);
    }
  }
  let code: u32 = 0;
  for (let width: u32 = 1; width <= limit; width++) {
    code = (code + (width > 1 ? load<u32>(BIT_COUNTS + ((width - 1) << 2)) : 0)) << 1;
    store<u32>(NEXT_CODES + (width << 2), code);
  }
  for (let symbol: u32 = 0; symbol < LITERALS; symbol++) {
    const place = codes + (symbol << 2);
    if (place >= codes + (symbolsOf(codes) << 2)) break;
    const width = load<u32>(place);
    if (width == 0) continue;
    const next = NEXT_CODES + (width << 2);
    const value = load<u32>(next);
    store<u32>(next, value + 1);
    store<u32>(place, (reversed(value, width) << 8) | width);
  }
}

function symbolsOf(codes: u32): u32 {
  return codes == LITERAL_CODES ? LITERALS : codes == DISTANCE_CODES ? DISTANCES : LENGTHS;
}

function reversed(value: u32, width: u32): u32 {
  let result: u32 = 0;
  for (let i: u32 = 0; i < width; i++) result |= ((value >> i) & 1) << (width - 1 - i);
  return result;
}
