/**
 * Typed comparison of one event value with one constant: the meaning of `=`, `!=`, `<` … for
 * every back end. The rules and their reasons are in README.md, "Comparison".
 *
 * A forwarded event carries every value as the text Windows printed for it. It must be selected
 * exactly when the event it was would be, so a string value is also compared as what its text is
 * the printed form of.
 */
import type { ComparisonOperator } from '../ast.ts';
import type { EventValue } from '../event.ts';
import { readIdentity } from './identity-text.ts';
import { readBoolean, type TypedLiteral } from './literal.ts';
import { type ExactNumber, isSameNumber, readNumber, readPrintedNumber } from './number-text.ts';
import { equalsIgnoringCase } from './ordinal-case.ts';
import { compareInstants, type Instant, readInstant } from './time-text.ts';

/** How texts are compared: by ordinal value, with or without regard to case. */
export type StringCase = 'ignore' | 'exact';

export type ValueTest = (value: EventValue) => boolean;

/** The test `value operator literal`. It is total: a value of any type and text has an answer. */
export function compileComparison(
  operator: ComparisonOperator,
  literal: TypedLiteral,
  stringCase: StringCase,
): ValueTest {
  if (literal.time !== null) return compileTimeTest(operator, literal.time);
  if (operator === '=' || operator === '!=') {
    const isEqual = compileEquality(literal, stringCase);
    return operator === '=' ? isEqual : (value) => !isEqual(value);
  }
  const { number } = literal;
  if (number === null) return () => false;
  return (value) => {
    const left = readNumber(storedText(value));
    return left !== null && holds(operator, orderOf(left, number));
  };
}

/** Whether `a operator b` holds, given the sign of a − b. */
export function holds(operator: ComparisonOperator, order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** The text of a value without the terminator that 17 % of stored strings carry. */
export function storedText(value: EventValue): string {
  const { text } = value;
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}

/** The sign of a − b, exact for any pair. */
export function orderOf(a: ExactNumber, b: ExactNumber): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compared with a time, what is no time is neither equal nor different nor before nor after. */
function compileTimeTest(operator: ComparisonOperator, right: Instant): ValueTest {
  return (value) => {
    const left = readInstant(storedText(value));
    return left !== null && holds(operator, compareInstants(left, right));
  };
}

function compileEquality(literal: TypedLiteral, stringCase: StringCase): ValueTest {
  if (literal.isBare) return compileNumberEquality(literal);
  const isSameText = stringCase === 'exact' ? isIdentical : equalsIgnoringCase;
  const hasType = literal.number !== null || literal.boolean !== null || literal.identity !== null;
  return (value) => {
    const text = storedText(value);
    if (isSameText(text, literal.text)) return true;
    if (value.type === 'binary' && equalsIgnoringCase(text, literal.text)) return true;
    return hasType && isSameTypedValue(value.type, text, literal);
  };
}

function compileNumberEquality(literal: TypedLiteral): ValueTest {
  const { number } = literal;
  if (number === null) return (value) => storedText(value) === literal.text;
  const isPrinted = isPrintedWholeNumber(literal.text);
  return (value) => {
    const text = storedText(value);
    if (text === literal.text) return true;
    if (isPrinted && isPrintedWholeNumber(text)) return false;
    const left = readNumber(text);
    if (left !== null) return isSameNumber(left, number);
    return readBoolean(text) !== null && readBoolean(text) === literal.boolean;
  };
}

/** Digits without a leading zero: two such numbers are the same exactly when their texts are. */
function isPrintedWholeNumber(text: string): boolean {
  if (text === '' || (text.charCodeAt(0) === 0x30 && text.length > 1)) return false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x30 || unit > 0x39) return false;
  }
  return true;
}

function isSameTypedValue(type: EventValue['type'], text: string, literal: TypedLiteral): boolean {
  const number = literal.number === null ? null : numberOf(type, text);
  if (number !== null && literal.number !== null) return isSameNumber(number, literal.number);
  const boolean = literal.boolean === null ? null : readBoolean(text);
  if (boolean !== null) return boolean === literal.boolean;
  return literal.identity !== null && readIdentity(text) === literal.identity;
}

function numberOf(type: EventValue['type'], text: string): ExactNumber | null {
  return type === 'string' || type === 'binary' ? readPrintedNumber(text) : readNumber(text);
}

function isIdentical(a: string, b: string): boolean {
  return a === b;
}
