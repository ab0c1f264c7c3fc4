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

/** Encoding of a body: `gzip` is RFC 1952, `zlib` RFC 1950 (HTTP's `deflate`). */
export type Wrapper = 'gzip' | 'zlib';

/** Of zlib: level 1 runs at 0.2–0.5 GB/s on JSON records; level 3 gains 1 % of size there. */
export const COMPRESSION_LEVEL = 1;

const GZIP_HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
const ZLIB_HEADER = Uint8Array.of(0x78, 0x01);
const STORED_BYTES_MAX = 0xffff;
const STORED_HEADER_BYTES = 5;
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

export interface Join {
  /** Uncompressed bytes before the records, such as `[`. */
  readonly prefix: Uint8Array;
  /** Uncompressed bytes after the records, such as `]`. */
  readonly suffix: Uint8Array;
  readonly fragments: readonly Fragment[];
  readonly wrapper: Wrapper;
}

/**
 * One valid gzip or zlib body that inflates to prefix, fragments joined by commas, suffix.
 * Copies the fragments' bytes and compresses nothing: prefix, commas and suffix are stored.
 */
export function joinFragments({ prefix, suffix, fragments, wrapper }: Join): Uint8Array {
  const body = new BodyWriter(wrapper, joinedBytesMax(prefix, suffix, fragments));
  body.stored(prefix);
  fragments.forEach((fragment, index) => {
    if (index > 0) body.stored(COMMA);
    body.fragment(fragment);
  });
  body.stored(suffix, true);
  return body.end();
}

function joinedBytesMax(
  prefix: Uint8Array,
  suffix: Uint8Array,
  fragments: readonly Fragment[],
): number {
  // Ten bytes of header and eight of trailer at most.
  let bytes = 18 + storedBytes(prefix) + storedBytes(suffix);
  for (const fragment of fragments) bytes += fragment.deflated.byteLength + storedBytes(COMMA);
  return bytes;
}

function storedBytes(raw: Uint8Array): number {
  const blocks = Math.max(1, Math.ceil(raw.byteLength / STORED_BYTES_MAX));
  return blocks * STORED_HEADER_BYTES + raw.byteLength;
}

/** Writes pieces one after another and keeps the checksum of what they inflate to. */
class BodyWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #wrapper: Wrapper;
  #length = 0;
  #rawBytes = 0;
  #checksum: number;

  constructor(wrapper: Wrapper, bytesMax: number) {
    // What is not written is not sent either.
    this.#bytes = Buffer.allocUnsafeSlow(bytesMax);
    this.#view = new DataView(this.#bytes.buffer);
    this.#wrapper = wrapper;
    this.#checksum = wrapper === 'gzip' ? 0 : 1;
    this.#put(wrapper === 'gzip' ? GZIP_HEADER : ZLIB_HEADER);
  }

  fragment({ deflated, rawBytes, crc32: crc, adler32: adler }: Fragment): void {
    this.#put(deflated);
    this.#count(rawBytes, crc, adler);
  }

  /** Stored blocks (RFC 1951 §3.2.4); they start and end on a byte boundary here. */
  stored(raw: Uint8Array, isFinal = false): void {
    let at = 0;
    do {
      const piece = raw.subarray(at, at + STORED_BYTES_MAX);
      at += piece.byteLength;
      this.#view.setUint8(this.#length, isFinal && at === raw.byteLength ? 1 : 0);
      this.#view.setUint16(this.#length + 1, piece.byteLength, true);
      this.#view.setUint16(this.#length + 3, ~piece.byteLength & 0xffff, true);
      this.#length += STORED_HEADER_BYTES;
      this.#put(piece);
    } while (at < raw.byteLength);
    this.#count(raw.byteLength, crc32(raw), adler32(raw));
  }

  /** Writes the trailer; the body is complete after it. */
  end(): Uint8Array {
    if (this.#wrapper === 'gzip') {
      this.#view.setUint32(this.#length, this.#checksum, true);
      // RFC 1952 §2.3.1: the length modulo 2^32, which is what setUint32 keeps.
      this.#view.setUint32(this.#length + 4, this.#rawBytes, true);
      this.#length += 8;
    } else {
      this.#view.setUint32(this.#length, this.#checksum);
      this.#length += 4;
    }
    return this.#bytes.subarray(0, this.#length);
  }

  #put(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.byteLength;
  }

  #count(rawBytes: number, crc: number, adler: number): void {
    this.#rawBytes += rawBytes;
    this.#checksum =
      this.#wrapper === 'gzip'
        ? combineCrc32(this.#checksum, crc, rawBytes)
        : combineAdler32(this.#checksum, adler, rawBytes);
  }
}
