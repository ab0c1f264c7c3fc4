/** The words of a JSON text, comments and blanks skipped. */
import { createScanner } from 'jsonc-parser';

type TokenKind =
  | '{'
  | '}'
  | '['
  | ']'
  | ','
  | ':'
  | 'string'
  | 'number'
  | 'true'
  | 'false'
  | 'null'
  | 'unknown'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly offset: number;
  readonly end: number;
  /** Value of a string, text of a number. */
  readonly value: string;
  readonly problem?: TokenProblem;
  /** A string with line breaks or tabs as they are. */
  readonly isRaw?: true;
}

export type TokenProblem =
  | 'open comment'
  | 'open string'
  | 'bad number'
  | 'bad unicode escape'
  | 'bad escape'
  | 'control character';

// The numbers of `SyntaxKind` and `ScanError` of jsonc-parser, whose const enums cannot be
// imported under `verbatimModuleSyntax`.
const COMMENTS: readonly number[] = [12, 13];
const KINDS: { readonly [syntaxKind: number]: TokenKind } = {
  1: '{',
  2: '}',
  3: '[',
  4: ']',
  5: ',',
  6: ':',
  7: 'null',
  8: 'true',
  9: 'false',
  10: 'string',
  11: 'number',
  17: 'end',
};
const PROBLEMS: { readonly [scanError: number]: TokenProblem } = {
  1: 'open comment',
  2: 'open string',
  3: 'bad number',
  4: 'bad unicode escape',
  5: 'bad escape',
  6: 'control character',
};

/**
 * Returns a function that gives one token after the other, and `end` ever after the last. With
 * `mayBeRaw`, strings may hold line breaks and tabs, as Resource Manager takes them in templates.
 */
export function createTokenReader(text: string, mayBeRaw = false): () => Token {
  const scanner = createScanner(text);
  if (text.startsWith('\uFEFF')) scanner.setPosition(1);
  const blanks = /[ \t\r\n]*/y;
  return () => {
    for (;;) {
      // The scanner builds blanks up character by character: skipping them here is linear.
      blanks.lastIndex = scanner.getPosition();
      blanks.test(text);
      scanner.setPosition(blanks.lastIndex);
      const syntaxKind: number = scanner.scan();
      const problem = PROBLEMS[scanner.getTokenError()];
      if (COMMENTS.includes(syntaxKind) && problem === undefined) continue;
      const offset = scanner.getTokenOffset();
      const isBroken = problem === 'open string' || problem === 'control character';
      const raw = mayBeRaw && isBroken ? rawString(text, offset) : undefined;
      if (raw !== undefined) {
        scanner.setPosition(raw.end);
        return { kind: 'string', offset, ...raw, isRaw: true };
      }
      return {
        kind: KINDS[syntaxKind] ?? 'unknown',
        offset,
        end: offset + scanner.getTokenLength(),
        value: scanner.getTokenValue(),
        ...(problem !== undefined && { problem }),
      };
    }
  };
}

const RAW_STRING = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const SEPARATOR = /\s*(?:[,:\]}]|$|\/[/*])/y;
const CONTROL_CHARACTER = /[\x00-\x1f]/g;

/** `undefined` where what follows is no separator: then a quote is missing somewhere before. */
function rawString(text: string, offset: number): { end: number; value: string } | undefined {
  RAW_STRING.lastIndex = offset;
  const found = RAW_STRING.exec(text)?.[0];
  if (found === undefined) return undefined;
  const end = offset + found.length;
  SEPARATOR.lastIndex = end;
  if (!SEPARATOR.test(text)) return undefined;
  const escaped = found.replace(CONTROL_CHARACTER, (c) => JSON.stringify(c).slice(1, -1));
  try {
    return { end, value: JSON.parse(escaped) as string };
  } catch {
    return undefined;
  }
}
