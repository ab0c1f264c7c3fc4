/** Huffman codes from counts, RFC 1951 §3.2.2. */
import { BIT_COUNTS, count, DEPTHS, NEXT_CODES, SORTED } from './memory';

/**
 * Codes of at most `limit` bits for the symbols that were counted: bits reversed, << 8 | bits. A
 * count is less than 2^23.
 */
export function makeCodes(counts: u32, symbols: u32, limit: u32, codes: u32): void {
  memory.fill(codes, 0, symbols << 2);
  const used = sortUsed(counts, symbols);
  memory.fill(BIT_COUNTS, 0, 4 * 64);
  if (used <= 1) {
    // A code of no bits is none, and one that is not complete is refused by some readers.
    const symbol = used == 1 ? load<u32>(SORTED) & 0x1ff : 0;
    const other: u32 = symbol == 0 ? 1 : 0;
    store<u32>(codes + (min(symbol, other) << 2), 1);
    store<u32>(codes + (max(symbol, other) << 2), (1 << 8) | 1);
    return;
  }
  findDepths(used);
  for (let i: u32 = 0; i < used; i++) count(BIT_COUNTS, min(load<u32>(DEPTHS + (i << 2)), limit));
  limitDepths(limit);
  assignCodes(used, limit, symbols, codes);
}

/** Symbols that occur, rarest first, into `SORTED`; returns how many. */
function sortUsed(counts: u32, symbols: u32): u32 {
  let used: u32 = 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const n = load<u32>(counts + (symbol << 2));
    if (n == 0) continue;
    store<u32>(SORTED + (used << 2), (n << 9) | symbol);
    used++;
  }
  for (let gap: u32 = 57; gap > 0; gap = gap * 7 >> 4) sortByGap(used, gap);
  return used;
}

/** A step of Shell's sort: entries that are so far apart are in order afterwards. */
function sortByGap(used: u32, gap: u32): void {
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

// @ts-ignore: decorators are AssemblyScript's
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
  for (let i = 0; i < n; i++) setDepth(i, load<u32>(SORTED + (<u32>i << 2)) >> 9);
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
function assignCodes(used: u32, limit: u32, symbols: u32, codes: u32): void {
  let i = used;
  for (let width: u32 = 1; width <= limit; width++) {
    for (let n = load<u32>(BIT_COUNTS + (width << 2)); n > 0; n--) {
      i--;
      store<u32>(codes + ((load<u32>(SORTED + (i << 2)) & 0x1ff) << 2), width);
    }
  }
  let code: u32 = 0;
  for (let width: u32 = 1; width <= limit; width++) {
    code = (code + (width > 1 ? load<u32>(BIT_COUNTS + ((width - 1) << 2)) : 0)) << 1;
    store<u32>(NEXT_CODES + (width << 2), code);
  }
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const place = codes + (symbol << 2);
    const width = load<u32>(place);
    if (width == 0) continue;
    const next = NEXT_CODES + (width << 2);
    const value = load<u32>(next);
    store<u32>(next, value + 1);
    store<u32>(place, (reversed(value, width) << 8) | width);
  }
}

function reversed(value: u32, width: u32): u32 {
  let result: u32 = 0;
  for (let i: u32 = 0; i < width; i++) result |= ((value >> i) & 1) << (width - 1 - i);
  return result;
}
