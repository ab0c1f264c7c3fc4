/**
 * Request bodies out of fragments. Nothing is compressed again and no fragment is copied: between
 * them stand a few bytes of their own, stored as they are.
 */
import { crc32 } from 'node:zlib';
import type { Fragment } from '../fragment.ts';
import { adler32, combineAdler32, combineCrc32 } from './checksum.ts';

/** Encoding of a body: `gzip` is RFC 1952, `zlib` RFC 1950 (HTTP's `deflate`). */
export type Wrapper = 'gzip' | 'zlib';

export interface Join {
  /** Uncompressed bytes before the records, such as `[`. */
  readonly prefix: Uint8Array;
  /** Uncompressed bytes after the records, such as `]`. */
  readonly suffix: Uint8Array;
  readonly fragments: readonly Fragment[];
  readonly wrapper: Wrapper;
}

/** One after another, a body. */
export interface JoinedBody {
  /** Some of them are the fragments' own memory. */
  readonly pieces: readonly Uint8Array[];
  readonly byteLength: number;
}

const GZIP_HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
const ZLIB_HEADER = Uint8Array.of(0x78, 0x01);
const STORED_BYTES_MAX = 0xffff;
const COMMA = Uint8Array.of(0x2c);

/** A valid gzip or zlib body that inflates to prefix, fragments joined by commas, suffix. */
export function joinFragments({ prefix, suffix, fragments, wrapper }: Join): JoinedBody {
  const body = new BodyWriter(wrapper);
  body.stored(prefix);
  for (const [index, fragment] of fragments.entries()) {
    if (index > 0) body.stored(COMMA);
    body.fragment(fragment);
  }
  body.stored(suffix, true);
  return body.end();
}

/** Gathers pieces and keeps the checksum of what they inflate to. */
class BodyWriter {
  readonly #wrapper: Wrapper;
  readonly #pieces: Uint8Array[] = [];
  /** What stands between two fragments. */
  #between: Uint8Array[];
  #byteLength = 0;
  #rawBytes = 0;
  #checksum: number;

  constructor(wrapper: Wrapper) {
    this.#wrapper = wrapper;
    this.#checksum = wrapper === 'gzip' ? 0 : 1;
    this.#between = [wrapper === 'gzip' ? GZIP_HEADER : ZLIB_HEADER];
  }

  fragment({ deflated, rawBytes, crc32: crc, adler32: adler }: Fragment): void {
    this.#endBetween();
    this.#add(deflated);
    this.#count(rawBytes, crc, adler);
  }

  /** Stored blocks (RFC 1951 §3.2.4); they start and end on a byte boundary here. */
  stored(raw: Uint8Array, isFinal = false): void {
    let at = 0;
    do {
      const piece = raw.subarray(at, at + STORED_BYTES_MAX);
      at += piece.byteLength;
      const header = Buffer.alloc(5);
      header.writeUInt8(isFinal && at === raw.byteLength ? 1 : 0, 0);
      header.writeUInt16LE(piece.byteLength, 1);
      header.writeUInt16LE(~piece.byteLength & 0xffff, 3);
      this.#between.push(header, piece);
    } while (at < raw.byteLength);
    this.#count(raw.byteLength, crc32(raw), adler32(raw));
  }

  /** With the trailer. */
  end(): JoinedBody {
    const isGzip = this.#wrapper === 'gzip';
    const trailer = Buffer.alloc(isGzip ? 8 : 4);
    if (isGzip) {
      trailer.writeUInt32LE(this.#checksum, 0);
      // RFC 1952 §2.3.1: the length modulo 2^32.
      trailer.writeUInt32LE(this.#rawBytes % 2 ** 32, 4);
    } else {
      trailer.writeUInt32BE(this.#checksum, 0);
    }
    this.#between.push(trailer);
    this.#endBetween();
    return { pieces: this.#pieces, byteLength: this.#byteLength };
  }

  #endBetween(): void {
    this.#add(Buffer.concat(this.#between));
    this.#between = [];
  }

  #add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#byteLength += piece.byteLength;
  }

  #count(rawBytes: number, crc: number, adler: number): void {
    this.#rawBytes += rawBytes;
    this.#checksum =
      this.#wrapper === 'gzip'
        ? combineCrc32(this.#checksum, crc, rawBytes)
        : combineAdler32(this.#checksum, adler, rawBytes);
  }
}
