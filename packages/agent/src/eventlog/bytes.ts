/** Little-endian reads of unsigned integers. The caller has checked that the bytes are there. */

export function readU16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

export function readU32(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
  );
}

/** A 64-bit integer as a number; exact up to 2^53, `Infinity` above. */
export function readSafeU64(bytes: Uint8Array, at: number): number {
  const value = readU32(bytes, at + 4) * 0x1_0000_0000 + readU32(bytes, at);
  return Number.isSafeInteger(value) ? value : Number.POSITIVE_INFINITY;
}
