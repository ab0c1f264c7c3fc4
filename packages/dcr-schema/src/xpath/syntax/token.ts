/**
 * The words of a query. A scanner cuts one token at an offset; a misspelling whose meaning is
 * plain (`==`, `&gt;`) yields the token that was meant together with its finding, so that the
 * rest of the query can still be read.
 */
import type { Finding } from '../query-diagnostic.ts';
import { matchAt } from './match-at.ts';
import { mistakenCharacter, mistakenNumber, mistakenOperator } from './misspellings.ts';

type TokenKind = 'name' | 'literal' | 'number' | 'operator' | 'symbol' | 'end' | 'invalid';

export interface Token {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** What it means: a literal without its quotes, an operator in its right spelling. */
  readonly value: string;
  readonly offset: number;
  readonly finding: Finding | null;
}

export function isSymbol(token: Token, text: string): boolean {
  return token.kind === 'symbol' && token.text === text;
}

// XPath 1.0 white space; a no-break space is not among it.
const SPACE = /[ \t\r\n]*/y;
const NAME = /[\p{L}_][\p{L}\p{M}\p{N}._-]*/uy;
const NUMBER = /-?[0-9]+(?:\.[0-9]*)?/y;
const LITERAL = /"[^"]*"|'[^']*'/y;
const OPERATOR = /!=|<=|>=|=|<|>/y;
const SYMBOL = /\/\/|::|\.\.|[()[\]/@*,:.|+$-]/y;

/** The token at or after `offset`; at the end of the text one of kind `end`. */
export function scanToken(text: string, offset: number): Token {
  const at = offset + (matchAt(SPACE, text, offset)?.length ?? 0);
  if (at >= text.length) return token('end', '', '', text.length);
  return scanMisspelling(text, at) ?? scanWord(text, at) ?? invalid(text, at);
}

function scanWord(text: string, at: number): Token | null {
  const name = matchAt(NAME, text, at);
  if (name !== null) return token('name', name, name, at);
  const literal = matchAt(LITERAL, text, at);
  if (literal !== null) return token('literal', literal, literal.slice(1, -1), at);
  const number = matchAt(NUMBER, text, at);
  if (number !== null) return token('number', number, number, at);
  const operator = matchAt(OPERATOR, text, at);
  if (operator !== null) return token('operator', operator, operator, at);
  const symbol = matchAt(SYMBOL, text, at);
  return symbol === null ? null : token('symbol', symbol, symbol, at);
}

function scanMisspelling(text: string, at: number): Token | null {
  const operator = mistakenOperator(text, at);
  if (operator !== null) {
    const { finding, meant } = operator;
    const isWord = meant === 'and' || meant === 'or';
    return { ...token(isWord ? 'name' : 'operator', finding.token, meant, at), finding };
  }
  const finding = mistakenNumber(text, at);
  return finding === null ? null : { ...token('invalid', finding.token, '', at), finding };
}

function invalid(text: string, at: number): Token {
  const finding = mistakenCharacter(text, at);
  return { ...token('invalid', finding.token, '', at), finding };
}

function token(kind: TokenKind, text: string, value: string, offset: number): Token {
  return { kind, text, value, offset, finding: null };
}
