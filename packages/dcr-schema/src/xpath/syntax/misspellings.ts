/** What people write for a token of the dialect, and what to tell them. */
import type { Finding } from '../query-diagnostic.ts';
import { matchAt } from './match-at.ts';

interface MistakenOperator {
  readonly finding: Finding;
  /** The operator that was meant, `and` and `or` included. */
  readonly meant: string;
}

const FOREIGN_OPERATOR = /==+|=<|=>|<>|&&|\|\||!==+/y;
const MEANT: Readonly<Record<string, string>> = {
  '=<': '<=',
  '=>': '>=',
  '<>': '!=',
  '&&': 'and',
  '||': 'or',
};

const ENTITY_OPERATOR = /(?:&lt;|&gt;)=?|&amp;&amp;/y;
const ENTITY = /&(?:#[0-9]+|#x[0-9a-f]+|[a-z]+);/iy;
const HEX_NUMBER = /-?0x[0-9a-f]*/iy;
const EXPONENT_NUMBER = /-?[0-9]+(?:\.[0-9]*)?e[+-]?[0-9]+/iy;
const POINT_NUMBER = /-?\.[0-9]+/y;

const TYPOGRAPHIC_QUOTE = /[\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00b4`\u00ab\u00bb]/;
const TYPOGRAPHIC_BLANK = /[\u00a0\u2000-\u200d\u202f\u2060\u3000\ufeff]/;

/** An operator of another language or in XML spelling that begins at `at`. */
export function mistakenOperator(text: string, at: number): MistakenOperator | null {
  const foreign = matchAt(FOREIGN_OPERATOR, text, at);
  if (foreign !== null) {
    const meant = MEANT[foreign] ?? (foreign.startsWith('!') ? '!=' : '=');
    const message = `'${foreign}' is not an operator of event queries`;
    const finding = { code: 'XPATH_WRONG_OPERATOR', offset: at, token: foreign, message } as const;
    return { meant, finding: { ...finding, hint: `write '${meant}'` } };
  }
  const entity = matchAt(ENTITY_OPERATOR, text, at);
  if (entity === null) return null;
  const meant = entity.replace('&lt;', '<').replace('&gt;', '>').replace('&amp;&amp;', 'and');
  return { meant, finding: xmlEntity(entity, at, `write '${meant}'`) };
}

/** A number that has a meaning only elsewhere: hexadecimal, with exponent, without first digit. */
export function mistakenNumber(text: string, at: number): Finding | null {
  const found =
    matchAt(HEX_NUMBER, text, at) ??
    matchAt(EXPONENT_NUMBER, text, at) ??
    matchAt(POINT_NUMBER, text, at);
  if (found === null) return null;
  return {
    code: 'XPATH_NUMBER_SYNTAX',
    offset: at,
    token: found,
    message: `the number ${found} is not written in plain decimal digits`,
    hint: numberHint(found),
  };
}

/** Anything at `at` that begins no token. */
export function mistakenCharacter(text: string, at: number): Finding {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const place = { offset: at, token: character };
  const entity = matchAt(ENTITY, text, at);
  if (entity !== null) return xmlEntity(entity, at, 'write the character itself');
  if (character === '"' || character === "'") {
    return {
      ...place,
      code: 'XPATH_UNTERMINATED_STRING',
      message: `the string that begins with ${character} has no end`,
      hint: `close it with ${character}; a value that holds ' stands between " and the reverse`,
    };
  }
  if (TYPOGRAPHIC_QUOTE.test(character)) {
    const message = `the quote ${character} is not a plain one`;
    return { ...place, code: 'XPATH_TYPOGRAPHIC_CHARACTER', message, hint: `write ' or "` };
  }
  if (TYPOGRAPHIC_BLANK.test(character)) {
    const message = `the blank ${codePoint(character)} is not a plain space`;
    return { ...place, code: 'XPATH_TYPOGRAPHIC_CHARACTER', message, hint: 'write a space' };
  }
  return {
    ...place,
    code: 'XPATH_UNEXPECTED_CHARACTER',
    message: `${printable(character)} has no meaning in a query`,
    hint: CHARACTER_HINT[character] ?? 'such a character can only stand in a quoted value',
  };
}

const CHARACTER_HINT: Readonly<Record<string, string>> = {
  '!': "write '!='; there is no negation",
  '~': "compare with '=' or '!='; there is no pattern matching",
  '\\': 'remove it, or put the value in quotes',
  '&': "write 'and'",
  ';': 'an entry holds one query; remove the semicolon',
};

function xmlEntity(entity: string, offset: number, hint: string): Finding {
  const message = `${entity} is an XML entity; a rule holds the query itself`;
  return { code: 'XPATH_XML_ENTITY', offset, token: entity, message, hint };
}

function numberHint(number: string): string {
  if (/^-?0x/i.test(number)) {
    return `put it in quotes to compare ('${number}'), write it in decimal as a mask`;
  }
  return `write it in decimal digits, such as ${Number(number)}`;
}

function printable(character: string): string {
  return /[\p{C}\p{Z}]/u.test(character) ? codePoint(character) : `'${character}'`;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
