/** Constants of a query, and what is compared with them, in words. */

import { listed } from '../../rule/text/show.ts';
import type { ComparisonOperator, Constant } from '../../xpath/ast.ts';
import { readLiteral } from '../../xpath/value/literal.ts';
import { readNumber } from '../../xpath/value/number-text.ts';
import { noneOf, oneLine, quoted } from '../listed.ts';
import type { ValueSet } from './clause.ts';

/** What means the same with and without quotes around it: a number, a mask, a SID, a GUID. */
const PLAIN = /^(?:-?(?:0|[1-9]\d*)|0x[\da-f]+|S-1(?:-\d+)+|\{[\da-f]{8}(?:-[\da-f]{4,12}){4}\})$/i;

/** `10`, `'SYSTEM'`, `empty`. */
export function constantWords({ kind, text }: Constant): string {
  if (kind === 'number' || PLAIN.test(text)) return text;
  if (isTime({ kind, text })) return oneLine(text);
  return text === '' ? 'empty' : quoted(text);
}

export function isTime(constant: Pick<Constant, 'kind' | 'text'>): boolean {
  return readLiteral({ ...constant, offset: 0 }).time !== null;
}

/** What is said behind `is`: `10`, `2, 3 or at least 10`, `from 5 to 9`. */
export function setsWords(sets: readonly ValueSet[]): string {
  return listed(sets.map(setWords), 'or');
}

/** `not 10`, `neither 2 nor 3`. */
export function noneWords(constants: readonly Constant[]): string {
  return noneOf(constants.map(constantWords));
}

function setWords(set: ValueSet): string {
  if (set.kind === 'bound') {
    const operators = isTime(set.constant) ? TIME_OPERATORS : NUMBER_OPERATORS;
    return `${operators[set.operator]}${constantWords(set.constant)}`;
  }
  const { lower, upper } = set;
  const from = `from ${lower.operator === '>' ? 'above ' : ''}${constantWords(lower.constant)}`;
  return `${from} to ${upper.operator === '<' ? 'below ' : ''}${constantWords(upper.constant)}`;
}

const NUMBER_OPERATORS = {
  '=': '',
  '<': 'less than ',
  '<=': 'at most ',
  '>': 'more than ',
  '>=': 'at least ',
} as const;

const TIME_OPERATORS = {
  '=': '',
  '<': 'before ',
  '<=': 'not after ',
  '>': 'after ',
  '>=': 'not before ',
} as const;

/** A number of milliseconds compared: `at most 24 hours`. */
export function durationWords(operator: ComparisonOperator, milliseconds: Constant): string {
  const words = operator === '=' ? 'exactly ' : operator === '!=' ? 'other than ' : undefined;
  const compared = words ?? NUMBER_OPERATORS[operator as keyof typeof NUMBER_OPERATORS];
  return `${compared}${duration(milliseconds)}`;
}

/** In the largest unit that gives a whole number; days from three on. */
export function duration({ text }: Constant): string {
  const number = readNumber(text);
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number <= 0) {
    return `${oneLine(text)} milliseconds`;
  }
  const [name, size] = UNITS.find(([, ms, min]) => number % ms === 0 && number >= min) ?? [
    'millisecond',
    1,
  ];
  const count = number / size;
  return count === 1 ? `1 ${name}` : `${count} ${name}s`;
}

const UNITS: readonly (readonly [string, number, number])[] = [
  ['day', 86_400_000, 3 * 86_400_000],
  ['hour', 3_600_000, 0],
  ['minute', 60_000, 0],
  ['second', 1_000, 0],
];
