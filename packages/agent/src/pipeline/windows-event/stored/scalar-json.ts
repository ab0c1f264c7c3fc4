/** Stored scalars as the content of a JSON string, as `scalarText` prints them. */
import { readSafeU64, readU16, readU32 } from '../../../eventlog/bytes.ts';
import { scalarText } from '../../../eventlog/value.ts';
import { sidSize, sidText } from '../../../eventlog/value-text.ts';
import { fixedSize, VALUE_TYPE } from '../../../eventlog/value-type.ts';
import type { JsonBytes } from '../../json-bytes.ts';
import { JsonLiteral } from '../../json-literal.ts';

/** Bytes of a SID before its sub-authorities. */
const SID_HEAD = 8;
const SID_START = new JsonLiteral('S-');
const DASH = 0x2d;

export function writeScalar(
  out: JsonBytes,
  stored: Buffer,
  type: number,
  at: number,
  size: number,
): void {
  if (type === VALUE_TYPE.string) {
    if (!out.utf16(stored, at, size)) out.text(scalarText(stored, type, at, size));
  } else if (type === VALUE_TYPE.sid && size >= SID_HEAD && sidSize(stored, at) <= size) {
    writeSid(out, stored, at);
  } else if (size < fixedSize(type) || !writeNumber(out, stored, type, at, size)) {
    out.text(scalarText(stored, type, at, size));
  }
}

/** False, having written nothing, for other types and for numbers beyond 2^53. */
function writeNumber(
  out: JsonBytes,
  stored: Buffer,
  type: number,
  at: number,
  size: number,
): boolean {
  switch (type) {
    case VALUE_TYPE.uint8:
      out.digits(stored[at]!);
      return true;
    case VALUE_TYPE.uint16:
      out.digits(readU16(stored, at));
      return true;
    case VALUE_TYPE.uint32:
      out.digits(readU32(stored, at));
      return true;
    case VALUE_TYPE.uint64: {
      const number = readSafeU64(stored, at);
      if (number === Number.POSITIVE_INFINITY) return false;
      out.digits(number);
      return true;
    }
    case VALUE_TYPE.hex32:
      out.hex(readU32(stored, at), 0);
      return true;
    case VALUE_TYPE.size:
      if (size !== 4 && size !== 8) return false;
      out.hex(readU32(stored, at), size === 8 ? readU32(stored, at + 4) : 0);
      return true;
    case VALUE_TYPE.hex64:
      out.hex(readU32(stored, at), readU32(stored, at + 4));
      return true;
    default:
      return false;
  }
}

/** `S-1-5-18`, as `sidText` prints it. */
function writeSid(out: JsonBytes, stored: Buffer, at: number): void {
  // An authority beyond one byte is rare, and is printed in another way when it is large.
  if (stored.readUIntBE(at + 2, 5) !== 0) {
    out.json(sidText(stored, at));
    return;
  }
  out.raw(SID_START);
  out.digits(stored[at]!);
  out.byte(DASH);
  out.digits(stored[at + 7]!);
  const end = at + sidSize(stored, at);
  for (let part = at + SID_HEAD; part < end; part += 4) {
    out.byte(DASH);
    out.digits(readU32(stored, part));
  }
}
