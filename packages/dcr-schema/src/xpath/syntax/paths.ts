/** Paths, their steps and predicates. */
import type { Expression, Path, Predicate, Step } from '../ast.ts';
import { STEPS_MAX } from '../limits.ts';
import { foreignSymbol, place, refuseOperand } from './refusals.ts';
import { isSymbol, type Token } from './token.ts';
import type { TokenStream } from './token-stream.ts';

/** Predicates hold expressions and expressions paths: the parser hands itself in. */
export type ParseExpression = (tokens: TokenStream) => Expression | null;

/** Parses a path, the current token being its first. */
export function parsePath(tokens: TokenStream, parseExpression: ParseExpression): Path | null {
  const { offset } = tokens.current;
  const steps: Step[] = [];
  do {
    const step = parseStep(tokens, parseExpression);
    if (step === null) return null;
    steps.push(step);
    if (steps.length > STEPS_MAX) return refuseDepth(tokens);
    if (tokens.isAt('/') && step.to !== 'element') {
      return tokens.report({
        ...place('XPATH_STEP_AFTER_LEAF', tokens.current),
        message: 'an attribute or text() has nothing below it',
        hint: "remove the '/' and what follows",
      });
    }
  } while (tokens.take('/'));
  return { kind: 'path', steps, offset };
}

function refuseDepth(tokens: TokenStream): null {
  return tokens.report({
    ...place('XPATH_NESTED_TOO_DEEPLY', tokens.current),
    message: `the path has more than ${STEPS_MAX} steps`,
    hint: 'no event is so deep',
  });
}

function parseStep(tokens: TokenStream, parseExpression: ParseExpression): Step | null {
  const { offset } = tokens.current;
  const axis = parseAxis(tokens);
  if (axis === null) return null;
  const test = parseNodeTest(tokens, axis);
  if (test === null) return null;
  const predicates: Predicate[] = [];
  while (tokens.isAt('[')) {
    const predicate = parsePredicate(tokens, parseExpression);
    if (predicate === null) return null;
    predicates.push(predicate);
  }
  return { ...test, predicates, offset };
}

function parseAxis(tokens: TokenStream): 'element' | 'attribute' | null {
  if (tokens.take('@')) return 'attribute';
  if (!isSymbol(tokens.following, '::')) return 'element';
  const name = tokens.current;
  if (name.text !== 'child' && name.text !== 'attribute') {
    return tokens.report({
      ...place('XPATH_UNSUPPORTED_AXIS', name),
      message: `the axis '${name.text}' is not supported`,
      hint: "only 'child' and 'attribute' are: queries go down from the event by names",
    });
  }
  tokens.advance();
  tokens.advance();
  return name.text === 'child' ? 'element' : 'attribute';
}

function parseNodeTest(
  tokens: TokenStream,
  axis: 'element' | 'attribute',
): Pick<Step, 'to' | 'name'> | null {
  const token = tokens.current;
  if (tokens.take('*')) return { to: axis, name: null };
  if (token.kind !== 'name') {
    return tokens.report(foreignSymbol(token) ?? refuseOperand(token, tokens.following));
  }
  if (isSymbol(tokens.following, '(')) return parseTextTest(tokens, axis);
  tokens.advance();
  if (tokens.isAt(':')) {
    return tokens.report(foreignSymbol(tokens.current)!);
  }
  return { to: axis, name: token.text };
}

function parseTextTest(
  tokens: TokenStream,
  axis: 'element' | 'attribute',
): Pick<Step, 'to' | 'name'> | null {
  const name = tokens.advance();
  const opener = tokens.advance();
  if (name.text === 'text' && axis === 'element') {
    return tokens.takeCloser(')', opener) ? { to: 'text', name: null } : null;
  }
  return tokens.report({
    ...place('XPATH_UNSUPPORTED_NODE_TEST', name),
    message: `'${name.text}()' cannot be a step here`,
    hint: "a step is a name, '*' or text()",
  });
}

function parsePredicate(tokens: TokenStream, parseExpression: ParseExpression): Predicate | null {
  const opener = tokens.advance();
  const token = tokens.current;
  if (token.kind === 'number' && isSymbol(tokens.following, ']')) {
    tokens.advance();
    tokens.advance();
    return parseOrdinal(tokens, token);
  }
  const predicate = tokens.nested(() => parseExpression(tokens));
  return predicate !== null && tokens.takeCloser(']', opener) ? predicate : null;
}

function parseOrdinal(tokens: TokenStream, number: Token): Predicate | null {
  if (/^[0-9]+$/.test(number.text)) {
    return { kind: 'ordinal', position: Number(number.text), offset: number.offset };
  }
  return tokens.report({
    ...place('XPATH_INVALID_POSITION', number),
    message: `${number.text} is not a position`,
    hint: 'positions are whole numbers and count from 1',
  });
}
