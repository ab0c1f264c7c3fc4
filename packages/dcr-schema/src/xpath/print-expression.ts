/**
 * The tree of a query → its text, without the blanks and parentheses that mean nothing. Parsing
 * the text gives the same tree, but for its offsets.
 */
import type { Constant, Expression, FunctionCall, Path, Predicate, Step } from './ast.ts';

export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'or':
    case 'and':
      return expression.operands
        .map((operand) => printOperand(operand, expression.kind))
        .join(` ${expression.kind} `);
    case 'comparison': {
      const { left, operator, right } = expression;
      return `${printSide(left)}${operator}${printConstant(right)}`;
    }
    default:
      return printSide(expression);
  }
}

export function printPath(steps: readonly Step[]): string {
  return steps.map(printStep).join('/');
}

/** `and` binds tighter, and what was nested stays so. */
function printOperand(operand: Expression, junction: 'or' | 'and'): string {
  const text = printExpression(operand);
  const isClear = operand.kind === 'and' ? junction === 'or' : operand.kind !== 'or';
  return isClear ? text : `(${text})`;
}

function printSide(side: Path | FunctionCall): string {
  switch (side.kind) {
    case 'path':
      return printPath(side.steps);
    case 'position':
      return `${side.name}()`;
    case 'band':
      return `${side.name}(${printPath(side.path.steps)},${printConstant(side.mask)})`;
    case 'timediff': {
      const until = side.until === null ? '' : `,${printConstant(side.until)}`;
      return `${side.name}(${printPath(side.path.steps)}${until})`;
    }
  }
}

function printStep({ to, name, predicates }: Step): string {
  const test = to === 'text' ? 'text()' : `${to === 'attribute' ? '@' : ''}${name ?? '*'}`;
  return test + predicates.map((predicate) => `[${printPredicate(predicate)}]`).join('');
}

function printPredicate(predicate: Predicate): string {
  return predicate.kind === 'ordinal' ? `${predicate.position}` : printExpression(predicate);
}

/** There is no escape, so a text holds one kind of quote at most. */
function printConstant({ kind, text }: Constant): string {
  if (kind === 'number') return text;
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}
