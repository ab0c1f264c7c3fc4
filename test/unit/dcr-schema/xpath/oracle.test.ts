/**
 * Compiled queries against an XPath 1.0 engine. Paths, predicates, positions, existence and
 * junctions are the engine's own; what the dialect adds to XPath is rewritten to functions that
 * are defined here, as plainly as possible and without the code under test.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileEventQuery, parseEventQuery } from '@dcr-agent/schema';
import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import * as untypedXPath from 'xpath';
import { parseEvent } from '../../../support/event-xml.ts';

interface NodeSet {
  toArray(): readonly { readonly nodeValue: string | null; readonly textContent: string | null }[];
}

/** What the type declarations of the package leave out. */
const xpath = untypedXPath as unknown as {
  parse(expression: string): {
    evaluateBoolean(options: { node: unknown; functions: Record<string, unknown> }): boolean;
  };
};

const NOW = '2025-06-09T00:00:00.0000000Z';

/** The same expression in the dialect and for the engine. */
interface Twin {
  readonly query: string;
  readonly oracle: string;
}

const NAMES = ['A', 'Data'];
const VALUES = [
  ...['', '0', '1', '10', '-1', '007', '1.5', '0x3e7', '0x0', '9007199254740993', 'true', 'false'],
  ...['Anna', 'ANNA', 'x y ', 'S-1-5-18', 'S-1-5-19', '{0000000a-0000-0000-0000-000000000000}'],
  ...['2025-06-08T07:12:52.1635583Z', '2025-06-08T07:12:52.1635584Z', '2025-06-09T00:00:00.0Z'],
];
const LITERALS = [
  ...VALUES,
  ...['0X3E7', '999', '01', '2025-06-08', 'True', 's-1-5-18', 'anna', '9007199254740992'],
];
const NUMBERS = ['0', '1', '2', '3', '10', '-1', '7', '1.5', '999', '9007199254740992'];
const OPERATORS = ['=', '=', '!=', '!=', '!=', '<', '<=', '>', '>='];

function elementOf(depth: number): fc.Arbitrary<string> {
  const leaf = fc.constantFrom(...VALUES);
  const parent = () =>
    fc
      .array(elementOf(depth - 1), { minLength: 1, maxLength: 4 })
      .map((children) => children.join(''));
  return fc
    .tuple(fc.constantFrom(...NAMES), attributes(), depth === 0 ? leaf : fc.oneof(leaf, parent()))
    .map(([name, attrs, content]) => `<${name}${attrs}>${content}</${name}>`);
}

const event = fc
  .array(elementOf(2), { minLength: 1, maxLength: 4 })
  .map((children) => `<Event>${children.join('')}</Event>`);

function attributes(): fc.Arbitrary<string> {
  const attribute = (name: string) =>
    fc.option(fc.constantFrom(...VALUES), { nil: null }).map((value) => {
      return value === null ? '' : ` ${name}="${value}"`;
    });
  return fc.tuple(attribute('Name'), attribute('x')).map((parts) => parts.join(''));
}

function conditionOf(depth: number): fc.Arbitrary<Twin> {
  const path = pathOf(depth);
  const leaf = fc.oneof(
    path,
    compared(path),
    compared(path),
    banded(path),
    timed(path),
    positioned(),
  );
  if (depth === 0) return leaf;
  const junction = fc
    .tuple(conditionOf(depth - 1), conditionOf(depth - 1), fc.constantFrom(' or ', ' or ', ' and '))
    .map(([a, b, operator]) => join([grouped(a), b], operator));
  return fc.oneof(leaf, junction);
}

function pathOf(depth: number): fc.Arbitrary<Twin> {
  const ordinal = fc.nat(3).map((n) => same(`${n}`));
  const predicate = depth === 0 ? ordinal : fc.oneof(ordinal, conditionOf(depth - 1));
  const step = (names: readonly string[]) =>
    fc
      .tuple(fc.constantFrom(...names), fc.array(predicate, { maxLength: 2 }))
      .map(([name, inner]) => ({
        query: name + inner.map((p) => `[ ${p.query} ]`).join(''),
        oracle: name + inner.map((p) => `[${p.oracle}]`).join(''),
      }));
  const elements = fc.array(step([...NAMES, '*', 'child::Data', 'child::*']), { maxLength: 2 });
  const last = step(['@Name', '@*', 'attribute::x', 'text()', ...NAMES, ...NAMES, '*']);
  return fc.tuple(elements, last).map(([steps, end]) => join([...steps, end], '/'));
}

