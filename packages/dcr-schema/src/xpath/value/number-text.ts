/** Numbers as event values and constants spell them, without loss above 2^53. */

/** Exact: whole numbers beyond the safe range are BigInt, all others are numbers. */
export type ExactNumber = number | bigint;

// MS-EVEN6 2.2.15.2: [+-]digits[.digits][e[+-]digits], and 0x… of up to 64 bits.
const DECIMAL = /^[+-]?[0-9]+(?:(\.[0-9]*)?(e[+-]?[0-9]+)?)$/i;
const HEX = /^0x[0-9a-f]{1,16}$/i;

// The form in which Windows prints a number: no leading zeros, no sign but '-', lower case.
const PRINTED_DECIMAL = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?(?:e[+-][0-9]{2,3})?$/;
const PRINTED_HEX = /^0x(?:0|[1-9a-f][0-9a-f]{0,15})$/;

/** Longer digits are no number of an event; the cap keeps hostile texts cheap. */
const NUMBER_UNITS_MAX = 40;

/** The number a text spells, XML white space around it allowed; `null` if it spells none. */
export function readNumber(text: string): ExactNumber | null {
  const spelled = trimXmlSpace(text);
  if (spelled.length > NUMBER_UNITS_MAX) return null;
  const decimal = DECIMAL.exec(spelled);
  if (decimal !== null) {
    const number = Number(spelled);
    const isWhole = !decimal[1] && decimal[2] === undefined;
    return isWhole && !Number.isSafeInteger(number) ? BigInt(spelled) : number;
  }
  if (!HEX.test(spelled)) return null;
  const number = Number(spelled);
  return Number.isSafeInteger(number) ? number : BigInt(spelled);
}

/** Like `readNumber`, for texts in the form in which Windows prints numbers only. */
export function readPrintedNumber(text: string): ExactNumber | null {
  return PRINTED_DECIMAL.test(text) || PRINTED_HEX.test(text) ? readNumber(text) : null;
}

/** Whether two numbers are the same value, a BigInt and a number included. */
export function isSameNumber(a: ExactNumber, b: ExactNumber): boolean {
  if (typeof a === typeof b) return a === b;
  return !(a < b) && !(a > b);
}

// A pattern that trims would take quadratic time for a long run of blanks inside a text.
function trimXmlSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isXmlSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isXmlSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isXmlSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0d || unit === 0x0a;
}
