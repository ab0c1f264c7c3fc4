import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EventValueType } from '@dcr-agent/schema';
import fc from 'fast-check';
import type {
  ComparisonOperator,
  Constant,
} from '../../../../../packages/dcr-schema/src/xpath/ast.ts';
import {
  compileComparison,
  type StringCase,
} from '../../../../../packages/dcr-schema/src/xpath/value/comparison.ts';
import {
  compileBooleanComparison,
  compileNumberComparison,
} from '../../../../../packages/dcr-schema/src/xpath/value/function-result.ts';
import { readLiteral } from '../../../../../packages/dcr-schema/src/xpath/value/literal.ts';

const OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const;

type Row = readonly [type: EventValueType, text: string, constant: string, holding: string];

/** Each value, a constant (bare, or in quotes), and the operators that hold, in order. */
const rows: readonly Row[] = [
  ['uint', '5', '5', '= <= >='],
  ['uint', '5', '6', '!= < <='],
  ['uint', '5', "'5'", '= <= >='],
  ['uint', '5', "'05'", '= <= >='],
  ['uint', '5', "'0x5'", '= <= >='],
  ['uint', '5', "'five'", '!='],
  ['uint', '5', "'true'", '!='],
  ['uint', '18446744073709551615', '18446744073709551614', '!= > >='],
  ['uint', '18446744073709551615', "'0xffffffffffffffff'", '= <= >='],
  ['int', '-5', '-4', '!= < <='],
  ['float', '1.5', '1.50', '= <= >='],
  ['hex', '0x3e7', "'0x003E7'", '= <= >='],
  ['hex', '0x3e7', '998', '!= > >='],
  ['hex', '0x0', "'0'", '= <= >='],
  ['boolean', 'true', "'TRUE'", '='],
  ['boolean', 'true', '1', '='],
  ['boolean', 'true', '0', '!='],
  ['boolean', 'false', "'0'", '='],
  ['boolean', 'false', "'false'", '='],
  ['boolean', 'false', "'x'", '!='],
  [
    'guid',
    '{00000000-0000-0000-0000-00000000000a}',
    "'{00000000-0000-0000-0000-00000000000A}'",
    '=',
  ],
  ['guid', '{00000000-0000-0000-0000-00000000000a}', "'x'", '!='],
  ['sid', 'S-1-5-18', "'S-1-05-18'", '='],
  ['sid', 'S-1-5-18', "'S-1-5-19'", '!='],
  ['string', '-', "'S-1-5-18'", '!='],
  ['time', '2025-06-08T07:12:52.1635583Z', "'2025-06-08T07:12:52.1635583Z'", '= <= >='],
  ['time', '2025-06-08T07:12:52.1635583Z', "'2025-06-08T07:12:52.163Z'", '!= > >='],
  ['time', '2025-06-08T07:12:52.1635583Z', "'2025-06-09'", '!= < <='],
  ['time', '2025-06-08T07:12:52.1635583Z', "'x'", '!='],
  ['time', '2025-06-08T07:12:52.1635583Z', '5', '!='],
  ['string', 'x', "'2025-06-09'", ''],
  ['string', '', "'2025-06-09'", ''],
  ['string', '133938403721635583', "'2025-06-08T07:12:52.1635583Z'", '= <= >='],
  ['binary', '00FF', "'00ff'", '='],
  ['binary', '00FF', "'ff'", '!='],
  ['string', 'Anna', "'ANNA'", '='],
  ['string', 'Anna', "'Ann'", '!='],
  ['string', 'Anna\0', "'Anna'", '='],
  ['string', 'Anna\0\0', "'Anna'", '='],
  ['string', 'Anna ', "'Anna'", '!='],
  ['string', '\0', "''", '='],
  ['string', '', "''", '='],
  ['string', '', '0', '!='],
  ['string', ' 5 ', '5', '= <= >='],
  ['string', '007', '7', '= <= >='],
  ['string', '007', "'7'", '!= <= >='],
  ['string', '7', "'007'", '= <= >='],
  ['string', '0x3e7', "'999'", '= <= >='],
  ['string', 'abc', '5', '!='],
  ['string', 'b', "'a'", '!='],
];

describe('operators that hold for', () => {
  for (const [type, text, constant, holding] of rows) {
    test(`${type} ${JSON.stringify(text)} and ${constant}`, () => {
      const held = OPERATORS.filter((operator) => holds(type, text, operator, constant));
      assert.equal(held.join(' '), holding);
    });
  }
});

test('with exact case, only texts are told apart by case', () => {
  assert.equal(holds('string', 'Anna', '=', "'anna'", 'exact'), false);
  assert.equal(holds('string', 'Anna', '!=', "'anna'", 'exact'), true);
  assert.equal(holds('binary', '00FF', '=', "'00ff'", 'exact'), true);
  assert.equal(holds('hex', '0xff', '=', "'0xFF'", 'exact'), true);
  assert.equal(holds('boolean', 'true', '=', "'True'", 'exact'), true);
  assert.equal(holds('sid', 'S-1-5-18', '=', "'s-1-5-18'", 'exact'), true);
});