function compared(path: fc.Arbitrary<Twin>): fc.Arbitrary<Twin> {
  const constant = fc.oneof(
    fc.constantFrom(...LITERALS).map((text) => ({ written: `'${text}'`, kind: 'text', text })),
    fc.constantFrom(...NUMBERS).map((text) => ({ written: text, kind: 'number', text })),
  );
  return fc
    .tuple(path, fc.constantFrom(...OPERATORS), constant)
    .map(([left, operator, { written, kind, text }]) => ({
      query: `${left.query} ${operator} ${written}`,
      oracle: `compare(${left.oracle},'${operator}','${text}','${kind}')`,
    }));
}

function banded(path: fc.Arbitrary<Twin>): fc.Arbitrary<Twin> {
  const mask = fc.constantFrom('1', '2', '8', '9007199254740993', '-1', '-9223372036854775808');
  return fc.tuple(path, mask).map(([left, bits]) => ({
    query: `band(${left.query}, ${bits})`,
    oracle: `band(${left.oracle},'${bits}')`,
  }));
}

function timed(path: fc.Arbitrary<Twin>): fc.Arbitrary<Twin> {
  const until = fc.constantFrom('', '2025-06-08T07:12:52.1635583Z', '2025-06-08T08:00:00Z');
  const limit = fc.constantFrom('0', '-1', '2827836', '60427836', '60427837');
  return fc
    .tuple(path, until, fc.constantFrom(...OPERATORS), limit)
    .map(([left, time, operator, milliseconds]) => ({
      query: `timediff(${left.query}${time && `,'${time}'`}) ${operator} ${milliseconds}`,
      oracle: `timediff(${left.oracle},'${time || NOW}','${operator}','${milliseconds}')`,
    }));
}

function positioned(): fc.Arbitrary<Twin> {
  return fc
    .tuple(fc.constantFrom(...OPERATORS), fc.nat(3))
    .map(([operator, n]) => same(`position() ${operator} ${n}`));
}

function grouped(twin: Twin): Twin {
  return { query: `( ${twin.query} )`, oracle: `(${twin.oracle})` };
}

function join(twins: readonly Twin[], by: string): Twin {
  return {
    query: twins.map((twin) => twin.query).join(by),
    oracle: twins.map((twin) => twin.oracle).join(by),
  };
}

function same(expression: string): Twin {
  return { query: expression, oracle: expression };
}

const query: fc.Arbitrary<Twin> = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom('*', 'Event'), conditionOf(2)), {
      minLength: 1,
      maxLength: 2,
    }),
    fc.constantFrom(' or ', ' and '),
  )
  .map(([selectors, operator]) =>
    join(
      selectors.map(([start, { query, oracle }]) => ({
        query: `${start}[${query}]`,
        oracle: `${start}[${oracle}]`,
      })),
      operator,
    ),
  );

const functions = {
  compare: (_context: unknown, nodes: NodeSet, operator: unknown, text: unknown, kind: unknown) =>
    values(nodes).some((v) => naiveCompare(v, String(operator), String(text), String(kind))),
  band: (_context: unknown, nodes: NodeSet, mask: unknown) =>
    values(nodes).some((v) => {
      const bits = naiveNumber(v);
      if (bits === null || !bits.isWhole || BigInt.asIntN(65, bits.whole) !== bits.whole)
        return false;
      return (BigInt.asUintN(64, bits.whole) & BigInt.asUintN(64, BigInt(String(mask)))) !== 0n;
    }),
  timediff: (_context: unknown, nodes: NodeSet, until: unknown, operator: unknown, ms: unknown) =>
    values(nodes).some((v) => {
      const [from, to] = [naiveTicks(v), naiveTicks(String(until))];
      if (from === null || to === null) return false;
      const [distance, limit] = [to - from, BigInt(String(ms)) * 10_000n];
      const floored = distance - (((distance % 10_000n) + 10_000n) % 10_000n);
      return ordered(floored, limit, String(operator));
    }),
};

