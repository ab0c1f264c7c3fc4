/**
 * Expression text to syntax tree, by recursive descent:
 *
 *     expression := (text | number | name ('.' name)? '(' arguments? ')') step*
 *     step       := '.' '?'? name | '[' '?'? expression ']'
 *     arguments  := expression (',' expression)*
 *
 * One mistake gives one problem: the reading ends there. Nesting is bounded.
 */
import { nameOf, quote } from '../../../rule/text/show.ts';
import { TEMPLATE_LIMITS } from '../limits.ts';
import type { Expression, Step, SyntaxProblem } from './ast.ts';
import { createTokenReader, type Token } from './tokens.ts';

/** Parses a string that begins with `[` and ends with `]`. */
export function parseExpression(text: string): Expression | SyntaxProblem {
  return new ExpressionParser(text).parse();
}

class ExpressionParser {
  readonly #next: () => Token;
  #current: Token;
  #depth = 0;

  constructor(text: string) {
    this.#next = createTokenReader(text, 1, text.length - 1);
    this.#current = this.#next();
  }

  parse(): Expression | SyntaxProblem {
    const expression = this.#expression();
    if (expression.kind === 'problem' || this.#current.kind === 'end') return expression;
    return this.#problem('the end of the expression');
  }

  #expression(): Expression | SyntaxProblem {
    if (this.#depth >= TEMPLATE_LIMITS.expressionDepth) {
      const message = `an expression is nested deeper than ${TEMPLATE_LIMITS.expressionDepth} levels`;
      return { kind: 'problem', unit: this.#current.unit, message, isTooDeep: true };
    }
    this.#depth += 1;
    const of = this.#operand();
    const expression = of.kind === 'problem' ? of : this.#steps(of);
    this.#depth -= 1;
    return expression;
  }

  #operand(): Expression | SyntaxProblem {
    const token = this.#current;
    const { kind, value, unit } = token;
    if (kind === 'name') return this.#call();
    if (kind === 'number' && value.includes('.')) {
      const message = `the number ${value} has a fraction, which an expression cannot write`;
      return { kind: 'problem', unit, message, hint: `write json('${value}')` };
    }
    if (kind !== 'text' && kind !== 'number') return this.#problem('a value or a function');
    this.#advance();
    return { kind: 'literal', unit, value: kind === 'number' ? Number(value) : value };
  }

  #call(): Expression | SyntaxProblem {
    const first = this.#advance();
    const { unit } = first;
    let name = first.value;
    let namespace: string | undefined;
    if (this.#take('.')) {
      if (this.#current.kind !== 'name') return this.#problem('the name of a function');
      namespace = name;
      name = this.#advance().value;
    }
    if (!this.#isAt('(')) return this.#bareName(namespace ?? name, unit);
    this.#advance();
    const args = this.#arguments();
    if (!Array.isArray(args)) return args;
    return { kind: 'call', unit, name, args, ...(namespace !== undefined && { namespace }) };
  }

  #arguments(): Expression[] | SyntaxProblem {
    const args: Expression[] = [];
    if (this.#take(')')) return args;
    do {
      const argument = this.#expression();
      if (argument.kind === 'problem') return argument;
      args.push(argument);
    } while (this.#take(','));
    return this.#take(')') ? args : this.#problem("a comma or ')'");
  }

  #steps(of: Expression): Expression | SyntaxProblem {
    const steps: Step[] = [];
    while (this.#isAt('.') || this.#isAt('[')) {
      const step = this.#step();
      if ('kind' in step) return step;
      steps.push(step);
    }
    return steps.length === 0 ? of : { kind: 'access', unit: of.unit, of, steps };
  }

  #step(): Step | SyntaxProblem {
    const opener = this.#advance();
    const isOptional = this.#take('?');
    if (opener.value === '.') {
      const { kind, value, unit } = this.#current;
      if (kind !== 'name') return this.#problem('the name of a member');
      this.#advance();
      return { unit, key: { kind: 'literal', unit, value }, isOptional };
    }
    const key = this.#expression();
    if (key.kind === 'problem') return key;
    return this.#take(']') ? { unit: key.unit, key, isOptional } : this.#problem("']'");
  }

  #advance(): Token {
    const token = this.#current;
    this.#current = this.#next();
    return token;
  }

  #isAt(symbol: string): boolean {
    return this.#current.kind === 'symbol' && this.#current.value === symbol;
  }

  #take(symbol: string): boolean {
    if (!this.#isAt(symbol)) return false;
    this.#advance();
    return true;
  }

  #bareName(name: string, unit: number): SyntaxProblem {
    const isFunction = /^(true|false|null)$/i.test(name);
    return {
      kind: 'problem',
      unit,
      message: `${nameOf(name)} stands in an expression without parentheses`,
      hint: isFunction
        ? `write ${name.toLowerCase()}()`
        : `write '${name}' for a text; a string that is no expression begins with [[`,
    };
  }

  #problem(expected: string): SyntaxProblem {
    const { kind, value, unit } = this.#current;
    if (kind === 'broken' && value === "'") {
      return { kind: 'problem', unit, message: 'a text has no closing quote' };
    }
    const found = kind === 'end' ? 'the end of the expression' : quote(value);
    const message = `the expression goes on with ${found} where ${expected} is expected`;
    return {
      kind: 'problem',
      unit,
      message: kind === 'end' ? `the expression ends where ${expected} is expected` : message,
    };
  }
}
