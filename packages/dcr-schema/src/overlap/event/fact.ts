/** What one condition of a query asks of one value of an event. */
import type { BandCall, Comparison, Path, TimeDifferenceCall } from '../../xpath/ast.ts';
import { buildCondition } from '../../xpath/condition/build-condition.ts';
import type { QueryCondition } from '../../xpath/condition/query-condition.ts';
import type { EventValue } from '../../xpath/event.ts';
import { readLiteral, type TypedLiteral } from '../../xpath/value/literal.ts';
import { type ExactNumber, readNumber } from '../../xpath/value/number-text.ts';
import { type Instant, readInstant } from '../../xpath/value/time-text.ts';

/** A condition on one value: a comparison, or one with a function of it. */
export type ValueExpression = Comparison | BandCall | TimeDifferenceCall;

export interface Fact {
  /** `nowMs`: epoch milliseconds, what `timediff` measures to. */
  test(value: EventValue, nowMs: number): boolean;
  /**
   * Texts of the only values that fulfil it, by what they mean: values that are equal have the
   * same key. `null`: they cannot be listed.
   */
  readonly listed: ReadonlyMap<string, string> | null;
  /** Constants it is compared with; a value that fulfils it is one of them or near one. */
  readonly literals: readonly TypedLiteral[];
  readonly masks: readonly bigint[];
  /** Comparisons that a test may take. */
  readonly size: number;
  readonly distances: readonly Distance[];
}

/** A number of milliseconds that `timediff` is compared with; `until` is `null` for now. */
interface Distance {
  readonly until: Instant | null;
  readonly ms: number;
}

/** The fact that any of these comparisons of one path holds. At least one. */
export function factOf(anyOf: readonly ValueExpression[]): Fact {
  const facts = anyOf.map(singleFact);
  const [first] = facts;
  if (first !== undefined && facts.length === 1) return first;
  const lists = facts.map(({ listed }) => listed);
  return {
    test: (value, nowMs) => facts.some((fact) => fact.test(value, nowMs)),
    listed: lists.every((list) => list !== null)
      ? new Map(lists.flatMap((list) => [...list]))
      : null,
    literals: facts.flatMap(({ literals }) => literals),
    masks: facts.flatMap(({ masks }) => masks),
    size: facts.length,
    distances: facts.flatMap(({ distances }) => distances),
  };
}

function singleFact(expression: ValueExpression): Fact {
  const test = testOf(buildCondition(withPath(expression, HERE), 'ignore'));
  const call = expression.kind === 'comparison' ? expression.left : expression;
  const literal = expression.kind === 'comparison' ? readLiteral(expression.right) : null;
  const isCompared = literal !== null && call.kind === 'path';
  return {
    test,
    listed: isCompared && expression.kind === 'comparison' ? listOf(expression, literal) : null,
    literals: isCompared ? [literal] : [],
    masks: call.kind === 'band' ? maskOf(call) : [],
    size: 1,
    distances: call.kind === 'timediff' ? [distanceOf(call, literal)] : [],
  };
}

/** A path of one step, in place of the one that was taken already. */
const HERE: Path = {
  kind: 'path',
  steps: [{ to: 'text', name: null, predicates: [], offset: 0 }],
  offset: 0,
};

function withPath(expression: ValueExpression, path: Path): ValueExpression {
  if (expression.kind !== 'comparison') return { ...expression, path };
  const { left } = expression;
  if (left.kind === 'path') return { ...expression, left: path };
  return left.kind === 'position' ? expression : { ...expression, left: { ...left, path } };
}

function testOf(condition: QueryCondition): Fact['test'] {
  switch (condition.kind) {
    case 'constant':
      return () => condition.holds;
    case 'not': {
      const test = testOf(condition.of);
      return (value, nowMs) => !test(value, nowMs);
    }
    case 'path':
      return condition.value?.test ?? (() => true);
    default:
      return () => false;
  }
}

function listOf({ operator }: Comparison, literal: TypedLiteral): Fact['listed'] {
  const key = operator === '=' ? keyOf(literal) : null;
  return key === null ? null : new Map([[key, literal.text]]);
}

/** `null` for a boolean, which equals numbers as well as texts. */
function keyOf({ text, number, time, identity }: TypedLiteral): string | null {
  if (number !== null) return `number ${number}`;
  if (time !== null) return `time ${time.epochMs} ${time.ticks}`;
  if (identity !== null) return `identity ${identity}`;
  return /^(?:true|false)$/i.test(text) ? null : `text ${text.toUpperCase()}`;
}

function maskOf({ mask }: BandCall): bigint[] {
  const number = readNumber(mask.text);
  return number === null || !isWhole(number) ? [] : [BigInt.asUintN(64, BigInt(number))];
}

function isWhole(number: ExactNumber): boolean {
  return typeof number === 'bigint' || Number.isSafeInteger(number);
}

function distanceOf({ until }: TimeDifferenceCall, literal: TypedLiteral | null): Distance {
  const ms = Number(literal?.number ?? 0);
  return { until: until === null ? null : readInstant(until.text), ms };
}
