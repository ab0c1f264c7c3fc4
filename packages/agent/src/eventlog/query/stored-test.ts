/**
 * A test of a value where it is stored. Most values answer without becoming text: whole numbers
 * by their bits, texts unit by unit, times by their ticks. Every shortcut gives the answer that
 * the query's own test gives for the value's text; what has no shortcut is given to that test.
 */
import type { ValueComparison, ValueCondition } from '@dcr-agent/schema/event-queries';
import { readU32 } from '../bytes.ts';
import { scalarValue } from '../value.ts';
import { fixedSize, VALUE_TYPE } from '../value-type.ts';
import { compileBitTest, compileIntegerTest } from './integer-test.ts';
import { compileTextTest } from './text-test.ts';
import { compileTickTest } from './tick-test.ts';

/** Total, for any scalar that lies in `bytes`. */
export type StoredTest = (
  bytes: Buffer,
  type: number,
  at: number,
  size: number,
  nowMs: number,
) => boolean;

/** 2^53 and above are left to the exact test. */
const SAFE_HIGH_MAX = 0x1f_ffff;

export function compileStoredTest({ test, meaning }: ValueCondition): StoredTest {
  const decoded: StoredTest = (bytes, type, at, size, nowMs) =>
    test(scalarValue(bytes, type, at, size), nowMs);
  if (meaning === null) return decoded;
  if (meaning.kind === 'shares a bit') return bitTest(compileBitTest(meaning.mask), decoded);
  return comparisonTest(meaning.of, decoded);
}

function bitTest(
  sharesBit: (low: number, high: number) => boolean,
  decoded: StoredTest,
): StoredTest {
  return (bytes, type, at, size, nowMs) => {
    if (size < fixedSize(type)) return decoded(bytes, type, at, size, nowMs);
    switch (type) {
      case VALUE_TYPE.uint64:
      case VALUE_TYPE.hex64:
        return sharesBit(readU32(bytes, at), readU32(bytes, at + 4));
      case VALUE_TYPE.uint32:
      case VALUE_TYPE.hex32:
        return sharesBit(readU32(bytes, at), 0);
      default:
        return decoded(bytes, type, at, size, nowMs);
    }
  };
}

function comparisonTest(comparisons: readonly ValueComparison[], decoded: StoredTest): StoredTest {
  const integer = compileIntegerTest(comparisons);
  const text = compileTextTest(comparisons);
  const ticks = compileTickTest(comparisons);
  return (bytes, type, at, size, nowMs) => {
    if (type === VALUE_TYPE.string) {
      const answer = text === null ? null : text(bytes, at, size);
      return answer ?? decoded(bytes, type, at, size, nowMs);
    }
    if (size < fixedSize(type)) return decoded(bytes, type, at, size, nowMs);
    if (type === VALUE_TYPE.filetime) {
      const answer = ticks === null ? null : ticks(readU32(bytes, at), readU32(bytes, at + 4));
      return answer ?? decoded(bytes, type, at, size, nowMs);
    }
    const number = integer === null ? Number.NaN : storedInteger(bytes, type, at);
    if (integer === null || Number.isNaN(number)) return decoded(bytes, type, at, size, nowMs);
    return integer(number);
  };
}

/** The number, where it is whole and safe; NaN for all else. */
function storedInteger(bytes: Buffer, type: number, at: number): number {
  switch (type) {
    case VALUE_TYPE.uint8:
      return bytes[at] as number;
    case VALUE_TYPE.uint16:
      return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
    case VALUE_TYPE.uint32:
    case VALUE_TYPE.hex32:
      return readU32(bytes, at);
    case VALUE_TYPE.int32:
      return readU32(bytes, at) | 0;
    case VALUE_TYPE.uint64:
    case VALUE_TYPE.hex64: {
      const high = readU32(bytes, at + 4);
      return high > SAFE_HIGH_MAX ? Number.NaN : high * 0x1_0000_0000 + readU32(bytes, at);
    }
    default:
      return Number.NaN;
  }
}
