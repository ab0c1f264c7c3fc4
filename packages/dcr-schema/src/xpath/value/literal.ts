/**
 * A constant of a query, read once as every type its syntax fits.
 * Source: MS-EVEN6 2.2.15.2, "data model": the comparison picks by the type of the other side.
 */
import type { Constant } from '../ast.ts';
import { readIdentity } from './identity-text.ts';
import { type ExactNumber, readNumber } from './number-text.ts';
import { type Instant, readTime } from './time-text.ts';

export interface TypedLiteral {
  /** As written, without the quotes. */
  readonly text: string;
  /** Stood without quotes; such a constant is a number and nothing else. */
  readonly isBare: boolean;
  readonly number: ExactNumber | null;
  /** `true` and `false` in any case; any number: 0 is false. */
  readonly boolean: boolean | null;
  readonly time: Instant | null;
  /** A GUID or SID in its one spelling. */
  readonly identity: string | null;
}

export function readLiteral(constant: Constant): TypedLiteral {
  const { text } = constant;
  const isBare = constant.kind === 'number';
  const number = readNumber(text);
  return {
    text,
    isBare,
    number,
    boolean: readBoolean(text) ?? (number === null ? null : !isZero(number)),
    time: isBare ? null : readTime(text),
    identity: isBare ? null : readIdentity(text),
  };
}

/** The boolean a text spells; numbers are not among them. */
export function readBoolean(text: string): boolean | null {
  if (text.length !== 4 && text.length !== 5) return null;
  const word = text.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : null;
}

function isZero(number: ExactNumber): boolean {
  return number === 0 || number === 0n;
}
