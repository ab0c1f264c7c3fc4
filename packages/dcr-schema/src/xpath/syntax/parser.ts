/**
 * Query text to syntax tree, by recursive descent along the grammar in README.md. A parse
 * function returns `null` once it has reported why it cannot go on. What the tree means, and
 * whether it selects events at all, is the business of `check/`.
 */
import type { Comparison, ComparisonOperator, Constant, Expression, Junction } from '../ast.ts';
import { parseCall } from './calls.ts';
import { parsePath } from './paths.ts';
import { place, refuseContinuation, refuseOperand, refuseRightSide } from './refusals.ts';
import { isSymbol, type Token } from './token.ts';
import type { TokenStream } from './token-stream.ts';

/** Parses to the end; `null`, with at least one finding in `tokens`, when the text is refused. */
export function parseQuery(tokens: TokenStream): Expression | null {
  const expression = parseExpression(tokens);
  if (expression !== null && tokens.current.kind !== 'end') {
    tokens.report(refuseContinuation(tokens.current, '', null));
  }
  return tokens.findings.length === 0 ? expression : null;
}

function parseExpression(tokens: TokenStream): Expression | null {
  return parseJunction(tokens, 'or');
}

/** `or` joins what `and` joined, so that `a or b and c` is `a or (b and c)`. */
function parseJunction(tokens: TokenStream, kind: Junction['kind']): Expression | null {
  const parseOperand = () =>
    kind === 'or' ? parseJunction(tokens, 'and') : parseComparison(tokens);
  const first = parseOperand();
  if (first === null) return null;
  const operands = [first];
  while (takeJoin(tokens, kind)) {
    const operand = parseOperand();
    if (operand === null) return null;
    operands.push(operand);
  }
  return operands.length === 1 ? first : { kind, operands };
}

function takeJoin(tokens: TokenStream, join: Junction['kind']): boolean {
  const token = tokens.current;
  if (token.kind !== 'name' || token.value.toLowerCase() !== join) return false;
  if (token.value !== join) {
    tokens.report({
      ...place('XPATH_OPERATOR_CASE', token),
      message: `'${token.text}' is not an operator: operators are lower case`,
      hint: `write '${join}'`,
    });
  }
  tokens.advance();
  return true;
}

function parseComparison(tokens: TokenStream): Expression | null {
  const start = tokens.current;
  const left = parseOperand(tokens);
  if (left === null || tokens.current.kind !== 'operator') return left;
  const operator = tokens.current;
  if (isSymbol(start, '(') || !isComparable(left)) {
    return tokens.report({
      ...place('XPATH_GROUP_COMPARED', operator),
      message: `what stands left of '${operator.text}' is a parenthesised expression`,
      hint: 'compare one element, attribute or function, without parentheses around it',
    });
  }
  tokens.advance();
  const right = parseConstant(tokens, operator);
  if (right === null) return null;
  return { kind: 'comparison', operator: operator.value as ComparisonOperator, left, right };
}

function isComparable(expression: Expression): expression is Comparison['left'] {
  return !['or', 'and', 'comparison'].includes(expression.kind);
}

function parseConstant(tokens: TokenStream, operator: Token): Constant | null {
  const { kind, value, offset } = tokens.current;
  if (kind !== 'literal' && kind !== 'number') {
    return tokens.report(refuseRightSide(tokens.current, operator));
  }
  tokens.advance();
  return { kind, text: value, offset };
}

function parseOperand(tokens: TokenStream): Expression | null {
  const token = tokens.current;
  if (isSymbol(token, '(')) return parseGroup(tokens);
  if (token.kind === 'name') {
    // An element called `or` could not be told from a condition that is missing.
    if (token.value === 'or' || token.value === 'and') {
      return tokens.report(refuseOperand(token, tokens.following));
    }
    if (isSymbol(tokens.following, '(') && token.text !== 'text') return parseFunction(tokens);
    return parsePath(tokens, parseExpression);
  }
  if (tokens.isAt('/')) {
    return tokens.report({
      ...place('XPATH_ABSOLUTE_PATH', token),
      message: "a path cannot begin with '/'",
      hint: "a query begins with '*' or 'Event'; paths inside it are relative",
    });
  }
  if (tokens.isAt('*') || tokens.isAt('@')) return parsePath(tokens, parseExpression);
  return tokens.report(refuseOperand(token, tokens.following));
}

function parseGroup(tokens: TokenStream): Expression | null {
  const opener = tokens.advance();
  const expression = tokens.nested(() => parseExpression(tokens));
  if (expression === null || !tokens.takeCloser(')', opener)) return null;
  return refuseStep(tokens) ? null : expression;
}

function parseFunction(tokens: TokenStream): Expression | null {
  const call = parseCall(tokens, () => parsePath(tokens, parseExpression));
  return call === null || refuseStep(tokens) ? null : call;
}

/** Reports a step or predicate that follows a group or function. */
function refuseStep(tokens: TokenStream): boolean {
  const token = tokens.current;
  if (!tokens.isAt('/') && !tokens.isAt('[') && !tokens.isAt('//')) return false;
  tokens.report({
    ...place('XPATH_STEP_AFTER_GROUP', token),
    message: `'${token.text}' cannot follow a parenthesis or a function`,
    hint: 'write the path without parentheses, as in System/Level',
  });
  return true;
}
