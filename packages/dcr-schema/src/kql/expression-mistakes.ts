/** What is said where an expression cannot be read on. */
import { nearest } from '../rule/did-you-mean.ts';
import { nameOf } from '../rule/text/show.ts';
import { operatorKind, operatorWords } from './known-operators.ts';
import type { Token } from './kql-tokens.ts';
import { syntaxMistake, type TransformFinding } from './transform-report.ts';

/** A value is expected, and `token`, or the end, stands there; `previous` is what comes before. */
export function missingValue(
  previous: Token | undefined,
  token: Token | undefined,
  endUnit: number,
): TransformFinding {
  if (
    token?.text.startsWith('!') &&
    token.kind === 'symbol' &&
    operatorKind(token.text) === undefined
  ) {
    const hint = `write not(${token.text.slice(1)}…)`;
    return syntaxMistake(token.unit, `${nameOf(token.text)} is no operator`, hint);
  }
  if (previous === undefined) {
    if (token === undefined) return syntaxMistake(endUnit, 'an expression is missing');
    return syntaxMistake(token.unit, `${nameOf(token.text)} has nothing on its left`);
  }
  if (previous.text === ',') return nothingBehindComma(previous);
  if ('([{'.includes(previous.text)) {
    const message = `nothing that is a value stands behind the bracket ${nameOf(previous.text)}`;
    return syntaxMistake(previous.unit, message);
  }
  return syntaxMistake(previous.unit, `${nameOf(previous.text)} has nothing on its right`);
}

/** A comma ends a list, or two follow one another. */
export function nothingBehindComma(comma: Token): TransformFinding {
  return syntaxMistake(comma.unit, 'a comma is followed by nothing', 'remove the comma');
}

/** A value has been read, and `token`, which neither connects nor ends, stands behind it. */
export function unconnected(previous: Token | undefined, token: Token): TransformFinding {
  if (token.text === '=') {
    return syntaxMistake(token.unit, "'=' names a column and compares nothing", 'compare with ==');
  }
  if (token.kind === 'symbol' && token.text.startsWith('!')) {
    const message = `${nameOf(token.text)} is no operator`;
    return syntaxMistake(token.unit, message, meantOperator(token.text.slice(1), '!'));
  }
  if (token.text === ',') {
    const hint = 'join conditions with and';
    return syntaxMistake(token.unit, 'a comma stands where one value is expected', hint);
  }
  if (token.kind === 'symbol' && token.text !== '(') {
    return syntaxMistake(token.unit, `${nameOf(token.text)} stands where it means nothing`);
  }
  const message = `nothing connects ${shown(previous)} and ${shown(token)}`;
  const hint = previous?.text === 'not' ? 'write not(…)' : operatorHint(previous, token);
  return syntaxMistake(token.unit, message, hint);
}

/** One of two neighbours is often a misspelled operator, mostly the second. */
function operatorHint(previous: Token | undefined, token: Token): string | undefined {
  for (const word of [token, previous]) {
    if (word?.kind !== 'name') continue;
    if (operatorKind(word.text.toLowerCase()) !== undefined) {
      return `operators are written in lower case: ${word.text.toLowerCase()}`;
    }
  }
  return token.kind === 'name' ? meantOperator(token.text, '') : undefined;
}

function meantOperator(word: string, prefix: string): string | undefined {
  const meant = nearest(word, operatorWords());
  return meant === undefined ? undefined : `did you mean '${prefix}${meant}'?`;
}

function shown(token: Token | undefined): string {
  if (token === undefined) return 'what comes before';
  return token.kind === 'string' ? 'a string' : nameOf(token.text);
}
