/** The three functions of the dialect, and the refusal of every other. */
import type { Constant, FunctionCall, Path } from '../ast.ts';
import { place, refuseContinuation } from './refusals.ts';
import type { Token } from './token.ts';
import type { TokenStream } from './token-stream.ts';

/**
 * Parses `name ( … )`, the current token being the name. Case of the name is free: the pages of
 * Microsoft print both `band` and `Band`.
 */
export function parseCall(tokens: TokenStream, parsePath: () => Path | null): FunctionCall | null {
  const name = tokens.advance();
  const opener = tokens.advance();
  const call = { offset: name.offset, name: name.text };
  switch (name.text.toLowerCase()) {
    case 'position':
      return closeCall(tokens, opener, name) ? { kind: 'position', ...call } : null;
    case 'band': {
      const path = parseFirst(tokens, name, parsePath);
      if (path === null) return null;
      const mask = tokens.take(',') ? parseMask(tokens, name) : refuseArguments(tokens, name);
      if (mask === null) return null;
      return closeCall(tokens, opener, name) ? { kind: 'band', ...call, path, mask } : null;
    }
    case 'timediff': {
      const path = parseFirst(tokens, name, parsePath);
      if (path === null) return null;
      const hasUntil = tokens.take(',');
      const until = hasUntil ? parseUntil(tokens, name) : null;
      if (hasUntil && until === null) return null;
      return closeCall(tokens, opener, name) ? { kind: 'timediff', ...call, path, until } : null;
    }
    default:
      return tokens.report({
        ...place('XPATH_UNSUPPORTED_FUNCTION', name),
        message: `the function ${name.text}() is not supported`,
        hint:
          FUNCTION_HINTS.get(name.text.toLowerCase()) ?? 'there are band, timediff and position',
      });
  }
}

const FUNCTION_HINTS: ReadonlyMap<string, string> = new Map([
  ['not', "use '!=' on the value; to exclude a whole event is not possible in one query"],
  ['contains', 'there is no search in texts: compare with whole values, or filter in transformKql'],
  [
    'starts-with',
    'there is no search in texts: compare with whole values, or filter in transformKql',
  ],
  [
    'ends-with',
    'there is no search in texts: compare with whole values, or filter in transformKql',
  ],
  ['matches', 'there are no regular expressions: filter in transformKql'],
  ['last', 'how many nodes there are is not known: count from the first with [1], [2], …'],
  ['count', 'nodes cannot be counted: test the n-th with [n]'],
  ['string', 'compare the element itself'],
  ['number', 'compare the element itself; numbers are compared as numbers'],
  ['name', 'write the name as a step'],
  ['local-name', 'write the name as a step; namespaces are ignored'],
  ['translate', 'texts are compared without regard to case'],
  ['lower-case', 'texts are compared without regard to case'],
  ['upper-case', 'texts are compared without regard to case'],
]);

function parseFirst(tokens: TokenStream, name: Token, parsePath: () => Path | null): Path | null {
  const { current, following } = tokens;
  const isCall = current.kind === 'name' && following.text === '(' && current.text !== 'text';
  const isPath = current.kind === 'name' || tokens.isAt('@') || tokens.isAt('*');
  if (!isPath || isCall) return refuseArguments(tokens, name);
  return parsePath();
}

function parseMask(tokens: TokenStream, name: Token): Constant | null {
  const { kind, value, offset } = tokens.current;
  if (kind !== 'number') return refuseArguments(tokens, name);
  tokens.advance();
  return { kind, text: value, offset };
}

function parseUntil(tokens: TokenStream, name: Token): Constant | null {
  const { kind, value, offset } = tokens.current;
  if (kind !== 'literal' && kind !== 'number') return refuseArguments(tokens, name);
  tokens.advance();
  return { kind, text: value, offset };
}

function closeCall(tokens: TokenStream, opener: Token, name: Token): boolean {
  if (tokens.take(')')) return true;
  if (tokens.current.kind === 'end') {
    tokens.report(refuseContinuation(tokens.current, ')', opener));
  } else {
    refuseArguments(tokens, name);
  }
  return false;
}

const SIGNATURE: Readonly<Record<string, string>> = {
  position: 'position() takes no argument',
  band: 'band takes a path and a decimal mask, as in band(Keywords,9007199254740992)',
  timediff: 'timediff takes a path, and a time if not now, as in timediff(@SystemTime)',
};

function refuseArguments(tokens: TokenStream, name: Token): null {
  const token = tokens.current;
  if (token.finding !== null) return tokens.report(token.finding);
  const found = token.kind === 'end' ? 'the end of the query' : `'${token.text}'`;
  return tokens.report({
    ...place('XPATH_WRONG_ARGUMENTS', token),
    message: `${name.text}() cannot have ${found} here`,
    hint: SIGNATURE[name.text.toLowerCase()] ?? '',
  });
}