test('a forwarded value compares as the stored value it was printed from', () => {
  const printed: fc.Arbitrary<readonly [EventValueType, string]> = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => ['uint', String(n)] as const),
    fc.nat(20).map((n) => ['uint', String(n)] as const),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => ['int', String(n)] as const),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => ['hex', `0x${n.toString(16)}`] as const),
    fc.nat(20).map((n) => ['hex', `0x${n.toString(16)}`] as const),
    fc.constantFrom('1.5', '-0.25', '1e+20', '1.5e-07', '3').map((t) => ['float', t] as const),
    fc.boolean().map((b) => ['boolean', String(b)] as const),
    fc.uuid().map((id) => ['guid', `{${id}}`] as const),
    fc.nat(20).map((n) => ['sid', `S-1-5-${n}`] as const),
    fc
      .date({ min: new Date('1990-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
      .map((d) => ['time', d.toISOString().replace('Z', '0000Z')] as const),
    fc
      .uint8Array({ maxLength: 3 })
      .map((b) => ['binary', Buffer.from(b).toString('hex').toUpperCase()] as const),
  );
  const variant = fc.constantFrom(
    (t: string) => `'${t}'`,
    (t: string) => `'${t.toUpperCase()}'`,
    (t: string) => `'${t.toLowerCase()}'`,
    (t: string) => (/^-?\d+$/.test(t) ? t : `'${t}'`),
    (t: string) => (/^(?:0x|\d)[\da-f]*$/.test(t) ? `'0x${BigInt(t).toString(16)}'` : `'${t}'`),
    (t: string) => (/^(?:0x|\d)[\da-f]*$/.test(t) ? BigInt(t).toString() : "'true'"),
    (t: string) => (/^\d+$/.test(t) ? `'0${t}'` : `'${t.slice(1)}'`),
    (t: string) => (/^\d+$/.test(t) ? `0${t}.0` : `'${t}Z'`),
    (t: string) => `'${t.slice(0, 10)}'`,
    () => '0',
    () => '1',
    () => "'false'",
    () => "'0x1'",
  );
  const operator = fc.constantFrom(...OPERATORS);
  fc.assert(
    fc.property(
      printed,
      printed,
      fc.boolean(),
      variant,
      operator,
      (value, other, isOther, vary, op) => {
        const [type, text] = value;
        const constant = vary((isOther ? other : value)[1]);
        const stored = holds(type, text, op, constant);
        assert.equal(
          holds('string', text, op, constant),
          stored,
          `${type} ${text} ${op} ${constant}`,
        );
        if (type === 'binary') return;
        const exact = holds(type, text, op, constant, 'exact');
        assert.equal(holds('string', text, op, constant, 'exact'), exact);
      },
    ),
    { numRuns: 3_000 },
  );
});

test('numbers that functions return are compared as numbers', () => {
  const held = (result: number, constant: string) =>
    OPERATORS.filter((op) =>
      compileNumberComparison(op, readLiteral(constantOf(constant)))(result),
    );
  assert.deepEqual(held(5, '5'), ['=', '<=', '>=']);
  assert.deepEqual(held(5, "'0x6'"), ['!=', '<', '<=']);
  assert.deepEqual(held(5, '4.5'), ['!=', '>', '>=']);
  assert.deepEqual(held(5, "'x'"), ['!=']);
});

test('the boolean of band is compared as a boolean, and ordered as 1 and 0', () => {
  const held = (result: boolean, constant: string) =>
    OPERATORS.filter((op) =>
      compileBooleanComparison(op, readLiteral(constantOf(constant)))(result),
    );
  assert.deepEqual(held(true, '1'), ['=', '<=', '>=']);
  assert.deepEqual(held(true, '2'), ['=', '<', '<=']);
  assert.deepEqual(held(false, '0'), ['=', '<=', '>=']);
  assert.deepEqual(held(false, "'true'"), ['!=']);
  assert.deepEqual(held(true, "'x'"), ['!=']);
});

function holds(
  type: EventValueType,
  text: string,
  operator: ComparisonOperator,
  constant: string,
  stringCase: StringCase = 'ignore',
): boolean {
  const literal = readLiteral(constantOf(constant));
  return compileComparison(operator, literal, stringCase)({ type, text });
}

function constantOf(written: string): Constant {
  const isQuoted = written.startsWith("'");
  const text = isQuoted ? written.slice(1, -1) : written;
  return { kind: isQuoted ? 'literal' : 'number', text, offset: 0 };
}
