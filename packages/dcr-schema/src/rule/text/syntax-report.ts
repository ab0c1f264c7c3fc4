/** The sentences about text that is not JSON. */
import type { RuleCode } from '../codes.ts';
import type { Findings } from '../findings.ts';
import type { Token, TokenProblem } from './json-tokens.ts';
import type { LineIndex } from './line-index.ts';
import { nameOf, quote } from './show.ts';

/** An object or list that is not closed yet. */
export interface Opened {
  readonly type: 'object' | 'list';
  readonly offset: number;
}

export class SyntaxReport {
  readonly #text: string;
  readonly #lines: LineIndex;
  readonly #findings: Findings;

  constructor(text: string, lines: LineIndex, findings: Findings) {
    this.#text = text;
    this.#lines = lines;
    this.#findings = findings;
  }

  unexpected(expected: string, previous: Token | undefined, found: Token): void {
    const message = `expected ${expected}${this.#after(previous)}, found ${this.#show(found)}`;
    this.#add('JSON_SYNTAX', found.offset, message, hintFor(this.#text.charAt(found.offset)));
  }

  missingComma(close: string, previous: Token | undefined, found: Token): void {
    const expected = `expected a comma or '${close}'${this.#after(previous)}`;
    const message = `${expected}, found ${this.#show(found)}`;
    const offset = previous?.end ?? found.offset;
    this.#add('JSON_MISSING_COMMA', offset, message, 'put a comma between them');
  }

  trailingComma(close: string, comma: Token | undefined): void {
    const message = `a comma stands before the closing '${close}'`;
    this.#add('JSON_TRAILING_COMMA', comma?.offset ?? 0, message, 'remove the comma');
  }

  unexpectedEnd(opened: Opened | undefined, end: Token): void {
    if (opened === undefined) {
      this.#add('JSON_EMPTY', end.offset, 'the text is empty, expected a rule');
      return;
    }
    const message = `the text ends inside the ${opened.type} opened at ${this.#at(opened.offset)}`;
    const hint = `add the missing '${opened.type === 'object' ? '}' : ']'}'`;
    this.#add('JSON_UNTERMINATED', end.offset, message, hint);
  }

  broken(token: Token, problem: TokenProblem): void {
    const { code, message } = BROKEN_TOKENS[problem];
    this.#add(code, token.offset, message);
  }

  raw({ offset }: Token): void {
    const message = 'this text holds line breaks or tabs as they are, which only templates may';
    this.#findings.add('JSON_RAW_TEXT', { pointer: '', offset }, message, 'write \\n and \\t');
  }

  duplicate(pointer: string, name: Token, firstOffset: number): void {
    const place = `first at ${this.#at(firstOffset)}`;
    const message = `the member ${nameOf(name.value)} stands twice in this object, ${place}`;
    const hint = 'keep one of them: readers disagree on which one counts';
    this.#findings.add('JSON_DUPLICATE_MEMBER', { pointer, offset: name.offset }, message, hint);
  }

  tooDeep(offset: number, depth: number): void {
    this.#add('JSON_TOO_DEEP', offset, `the text is nested more than ${depth} levels deep`);
  }

  tooLarge(offset: number, valueCount: number): void {
    this.#add('JSON_TOO_LARGE', offset, `the text holds more than ${valueCount} values`);
  }

  #add(code: RuleCode, offset: number, message: string, hint?: string): void {
    this.#findings.add(code, { pointer: '', offset }, message, hint);
  }

  #after(previous: Token | undefined): string {
    return previous === undefined ? '' : ` after ${this.#show(previous)}`;
  }

  #show(token: Token): string {
    if (token.kind === 'string') return quote(token.value);
    return nameOf(this.#text.slice(token.offset, token.end));
  }

  #at(offset: number): string {
    const { line, column } = this.#lines.position(offset);
    return `${line}:${column}`;
  }
}

const BROKEN_TOKENS: Readonly<Record<TokenProblem, { code: RuleCode; message: string }>> = {
  'open comment': { code: 'JSON_UNTERMINATED', message: "this comment is not closed with '*/'" },
  'open string': {
    code: 'JSON_UNTERMINATED',
    message: 'this string is not closed before the end of its line',
  },
  'bad number': { code: 'JSON_SYNTAX', message: 'this number ends too early' },
  'bad unicode escape': {
    code: 'JSON_INVALID_STRING',
    message: "in this string, '\\u' is not followed by four hex digits",
  },
  'bad escape': {
    code: 'JSON_INVALID_STRING',
    message: 'this string holds a backslash that starts no escape; write it as \\\\',
  },
  'control character': {
    code: 'JSON_INVALID_STRING',
    message: 'this string holds a bare control character; write a tab as \\t',
  },
};

function hintFor(character: string): string | undefined {
  if (character === "'") return 'JSON strings stand in double quotes';
  if (/[A-Za-z_$]/.test(character)) return 'names and texts stand in double quotes';
  return undefined;
}
