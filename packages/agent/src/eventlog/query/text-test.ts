/** Tests of stored texts, UTF-16 unit by unit. */
import { equalsIgnoringCase, type ValueComparison } from '@dcr-agent/schema/event-queries';

/** `null`: this text has to be decoded to know. */
type TextTest = (bytes: Buffer, at: number, size: number) => boolean | null;

interface Candidate {
  readonly isWanted: boolean;
  readonly text: string;
}

const SURROGATE_FIRST = 0xd800;
const SURROGATE_LAST = 0xdfff;

/**
 * Some comparison holds, all of them being `=` or `!=` with a constant that is nothing but text;
 * `null` when one is not.
 */
export function compileTextTest(comparisons: readonly ValueComparison[]): TextTest | null {
  const candidates: Candidate[] = [];
  let isExact = false;
  for (const { operator, literal, stringCase } of comparisons) {
    const isOther = literal.number !== null || literal.boolean !== null || literal.time !== null;
    if (literal.isBare || isOther || literal.identity !== null) return null;
    if (operator !== '=' && operator !== '!=') return null;
    candidates.push({ isWanted: operator === '=', text: literal.text });
    isExact = stringCase === 'exact';
  }
  return (bytes, at, size) => {
    const units = unitsOf(bytes, at, size);
    if (units < 0) return null;
    for (const { isWanted, text } of candidates) {
      const same = units === text.length && isSame(bytes, at, text, isExact);
      if (same === null) return null;
      if (same === isWanted) return true;
    }
    return false;
  };
}

/** Characters before the terminator; -1 where the bytes are not plain UTF-16. */
function unitsOf(bytes: Buffer, at: number, size: number): number {
  if ((size & 1) !== 0) return -1;
  const units = size >> 1;
  if (units === 0 || bytes[at + size - 1] !== 0 || bytes[at + size - 2] !== 0) return units;
  // A text that ends in NUL ends at its first NUL.
  for (let unit = 0; unit < units; unit++) {
    if (bytes[at + 2 * unit] === 0 && bytes[at + 2 * unit + 1] === 0) return unit;
  }
  return units;
}

/** Both have the same length. `null` where a unit is half of a pair, which may be replaced. */
function isSame(bytes: Buffer, at: number, text: string, isExact: boolean): boolean | null {
  for (let i = 0; i < text.length; i++) {
    const unit = (bytes[at + 2 * i] as number) | ((bytes[at + 2 * i + 1] as number) << 8);
    const wanted = text.charCodeAt(i);
    if (unit >= SURROGATE_FIRST && unit <= SURROGATE_LAST) return null;
    if (unit === wanted) continue;
    if (isExact) return false;
    if ((unit | wanted) < 0x80) {
      if ((unit | 0x20) !== (wanted | 0x20) || !isAsciiLetter(unit)) return false;
    } else if (!equalsIgnoringCase(String.fromCharCode(unit), text.charAt(i))) {
      return false;
    }
  }
  return true;
}

function isAsciiLetter(unit: number): boolean {
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
