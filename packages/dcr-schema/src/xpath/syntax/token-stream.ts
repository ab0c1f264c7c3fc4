/**
 * The tokens of one query, read one after the other with one token of foresight. Keeps the
 * findings and the number of open brackets, so that the parser itself holds no state.
 */
import { FINDINGS_MAX, NESTING_MAX } from '../limits.ts';
import type { Finding } from '../query-diagnostic.ts';
import { refuseContinuation } from './refusals.ts';
import { isSymbol, scanToken, type Token } from './token.ts';

export class TokenStream {
  readonly findings: Finding[] = [];
  readonly #text: string;
  #current: Token;
  #following: Token | null = null;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#current = scanToken(text, 0);
  }

  get current(): Token {
    return this.#current;
  }

  /** The token after the current one. */
  get following(): Token {
    this.#following ??= scanToken(this.#text, endOf(this.#current));
    return this.#following;
  }

  /** Goes one token on and returns the one that was current; reports what was misspelled. */
  advance(): Token {
    const token = this.#current;
    if (token.finding !== null) this.report(token.finding);
    this.#current = this.following;
    this.#following = null;
    return token;
  }

  /** Advances over a symbol, if it is the current token. */
  take(symbol: string): boolean {
    if (!this.isAt(symbol)) return false;
    this.advance();
    return true;
  }

  /** Advances over the bracket that closes `opener`; reports what stands there instead. */
  takeCloser(closer: string, opener: Token): boolean {
    if (this.take(closer)) return true;
    this.report(refuseContinuation(this.#current, closer, opener));
    return false;
  }

  isAt(symbol: string): boolean {
    return isSymbol(this.#current, symbol);
  }

  /** Notes a finding; returns `null`, which is what a parse function then returns. */
  report(finding: Finding): null {
    if (this.findings.length < FINDINGS_MAX) this.findings.push(finding);
    return null;
  }

  /** Parses what stands between brackets; refuses, without recursing, what is nested too deeply. */
  nested<T>(parse: () => T | null): T | null {
    if (this.#depth >= NESTING_MAX) {
      const { offset, text } = this.#current;
      const message = `more than ${NESTING_MAX} brackets and parentheses are open`;
      return this.report({ code: 'XPATH_NESTED_TOO_DEEPLY', offset, token: text, message });
    }
    this.#depth += 1;
    const parsed = parse();
    this.#depth -= 1;
    return parsed;
  }
}

function endOf(token: Token): number {
  return token.offset + token.text.length;
}