function values(nodes: NodeSet): string[] {
  return nodes.toArray().map((node) => node.nodeValue ?? node.textContent ?? '');
}

function naiveCompare(value: string, operator: string, constant: string, kind: string): boolean {
  const time = kind === 'text' ? naiveTime(constant) : null;
  if (time !== null) {
    const ticks = naiveTicks(value);
    return ticks !== null && ordered(ticks, time, operator);
  }
  if (operator !== '=' && operator !== '!=') {
    const [left, right] = [naiveNumber(value), naiveNumber(constant)];
    return left !== null && right !== null && ordered(left.exact, right.exact, operator);
  }
  return naiveEqual(value, constant, kind) === (operator === '=');
}

function naiveEqual(value: string, constant: string, kind: string): boolean {
  const [left, right] = [naiveNumber(value), naiveNumber(constant)];
  if (kind === 'text' && value.toLowerCase() === constant.toLowerCase()) return true;
  const isPrinted = /^(-?(0|[1-9]\d*)(\.\d*[1-9])?|0x(0|[1-9a-f][0-9a-f]*))$/.test(value);
  if (left !== null && right !== null) {
    return left.exact === right.exact && (kind === 'number' || isPrinted);
  }
  if (/^(true|false)$/.test(value) && right !== null) {
    return (value === 'true') === (right.exact !== 0n);
  }
  return false;
}

interface NaiveNumber {
  readonly isWhole: boolean;
  readonly whole: bigint;
  /** In units of 10^-40, so that every number used here is whole. */
  readonly exact: bigint;
}

function naiveNumber(text: string): NaiveNumber | null {
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) {
    return { isWhole: true, whole: BigInt(text), exact: BigInt(text) * 10n ** 40n };
  }
  const parts = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(text);
  if (parts === null || text.length > 40) return null;
  const [, minus, digits = '', fraction = ''] = parts;
  const sign = minus === '-' ? -1n : 1n;
  const exact = sign * BigInt(digits + fraction.padEnd(40, '0'));
  return { isWhole: !/[1-9]/.test(fraction), whole: sign * BigInt(digits), exact };
}

function naiveTicks(text: string): bigint | null {
  if (!/^[0-9]{1,20}$/.test(text)) return naiveTime(text);
  return BigInt(text) < 2n ** 64n ? BigInt(text) - 116_444_736_000_000_000n : null;
}

/** 100 ns since 1970. */
function naiveTime(text: string): bigint | null {
  const parts = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.(\d+))?Z)?$/.exec(text);
  if (parts === null) return null;
  const [, date, time = '00:00:00', fraction = ''] = parts;
  return BigInt(Date.parse(`${date}T${time}Z`)) * 10_000n + BigInt(fraction.padEnd(7, '0'));
}

function ordered<T extends number | bigint>(a: T, b: T, operator: string): boolean {
  const order = a < b ? -1 : a > b ? 1 : 0;
  const holding = { '=': [0], '!=': [-1, 1], '<': [-1], '<=': [-1, 0], '>': [1], '>=': [0, 1] };
  return holding[operator as keyof typeof holding].includes(order);
}

test('compiled queries agree with an XPath 1.0 engine', (t) => {
  let selected = 0;
  let compared = 0;
  fc.assert(
    fc.property(query, fc.array(event, { minLength: 3, maxLength: 3 }), (twin, events) => {
      const parsed = parseEventQuery(twin.query);
      assert.ok(parsed.query, `${twin.query}: ${JSON.stringify(parsed.diagnostics)}`);
      const predicate = compileEventQuery(parsed.query);
      const engine = xpath.parse(`boolean(${twin.oracle})`);
      for (const xml of events) {
        const node = new DOMParser().parseFromString(xml, 'text/xml');
        const expected = engine.evaluateBoolean({ node, functions });
        const actual = predicate(parseEvent(xml), Date.parse(NOW));
        assert.equal(actual, expected, `${twin.query}\n${twin.oracle}\n${xml}`);
        compared += 1;
        selected += expected ? 1 : 0;
      }
    }),
    { numRuns: 200 },
  );
  t.diagnostic(`${compared} pairs of query and event, ${selected} selected`);
  assert.ok(selected > compared / 50 && selected < compared, 'both answers must occur');
});
