/**
 * Which bracket closes which, and the lists between brackets. Everything else walks the tokens by
 * these, never by recursion, so that a text of brackets alone does no harm.
 */
import type { Token } from './kql-tokens.ts';
import { syntaxMistake, type TransformFinding } from './transform-report.ts';

/** The tokens of a text whose brackets are all paired. */
export interface TokenTree {
  readonly tokens: readonly Token[];
  /** By the index of a bracket the index of its partner. */
  readonly partners: ReadonlyMap<number, number>;
  /** Opening brackets with a `|` directly between them and their partner. */
  readonly piped: ReadonlySet<number>;
}

/** Tokens from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

const CLOSERS: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);
const CLOSING: ReadonlySet<string> = new Set(CLOSERS.values());

/** Pairs the brackets; the mistake is the first bracket that has no partner. */
export function pairBrackets(
  tokens: readonly Token[],
): { readonly tree: TokenTree } | { readonly mistake: TransformFinding } {
  const partners = new Map<number, number>();
  const piped = new Set<number>();
  const open: { index: number; token: Token }[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'symbol') continue;
    const last = open.at(-1);
    if (CLOSERS.has(token.text)) {
      open.push({ index, token });
    } else if (CLOSING.has(token.text)) {
      if (last === undefined || CLOSERS.get(last.token.text) !== token.text) {
        return { mistake: wrongCloser(token, last?.token) };
      }
      open.pop();
      partners.set(index, last.index).set(last.index, index);
    } else if (token.text === '|' && last !== undefined) {
      piped.add(last.index);
    }
  }
  const unclosed = open.at(-1)?.token;
  if (unclosed === undefined) return { tree: { tokens, partners, piped } };
  const message = `the bracket '${unclosed.text}' is not closed`;
  return { mistake: syntaxMistake(unclosed.unit, message) };
}

function wrongCloser(closer: Token, opener: Token | undefined): TransformFinding {
  const message =
    opener === undefined
      ? `the bracket '${closer.text}' closes nothing`
      : `the bracket '${closer.text}' stands where '${CLOSERS.get(opener.text)}' is expected`;
  return syntaxMistake(closer.unit, message);
}

/** Whether the token at this index is this symbol. */
export function isSymbol(tree: TokenTree, index: number, text: string): boolean {
  const token = tree.tokens[index];
  return token?.kind === 'symbol' && token.text === text;
}

/** The first place of a token outside brackets in a range, or `-1`. */
export function indexOutside(
  tree: TokenTree,
  range: Range,
  isWanted: (token: Token) => boolean,
): number {
  for (let i = range.start; i < range.end; i++) {
    const token = tree.tokens[i];
    if (token === undefined) break;
    if (isWanted(token)) return i;
    i = Math.max(i, tree.partners.get(i) ?? i);
  }
  return -1;
}

/** The parts of a range between separators outside brackets; there is always at least one. */
export function split(tree: TokenTree, range: Range, separator: string): Range[] {
  const parts: Range[] = [];
  let { start } = range;
  for (;;) {
    const rest = { start, end: range.end };
    const at = indexOutside(tree, rest, (t) => t.kind === 'symbol' && t.text === separator);
    if (at === -1) return [...parts, rest];
    parts.push({ start, end: at });
    start = at + 1;
  }
}

/** Whether no token is in the range. */
export function isEmpty({ start, end }: Range): boolean {
  return start >= end;
}
