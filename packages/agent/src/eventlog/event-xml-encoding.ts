/**
 * How a file of event XML is encoded. Markup is ASCII, so a byte-oriented file is searched as
 * Latin-1, where one character is one byte: places stay byte offsets, and only what was found is
 * decoded.
 */

import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';

export interface XmlEncoding {
  /** Bytes before the text: the byte order mark. */
  readonly markSize: number;
  /** Bytes of one character of the searched text. */
  readonly unitSize: 1 | 2;
  /** Bytes → text to search. Whole units only. */
  searchable(bytes: Buffer): string;
  /** Whether the searchable text of these bytes surely is what it says. */
  isPlain(bytes: Buffer): boolean;
  /** A piece of the searched text → what it says. */
  decode(piece: string): string;
}

/** Bytes that suffice to tell: a byte order mark and an XML declaration. */
export const ENCODING_PEEK_SIZE = 256;

export function detectEncoding(start: Buffer): XmlEncoding {
  if (start[0] === 0xff && start[1] === 0xfe) return utf16(2, false);
  if (start[0] === 0xfe && start[1] === 0xff) return utf16(2, true);
  if (start[0] === 0x3c && start[1] === 0) return utf16(0, false);
  if (start[0] === 0 && start[1] === 0x3c) return utf16(0, true);
  const markSize = start.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  const declaration = start.toString('latin1', markSize);
  const label = /^<\?xml\s[^>]*?encoding\s*=\s*["']([\w.-]+)["']/.exec(declaration)?.[1];
  return byteOriented(markSize, decoderFor(label));
}

function utf16(markSize: number, isBigEndian: boolean): XmlEncoding {
  return {
    markSize,
    unitSize: 2,
    searchable: (bytes) => (isBigEndian ? Buffer.from(bytes).swap16() : bytes).toString('utf16le'),
    // Half of a surrogate pair may stand anywhere.
    isPlain: () => false,
    decode: (piece) => piece.toWellFormed(),
  };
}

function byteOriented(markSize: number, decoder: TextDecoder): XmlEncoding {
  return {
    markSize,
    unitSize: 1,
    searchable: (bytes) => bytes.toString('latin1'),
    // ASCII means the same in all of them, but for those that switch by escape sequences.
    isPlain: (bytes) => decoder.encoding !== 'iso-2022-jp' && isAscii(bytes),
    decode: (piece) => decoder.decode(Buffer.from(piece, 'latin1')),
  };
}

/** UTF-8 unless another encoding is declared that this runtime knows. */
function decoderFor(label: string | undefined): TextDecoder {
  // A declaration of UTF-16 that could be read byte by byte is wrong.
  if (label !== undefined && !/^utf-?16/i.test(label)) {
    try {
      return new TextDecoder(label, { ignoreBOM: true });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return new TextDecoder('utf-8', { ignoreBOM: true });
}
