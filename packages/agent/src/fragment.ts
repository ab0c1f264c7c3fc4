/**
 * A fragment: encoded records, compressed once. It is the unit that is stored, and any request
 * body is made of fragments without compressing again.
 *
 * Layout: the JSON texts of the records joined by commas, as raw deflate (RFC 1951) that ends
 * with a full flush: on a byte boundary, with no reference to what came before, without a final
 * block. Fragments can therefore be put one after another, between a prefix and a suffix made
 * the same way, and wrapped as gzip or zlib by combining their checksums.
 */
import { constants, crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { adler32, combineAdler32, combineCrc32 } from './fragment/checksum.ts';

export interface Fragment {
  /** Raw deflate, ends flushed. */
  readonly deflated: Uint8Array;
  /** Length before compression, bytes. */
  readonly rawBytes: number;
  readonly recordCount: number;
  /** CRC-32 of the uncompressed bytes, for gzip. */
  readonly crc32: number;
  /** Adler-32 of the uncompressed bytes, for zlib. */
  readonly adler32: number;
}

/** Of zlib: level 1 runs at 0.2–0.5 GB/s on JSON records; level 3 gains 1 % of size there. */
export const COMPRESSION_LEVEL = 1;

const COMMA = Uint8Array.of(0x2c);
/** As a stored block (RFC 1951 §3.2.4). */
const COMMA_FRAGMENT: Fragment = {
  deflated: Uint8Array.of(0, 1, 0, 0xfe, 0xff, 0x2c),
  rawBytes: 1,
  recordCount: 0,
  crc32: crc32(COMMA),
  adler32: adler32(COMMA),
};

/** Compresses the JSON texts of `recordCount` records, which the caller has joined by commas. */
export function createFragment(json: Uint8Array, recordCount: number): Fragment {
  return {
    deflated: deflateRawSync(json, {
      level: COMPRESSION_LEVEL,
      finishFlush: constants.Z_FULL_FLUSH,
    }),
    rawBytes: json.byteLength,
    recordCount,
    crc32: crc32(json),
    adler32: adler32(json),
  };
}

/**
 * The JSON texts again. Throws an `Error` when what comes out is not what went in; never
 * inflates beyond `rawBytes`.
 */
export function inflateFragment(fragment: Fragment): Uint8Array {
  const json = inflateRawSync(fragment.deflated, {
    // A fragment has no final block; inflating to its end is not an error.
    finishFlush: constants.Z_SYNC_FLUSH,
    maxOutputLength: Math.max(fragment.rawBytes, 1),
  });
  if (json.byteLength !== fragment.rawBytes || crc32(json) !== fragment.crc32) {
    throw new Error('the fragment is damaged: its checksum does not match');
  }
  return json;
}

/** The same records as one fragment; copies compressed bytes and compresses nothing. */
export function concatFragments(fragments: readonly Fragment[]): Fragment {
  const [first, ...others] = fragments;
  if (first === undefined) throw new TypeError('no fragments to put together');
  return others.reduce((whole, next) => pairOf(pairOf(whole, COMMA_FRAGMENT), next), first);
}

function pairOf(first: Fragment, second: Fragment): Fragment {
  const { rawBytes } = second;
  return {
    deflated: Buffer.concat([first.deflated, second.deflated]),
    rawBytes: first.rawBytes + rawBytes,
    recordCount: first.recordCount + second.recordCount,
    crc32: combineCrc32(first.crc32, second.crc32, rawBytes),
    adler32: combineAdler32(first.adler32, second.adler32, rawBytes),
  };
}
