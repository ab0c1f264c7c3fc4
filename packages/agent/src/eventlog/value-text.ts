/** Text, identifiers and bytes as Windows prints them. */
import { readU32 } from './bytes.ts';

const REPLACEMENT = '\ufffd';

/**
 * UTF-16 without the terminator that one in six stored strings carries. A string that ends in
 * NUL ends at its first NUL; others are kept whole. Always well-formed, so it can become UTF-8.
 */
export function stringText(bytes: Buffer, at: number, size: number): string {
  const end = at + size;
  let text = bytes.toString('utf16le', at, end - (size & 1));
  if ((size & 1) === 1) text += REPLACEMENT;
  if (size >= 2 && bytes[end - 1] === 0 && bytes[end - 2] === 0) {
    const terminator = text.indexOf('\0');
    if (terminator >= 0) text = text.slice(0, terminator);
  }
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** An array of NUL-terminated strings; the last terminator may be missing. */
export function stringItems(bytes: Buffer, at: number, size: number): string[] {
  if (size === 0) return [];
  const text =
    bytes.toString('utf16le', at, at + size - (size & 1)) + (size & 1 ? REPLACEMENT : '');
  const items = text.toWellFormed().split('\0');
  if (items.at(-1) === '') items.pop();
  return items;
}

/** Windows-1252: the file does not record the code page, and this is the usual one. */
export function ansiText(bytes: Buffer, at: number, size: number): string {
  let end = at + size;
  while (end > at && bytes[end - 1] === 0) end--;
  return windows1252(bytes.toString('latin1', at, end));
}

export function ansiItems(bytes: Buffer, at: number, size: number): string[] {
  if (size === 0) return [];
  const items = windows1252(bytes.toString('latin1', at, at + size)).split('\0');
  if (items.at(-1) === '') items.pop();
  return items;
}

/** Windows-1252 characters of the bytes 80 to 9F; five bytes stand for none. */
const WINDOWS_1252_HIGH = '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ';

function windows1252(latin1: string): string {
  return latin1.replace(/[\x80-\x9f]/g, (c) => WINDOWS_1252_HIGH[c.charCodeAt(0) - 0x80]!);
}

/** Upper-case hexadecimal digits, no blanks. */
export function binaryText(bytes: Buffer, at: number, size: number): string {
  return bytes.toString('hex', at, at + size).toUpperCase();
}

const GUID_SHAPE = '{00000000-0000-0000-0000-000000000000}';
/** Where the digits of each of the 16 bytes stand; the first three groups are little-endian. */
const GUID_DIGITS = [7, 5, 3, 1, 12, 10, 17, 15, 20, 22, 25, 27, 29, 31, 33, 35];
const HEX_DIGITS = Buffer.from('0123456789abcdef', 'latin1');
const guidScratch = Buffer.from(GUID_SHAPE, 'latin1');

/** `{8-4-4-4-12}`, lower case. */
export function guidText(bytes: Buffer, at: number): string {
  // One string made at once is much cheaper than one put together from seven.
  for (let i = 0; i < 16; i++) {
    const byte = bytes[at + i]!;
    const digit = GUID_DIGITS[i]!;
    guidScratch[digit] = HEX_DIGITS[byte >> 4]!;
    guidScratch[digit + 1] = HEX_DIGITS[byte & 15]!;
  }
  return guidScratch.toString('latin1');
}

/** Bytes that a SID at this place takes, by its own count of sub-authorities. */
export function sidSize(bytes: Uint8Array, at: number): number {
  return 8 + 4 * bytes[at + 1]!;
}

/** `S-1-5-18`. The authority is stored big-endian and printed in hex when it is over 32 bits. */
export function sidText(bytes: Buffer, at: number): string {
  const authority = bytes.readUIntBE(at + 2, 6);
  let text = `S-${bytes[at]}-${
    authority < 0x1_0000_0000 ? authority : `0x${authority.toString(16).padStart(12, '0')}`
  }`;
  const end = at + sidSize(bytes, at);
  for (let part = at + 8; part < end; part += 4) text += `-${readU32(bytes, part)}`;
  return text;
}
