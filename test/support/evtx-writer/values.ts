/** The text of a value → the bytes that are stored for it. */

const SCALARS = {
  null: 0x00,
  string: 0x01,
  ansiString: 0x02,
  int8: 0x03,
  uint8: 0x04,
  int16: 0x05,
  uint16: 0x06,
  int32: 0x07,
  uint32: 0x08,
  int64: 0x09,
  uint64: 0x0a,
  float: 0x0b,
  double: 0x0c,
  boolean: 0x0d,
  binary: 0x0e,
  guid: 0x0f,
  size: 0x10,
  filetime: 0x11,
  systemtime: 0x12,
  sid: 0x13,
  hex32: 0x14,
  hex64: 0x15,
} as const;

export type ScalarType = keyof typeof SCALARS;

/** A type followed by `[]` is an array of it. */
export type ValueType = ScalarType | `${ScalarType}[]`;

export interface EncodedValue {
  readonly typeCode: number;
  readonly bytes: Buffer;
}

export function encodeScalar(type: ScalarType, text: string): EncodedValue {
  return { typeCode: SCALARS[type], bytes: scalarBytes(type, text) };
}

export function encodeArray(type: ScalarType, items: readonly string[]): EncodedValue {
  const terminator = type === 'string' ? '\0' : '';
  const bytes = Buffer.concat(items.map((item) => scalarBytes(type, item + terminator)));
  return { typeCode: 0x80 | SCALARS[type], bytes };
}

function scalarBytes(type: ScalarType, text: string): Buffer {
  switch (type) {
    case 'null':
      return Buffer.alloc(0);
    case 'string':
      return Buffer.from(text, 'utf16le');
    case 'ansiString':
      return Buffer.from(text, 'latin1');
    case 'float': {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatLE(Number(text));
      return bytes;
    }
    case 'double': {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(Number(text));
      return bytes;
    }
    case 'boolean':
      return integerBytes(text === 'true' ? 1n : 0n, 4);
    case 'binary':
      return Buffer.from(text, 'hex');
    case 'guid':
      return guidBytes(text);
    case 'filetime':
      return integerBytes(filetimeTicks(text), 8);
    case 'systemtime':
      return systemtimeBytes(text);
    case 'sid':
      return sidBytes(text);
    default:
      return integerBytes(BigInt(text), INTEGER_SIZES[type]);
  }
}

const INTEGER_SIZES = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  size: 8,
  hex32: 4,
  hex64: 8,
} as const;

function integerBytes(value: bigint, size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes.subarray(0, size);
}

export function guidBytes(text: string): Buffer {
  const bytes = Buffer.from(text.replace(/[{}-]/g, ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

/** `2025-06-08T07:12:52.1635583Z` → 100 ns ticks since 1601. */
export function filetimeTicks(text: string): bigint {
  const [, seconds = '', fraction = ''] = /^(.{19})(?:\.(\d{1,9}))?Z$/.exec(text) ?? [];
  const epochSeconds = BigInt(Date.parse(`${seconds}Z`) / 1000);
  return (
    (epochSeconds + 11_644_473_600n) * 10_000_000n + BigInt(fraction.padEnd(7, '0').slice(0, 7))
  );
}

function systemtimeBytes(text: string): Buffer {
  const date = new Date(text);
  const fields = [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDay(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    date.getUTCMilliseconds(),
  ];
  return Buffer.concat(fields.map((field) => integerBytes(BigInt(field), 2)));
}

/** `S-1-5-21-…` → revision, count, authority big-endian, sub-authorities. */
function sidBytes(text: string): Buffer {
  const [, revision = '1', authority = '0', ...parts] = text.split('-');
  const head = Buffer.alloc(8);
  head.writeUInt8(Number(revision), 0);
  head.writeUInt8(parts.length, 1);
  head.writeUIntBE(Number(authority), 2, 6);
  return Buffer.concat([head, ...parts.map((part) => integerBytes(BigInt(part), 4))]);
}
