/**
 * Where things are in the kernel's memory: nothing is allocated. Bytes before and behind the
 * input may be read, so both are somewhere inside.
 */

/** A multiple of 64 KiB, see `POSITIONS`. */
export const INPUT: u32 = 65_536;
export const INPUT_MAX: u32 = 1_100_000;
export const OUTPUT: u32 = 1_310_720;

/**
 * Where bytes were last seen, by their hash: the low 16 bits of the place. What is empty means
 * a place that is a multiple of 64 KiB, which is inside the input, too.
 */
export const POSITIONS: u32 = 3_145_728;
export const HASH_BITS: u32 = 14;

/**
 * A block is noted as sequences: a run of literals, then a match. Of each u16 for the run, the
 * match length, its distance - 1 and the key of that (see `symbols.ts`); elsewhere the literals
 * of all runs one after another. So many sequences or literals end a block, and so many
 * more may be noted until that is seen.
 */
export const SEQUENCES: u32 = POSITIONS + (2 << HASH_BITS);
export const SEQUENCES_END: u32 = SEQUENCES + 8 * 24_576;
const SEQUENCES_MORE: u32 = 64;
export const LITERAL_BYTES: u32 = SEQUENCES_END + SEQUENCES_MORE;
export const LITERAL_BYTES_END: u32 = LITERAL_BYTES + 40_960;
const LITERAL_BYTES_MORE: u32 = 24_576;

export const LITERALS: u32 = 286;
export const DISTANCES: u32 = 30;
export const END_OF_BLOCK: u32 = 256;
export const MATCH_MAX: u32 = 258;

/** Small tables: u32 each, unless something else is said. */
const TABLES: u32 = LITERAL_BYTES_END + LITERAL_BYTES_MORE;
/** How often each symbol of the alphabets of RFC 1951 occurs in the block. */
export const LITERAL_COUNTS: u32 = TABLES;
export const DISTANCE_COUNTS: u32 = LITERAL_COUNTS + 4 * LITERALS;
/** By match length, and by the key of a distance. */
export const LENGTH_COUNTS: u32 = DISTANCE_COUNTS + 4 * DISTANCES;
export const KEY_COUNTS: u32 = LENGTH_COUNTS + 4 * 259;
export const KEYS: u32 = 284;
/** Four tables by byte, which together say how often it occurs. */
export const BYTE_COUNTS: u32 = KEY_COUNTS + 4 * KEYS;

/** Codes, bits reversed, << 8 | bits. Of the literals, those from `ABSENT` on are empty. */
export const LITERAL_CODES: u32 = BYTE_COUNTS + 4 * 4 * 256;
export const ABSENT: u32 = 512;
export const DISTANCE_CODES: u32 = LITERAL_CODES + 4 * (ABSENT + 256);
/** By match length: symbol | extra bits << 16 | first length << 24. */
export const LENGTH_SYMBOLS: u32 = DISTANCE_CODES + 4 * DISTANCES;
/** By match length: code and extra bits together | how many << 24. Nothing for no match. */
export const LENGTH_PUTS: u32 = LENGTH_SYMBOLS + 4 * 259;
/** By key, u64 each: code | bits << 16 | bits with the extra ones << 24 | mask of those << 32. */
export const DISTANCE_PUTS: u32 = LENGTH_PUTS + 4 * 259;

/** The code of codes, and what is sent by it. */
export const WIDTHS: u32 = 19;
export const WIDTH_COUNTS: u32 = DISTANCE_PUTS + 8 * KEYS;
export const WIDTH_CODES: u32 = WIDTH_COUNTS + 4 * WIDTHS;
/** Bits per symbol as they are sent, and their run-length form. */
export const SENT_WIDTHS: u32 = WIDTH_CODES + 4 * WIDTHS;
export const RUNS: u32 = SENT_WIDTHS + 4 * 320;

/** Of the symbols that occur: count << 9 | symbol, then depths. */
export const SORTED: u32 = RUNS + 4 * 320;
export const DEPTHS: u32 = SORTED + 4 * LITERALS;
/** How many codes there are of each number of bits. */
export const BIT_COUNTS: u32 = DEPTHS + 4 * LITERALS;
export const NEXT_CODES: u32 = BIT_COUNTS + 4 * 64;

// @ts-ignore: decorators are AssemblyScript's
@inline
export function count(table: u32, symbol: u32): void {
  const place = table + (symbol << 2);
  store<u32>(place, load<u32>(place) + 1);
}
