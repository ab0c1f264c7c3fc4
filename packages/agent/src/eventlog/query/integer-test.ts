/** Tests of whole numbers. */
import {
  type BitMask,
  holds,
  orderOf,
  type ValueComparison,
} from '@dcr-agent/schema/event-queries';

/** Beyond this many constants a set answers faster than asking one after the other. */
const LISTED_MAX = 4;

/**
 * Some comparison holds, for a safe whole number of any integer type. `null` when a constant is
 * a time, with which a number of digits is compared as one. A whole number is printed without
 * signs and zeros that could matter, so it equals a text exactly when it is the same number.
 */
export function compileIntegerTest(
  comparisons: readonly ValueComparison[],
): ((number: number) => boolean) | null {
  if (comparisons.some(({ literal }) => literal.time !== null)) return null;
  const isEquality = comparisons.every(({ operator }) => operator === '=');
  if (isEquality) return equalsOneOf(comparisons.map(({ literal }) => literal.number));
  const tests = comparisons.map(compileOne);
  const [first] = tests;
  if (first !== undefined && tests.length === 1) return first;
  return (number) => tests.some((test) => test(number));
}

function equalsOneOf(numbers: readonly (number | bigint | null)[]): (number: number) => boolean {
  // A constant beyond the safe integers is a BigInt and equals none that comes here.
  const safe = numbers.filter((number) => typeof number === 'number');
  const [only] = safe;
  if (only === undefined) return () => false;
  if (safe.length === 1) return (number) => number === only;
  if (safe.length <= LISTED_MAX) return (number) => safe.includes(number);
  const set = new Set(safe);
  return (number) => set.has(number);
}

function compileOne({ operator, literal }: ValueComparison): (number: number) => boolean {
  const { number: right } = literal;
  if (right === null) return () => operator === '!=';
  return (left) => holds(operator, orderOf(left, right));
}

/** Whether a 64-bit number, given as its halves, shares a bit with the mask. */
export function compileBitTest({ low, high }: BitMask): (low: number, high: number) => boolean {
  return (ownLow, ownHigh) => (ownLow & low) !== 0 || (ownHigh & high) !== 0;
}
