/**
 * Raw deflate (RFC 1951) for JSON records, in AssemblyScript: a language of its own in the
 * clothes of TypeScript, see README.md. The result ends with a full flush, so results can be put
 * one after another.
 */
import { beginOutput, flush, outputEnd } from './bits';
import { beginCounts } from './block';
import { findMatches } from './matches';
import { HASH_BITS, INPUT, OUTPUT, POSITIONS } from './memory';
import { fillLengthSymbols } from './symbols';

/** Compresses `INPUT[0..length)`; returns the bytes of output, which begins at `OUTPUT`. */
export function deflate(length: u32): u32 {
  fillLengthSymbols();
  // Of other input, they might be of places before this one.
  memory.fill(POSITIONS, 0, 2 << HASH_BITS);
  beginOutput();
  beginCounts();
  findMatches(INPUT, INPUT + length);
  flush();
  return outputEnd - OUTPUT;
}
