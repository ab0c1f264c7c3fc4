import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Expression } from '../../../../packages/dcr-schema/src/xpath/ast.ts';
import { printExpression } from '../../../../packages/dcr-schema/src/xpath/print-expression.ts';
import { parseQuery } from '../../../../packages/dcr-schema/src/xpath/syntax/parser.ts';
import { TokenStream } from '../../../../packages/dcr-schema/src/xpath/syntax/token-stream.ts';

function parse(text: string): Expression {
  const expression = parseQuery(new TokenStream(text));
  assert.ok(expression !== null, text);
  return expression;
}

function withoutOffsets(expression: Expression): unknown {
  return JSON.parse(JSON.stringify(expression, (key, value) => (key === 'offset' ? 0 : value)));
}

const blank = fc.constantFrom('', '', ' ', '\n\t');
const name = fc.constantFrom('System', 'EventID', 'Data', 'text', 'band', 'or-else', 'Übung', '*');
const literal = fc
  .string({ maxLength: 6 })
  .map((text) => text.replaceAll('"', "'"))
  .map((text) => (text.includes("'") ? `"${text}"` : `'${text}'`));
const number = fc.constantFrom('0', '-1', '1.5', '1.', '9007199254740993');
const operator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=');

/** Expressions as an author may write them, with blanks and needless parentheses. */
const { expression } = fc.letrec<{ expression: string; condition: string; path: string }>(
  (tie) => ({
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('condition'),
      fc
        .array(tie('expression'), { minLength: 2, maxLength: 3 })
        .chain((operands) =>
          fc.constantFrom(' or ', ' and ').map((joined) => operands.join(joined)),
        ),
      fc.tuple(tie('expression'), blank).map(([inner, b]) => `(${b}${inner}${b})`),
    ),
    condition: fc.oneof(
      tie('path'),
      fc
        .tuple(tie('path'), blank, operator, blank, fc.oneof(literal, number))
        .map((parts) => parts.join('')),
      fc.tuple(tie('path'), blank).map(([path, b]) => `Band(${b}${path}${b},${b}-9)`),
      fc
        .tuple(tie('path'), fc.constantFrom('', ",'2025-06-08'"), operator)
        .map(([path, until, is]) => `timediff(${path}${until}) ${is} 5`),
      fc.constant('position() = 2'),
    ),
    path: fc
      .tuple(
        fc.array(fc.tuple(fc.constantFrom('', 'child::'), name), { minLength: 1, maxLength: 2 }),
        fc.array(fc.oneof({ maxDepth: 2 }, fc.constant('3'), tie('expression')), { maxLength: 2 }),
        fc.constantFrom('', '', '/@Name', '/attribute::*', '/text()'),
      )
      .map(([steps, predicates, end]) => {
        const brackets = predicates.map((predicate) => `[ ${predicate} ]`).join('');
        return steps.map((step) => step.join('')).join('/') + brackets + end;
      }),
  }),
);

test('a printed expression is read as the same tree', () => {
  fc.assert(
    fc.property(expression, (text) => {
      const tree = parse(text);
      const printed = printExpression(tree);
      assert.deepEqual(withoutOffsets(parse(printed)), withoutOffsets(tree));
    }),
    { numRuns: 500 },
  );
});

test('blanks and parentheses that mean nothing are left out, others stay', () => {
  for (const [written, printed] of [
    ['*[System[ (EventID = 1) or (Level<=2) ] ]', '*[System[EventID=1 or Level<=2]]'],
    ['a and (b or c)', 'a and (b or c)'],
    ['(a and b) or c', 'a and b or c'],
    ['(a and b) and c', '(a and b) and c'],
    [`Data[ 2 ] = "it's"`, `Data[2]="it's"`],
    ['attribute::Name = "x"', "@Name='x'"],
  ] as const) {
    assert.equal(printExpression(parse(written)), printed);
  }
});
