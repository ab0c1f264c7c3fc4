/**
 * The value types of binary XML. Source: MS-EVEN6 §2.2.12, libyal "Windows XML Event Log (EVTX)
 * format"; the type stored beside a value counts, not the one its template declares.
 */
import type { EventValueType } from '@dcr-agent/schema/event-queries';

export const VALUE_TYPE = {
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
  fragment: 0x21,
} as const;

/** Set in a type for an array of that type. */
export const ARRAY_FLAG = 0x80;

/** Bytes of a value by type; 0 where each value has its own size. */
const FIXED_SIZES = [0, 0, 0, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 4, 0, 16, 0, 8, 16, 0, 4, 8];

const KINDS: readonly EventValueType[] = [
  'string',
  'string',
  'string',
  'int',
  'uint',
  'int',
  'uint',
  'int',
  'uint',
  'int',
  'uint',
  'float',
  'float',
  'boolean',
  'binary',
  'guid',
  'hex',
  'time',
  'time',
  'sid',
  'hex',
  'hex',
];

export function fixedSize(type: number): number {
  return FIXED_SIZES[type] ?? 0;
}

/** How queries see a type; types nobody has documented are bytes. */
export function valueKind(type: number): EventValueType {
  return KINDS[type] ?? 'binary';
}
