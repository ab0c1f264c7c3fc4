/**
 * Why a token cannot stand where it stands. Each function names the mistake a user most plausibly
 * made at that place of the grammar; XPath 1.0 outside the dialect is recognised and named.
 */
import type { XPathCode } from '../codes.ts';
import type { Finding } from '../query-diagnostic.ts';
import type { Token } from './token.ts';

/** A token where a condition should begin. */
export function refuseOperand(token: Token, following: Token): Finding {
  if (token.finding !== null) return token.finding;
  if (token.kind === 'literal' || token.kind === 'number') return refuseConstant(token, following);
  const foreign = foreignSymbol(token);
  if (foreign !== null) return foreign;
  if (token.text === '[') {
    return {
      ...place('XPATH_MISSING_STAR', token),
      message: 'a predicate needs an element before it',
      hint: "a query begins with '*', as in *[System[EventID=1]]",
    };
  }
  const found = token.kind === 'end' ? 'the query ends' : `'${token.text}' stands`;
  return {
    ...place('XPATH_MISSING_OPERAND', token),
    message: `${found} where a condition is expected`,
    hint: 'a condition is a name, a comparison or a function, such as EventID=4624',
  };
}

function refuseConstant(token: Token, following: Token): Finding {
  if (following.kind === 'operator') {
    return {
      ...place('XPATH_CONSTANT_ON_LEFT', token),
      message: `the constant ${token.text} stands left of '${following.text}'`,
      hint: `write the element first, as in EventID${MIRRORED[following.value]}${token.text}`,
    };
  }
  return {
    ...place('XPATH_BARE_CONSTANT', token),
    message: `the constant ${token.text} stands alone where a condition is expected`,
    hint: "repeat the whole comparison, as in Data[@Name='X']='a' or Data[@Name='X']='b'",
  };
}

const MIRRORED: Readonly<Record<string, string>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** A token right of an operator that is no constant. */
export function refuseRightSide(token: Token, operator: Token): Finding {
  if (token.finding !== null) return token.finding;
  const isJoin = token.value === 'and' || token.value === 'or';
  if (token.kind === 'name' && !isJoin) {
    return {
      ...place('XPATH_NODE_ON_RIGHT', token),
      message: `'${token.text}' right of '${operator.text}' is not a constant`,
      hint: `nodes are compared with constants only; a text stands in quotes: '${token.text}'`,
    };
  }
  const foreign = foreignSymbol(token);
  if (foreign !== null && foreign.code === 'XPATH_VARIABLE') return foreign;
  if (token.text === '(' || token.text === '@' || token.text === '*' || token.text === '/') {
    return {
      ...place('XPATH_NODE_ON_RIGHT', token),
      message: `'${token.text}' right of '${operator.text}' does not begin a constant`,
      hint: 'one constant stands right of an operator: a number, or a text in quotes',
    };
  }
  const found = token.kind === 'end' ? 'the query ends' : `'${token.text}' stands`;
  return {
    ...place('XPATH_MISSING_OPERAND', token),
    message: `${found} where '${operator.text}' needs a constant`,
    hint: `add the value, as in EventID${operator.value}4624`,
  };
}

/** A token after a complete expression, where `closer` (empty: the end) was expected. */
export function refuseContinuation(token: Token, closer: string, opener: Token | null): Finding {
  if (token.finding !== null) return token.finding;
  if (token.kind === 'end' || token.text === ')' || token.text === ']') {
    return refuseBracket(token, closer, opener);
  }
  if (token.kind === 'operator') {
    return {
      ...place('XPATH_CHAINED_COMPARISON', token),
      message: `'${token.text}' compares what is already compared`,
      hint: "write two comparisons joined by 'and'",
    };
  }
  if (token.text === '*' || token.text === '+' || token.text === '-') return arithmetic(token);
  if (token.kind === 'number' && token.text.startsWith('-')) return arithmetic(token);
  const foreign = foreignSymbol(token);
  if (foreign !== null) return foreign;
  return {
    ...place('XPATH_UNEXPECTED_TOKEN', token),
    message: `${token.text} cannot follow here`,
    hint: CONTINUATION_HINTS.get(token.text.toLowerCase()) ?? continuationHint(token),
  };
}

function refuseBracket(token: Token, closer: string, opener: Token | null): Finding {
  if (opener === null) {
    return {
      ...place('XPATH_UNBALANCED', token),
      message: `'${token.text}' closes nothing`,
      hint: 'remove it, or open the bracket it belongs to',
    };
  }
  const found = token.kind === 'end' ? 'the query ends' : `'${token.text}' stands`;
  return {
    ...place('XPATH_UNBALANCED', token),
    message: `${found} where '${closer}' is expected`,
    hint: `a '${opener.text}' before it is still open: add '${closer}'`,
  };
}

function arithmetic(token: Token): Finding {
  return {
    ...place('XPATH_ARITHMETIC', token),
    message: `'${token.text}' would be arithmetic, which event queries do not have`,
    hint: token.text === '*' ? "join selectors with 'or'" : 'compare with the computed constant',
  };
}

const CONTINUATION_HINTS: ReadonlyMap<string, string> = new Map([
  ['eq', "write '='"],
  ['ne', "write '!='"],
  ['lt', "write '<'"],
  ['le', "write '<='"],
  ['gt', "write '>'"],
  ['ge', "write '>='"],
  ['in', "compare with each value and join with 'or'"],
  ['like', 'there is no pattern matching'],
  ['div', 'there is no arithmetic'],
  ['mod', 'there is no arithmetic'],
  [',', "write one comparison for each value and join them with 'or'"],
  ['/', 'only a name can be followed by a step'],
  ['[', 'only a name can be followed by a predicate'],
]);

function continuationHint(token: Token): string {
  if (token.kind === 'name' || token.kind === 'literal') {
    return "join conditions with 'and' or 'or'; a value that holds ' stands between \"";
  }
  return "join conditions with 'and' or 'or'";
}

/** Symbols of XPath 1.0 that no place of the dialect has. */
export function foreignSymbol(token: Token): Finding | null {
  if (token.kind !== 'symbol') return null;
  const at = (code: XPathCode, message: string, hint: string): Finding => ({
    ...place(code, token),
    message,
    hint,
  });
  switch (token.text) {
    case '//':
    case '.':
    case '..':
      return at(
        'XPATH_UNSUPPORTED_AXIS',
        `'${token.text}' is not supported: queries go down from the event by names`,
        'name each element on the way, as in *[System/EventID=1]',
      );
    case '|':
      return at('XPATH_UNION', "the union '|' is not supported", "join the paths with 'or'");
    case '$':
      return at('XPATH_VARIABLE', 'variables are not supported', 'write the value itself');
    case ':':
    case '::':
      return at(
        'XPATH_NAMESPACE_PREFIX',
        'namespace prefixes are not supported',
        'write the local name; namespaces are ignored',
      );
    default:
      return null;
  }
}

/** Where a finding stands, to be completed by message and hint. */
export function place(code: XPathCode, token: Token): Pick<Finding, 'code' | 'offset' | 'token'> {
  return { code, offset: token.offset, token: token.text };
}
