/** JSON is UTF-8 (RFC 8259 §8.1); shells of Windows write UTF-16 with a byte order mark. */
import { isUtf8 } from 'node:buffer';

export function decodeText(bytes: Buffer): { text: string } | { reason: string } {
  const isLittleEndian = bytes[0] === 0xff && bytes[1] === 0xfe;
  const isBigEndian = bytes[0] === 0xfe && bytes[1] === 0xff;
  if (isLittleEndian || isBigEndian) {
    const decoder = new TextDecoder(isLittleEndian ? 'utf-16le' : 'utf-16be', { ignoreBOM: true });
    return { text: decoder.decode(bytes) };
  }
  if (isUtf8(bytes)) return { text: bytes.toString('utf8') };
  return { reason: 'it is not text in UTF-8; save it as UTF-8' };
}
