/**
 * The words of a query. Reading stops at a character that no query holds, since everything behind
 * it would be guessed; a wrong escape in a string is told and the string read to its end.
 */
import { nameOf } from '../rule/text/show.ts';
import { badEscape, scanLiteral, scanString } from './kql-literals.ts';
import { syntaxMistake, type TransformFinding, type ValueType } from './transform-report.ts';

/** A `literal` is any value but a string; operators that are words are names. */
export type TokenKind = 'name' | 'string' | 'literal' | 'symbol';

/** One word of a query. */
export interface Token {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** Where it begins, in UTF-16 units. */
  readonly unit: number;
  /** Type of a literal. */
  readonly type?: ValueType | undefined;
}

/** The words of a text, and what is wrong with them. */
export interface TokenizedText {
  readonly tokens: readonly Token[];
  readonly mistakes: readonly TransformFinding[];
  /** False when reading stopped before the end. */
  readonly isWhole: boolean;
}

const BLANK = /(?:[\s\u180e\u200b]+|\/\/[^\r\n]*)+/y;
const NAME = /(?:in~|[\p{L}_$][\p{L}\p{N}_]*|\d+[\p{L}_][\p{L}\p{N}_]*)/uy;
const SYMBOL = /\.\.|<=|<>|>=|==|=~|=>|!=|!~|![a-z_]+~?|[()[\]{}.+\-*/%<>=:;,?]|\|(?!\|)/iy;

/** Cuts the text into tokens; blanks and `//` comments are none. Takes time linear in the text. */
export function tokenize(text: string): TokenizedText {
  const tokens: Token[] = [];
  const mistakes: TransformFinding[] = [];
  let at = afterBlank(text, 0);
  while (at < text.length) {
    const token = scanToken(text, at);
    if (token === undefined) {
      mistakes.push(strayCharacter(text, at));
      return { tokens, mistakes, isWhole: false };
    }
    const wrong = token.kind === 'string' ? badEscape(token.text) : undefined;
    if (wrong !== undefined) mistakes.push(wrongEscape(at + wrong.at, wrong.text));
    tokens.push(token);
    at = afterBlank(text, at + token.text.length);
  }
  return { tokens, mistakes, isWhole: true };
}

/** Where a token ends, in UTF-16 units. */
export function endOf(token: Token): number {
  return token.unit + token.text.length;
}

function afterBlank(text: string, at: number): number {
  return at + (textAt(BLANK, text, at)?.length ?? 0);
}

function scanToken(text: string, unit: number): Token | undefined {
  const string = scanString(text, unit);
  if (string !== undefined)
    return string === '' ? undefined : { kind: 'string', text: string, unit };
  const literal = scanLiteral(text, unit);
  if (literal !== undefined) return { kind: 'literal', unit, ...literal };
  const name = textAt(NAME, text, unit);
  if (name !== undefined) return { kind: 'name', text: name, unit };
  const symbol = textAt(SYMBOL, text, unit);
  return symbol === undefined ? undefined : { kind: 'symbol', text: symbol, unit };
}

function textAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Hints for what authors write from habit, by what the text begins with at that place. */
const HABITS: readonly (readonly [RegExp, string, string])[] = [
  [/\|\|/y, "'||' is no operator of KQL", 'write or; between two steps stands one |'],
  [/&&?/y, "'&' is no operator of KQL", 'write and'],
  [/[“”„‘’‚«»]/y, 'a quote as word processors write it', 'write straight quotes'],
  [/!/y, "'!' belongs to no operator here", 'write not(…)'],
  [/#/y, "'#' has no meaning in a query", 'comments begin with //'],
];

function strayCharacter(text: string, unit: number): TransformFinding {
  if (scanString(text, unit) === '') {
    const hint = 'close it with the same quote on the same line; write a line break as \\n';
    return syntaxMistake(unit, 'the string that begins here is not closed', hint);
  }
  for (const [pattern, message, hint] of HABITS) {
    if (textAt(pattern, text, unit) !== undefined) return syntaxMistake(unit, message, hint);
  }
  const character = String.fromCodePoint(text.codePointAt(unit) ?? 0);
  return syntaxMistake(unit, `the character ${nameOf(character)} has no meaning in a query`);
}

function wrongEscape(unit: number, written: string): TransformFinding {
  const hint = "write two backslashes, or a string that takes them as they are: @'…'";
  return syntaxMistake(unit, `'${written}' is no escape of a string`, hint);
}
